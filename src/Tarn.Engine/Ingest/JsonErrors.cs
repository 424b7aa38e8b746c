using System.Text.RegularExpressions;
using Tarn.Core.Errors;
using Tarn.DuckDb;

namespace Tarn.Engine.Ingest;

/// <summary>Says in the user's words what the engine found wrong while it read JSON.</summary>
internal static partial class JsonErrors
{
    /// <summary>The error with file and element, as far as the engine told them.</summary>
    public static TarnException Translate(DuckDbException error, SourceFile file)
    {
        string message = error.Message.Split('\n')[0];
        string place = Element().Match(message) is { Success: true } element ? $"File '{file.Name}', {(file.Format == SourceFormat.Json ? "element" : "record")} {element.Groups[1].Value}" : $"File '{file.Name}'";
        if (RepeatedKey().Match(message) is { Success: true } key)
            return TarnException.Invalid($"{place}: the key '{key.Groups[1].Value}' stands twice in one object, and only one value can be kept. Keep one of them.", error);
        if (message.Contains("max_expression_depth", StringComparison.Ordinal))
            return TarnException.Invalid($"{place}: values are nested too deeply to become columns. Flatten them, or put the inner value into quotes, as text.", error);
        if (message.Contains("unexpected end of data", StringComparison.Ordinal))
            return TarnException.Invalid($"{place}: the JSON ends before its brackets are closed. Copy the file again from where it came from, or close them.", error);
        if (message.Contains("UTF-16", StringComparison.Ordinal))
            return TarnException.Invalid($"{place}: the JSON is in UTF-16. Convert it to UTF-8, e.g. iconv -f UTF-16 -t UTF-8.", error);
        string reason = Reason().Match(message) is { Success: true } said ? said.Groups[1].Value.Trim() : message;
        return TarnException.Invalid($"{place} does not read as JSON: {reason.TrimEnd('.')}. Mend it; one object a line (NDJSON) lets --on-error quarantine put broken ones aside.", error);
    }

    [GeneratedRegex("in record/value ([0-9]+):")]
    private static partial Regex Element();

    [GeneratedRegex("has duplicate key \"(.*?)\"$")]
    private static partial Regex RepeatedKey();

    [GeneratedRegex("in record/value [0-9]+: (.*)$")]
    private static partial Regex Reason();
}
