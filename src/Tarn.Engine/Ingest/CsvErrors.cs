using System.Text.RegularExpressions;
using Tarn.Core.Errors;
using Tarn.DuckDb;

namespace Tarn.Engine.Ingest;

/// <summary>Says in the user's words what the engine found wrong while it read a source.</summary>
internal static partial class CsvErrors
{
    /// <summary>True when reading failed because of bytes that are no UTF-8.</summary>
    public static bool IsEncoding(DuckDbException error) => error.Message.Contains("not utf-8 encoded", StringComparison.Ordinal);

    /// <summary>The error with file and line, as far as the engine told them.</summary>
    public static TarnException Translate(DuckDbException error, IReadOnlyList<SourceRelation> sources)
    {
        var named = sources.FirstOrDefault(s => error.Message.Contains(s.File.Path, StringComparison.Ordinal)) ?? (sources.Count == 1 ? sources[0] : null);
        if (named is { File.Format: SourceFormat.Json or SourceFormat.Ndjson })
            return JsonErrors.Translate(error, named.File);
        string place = named is null ? "A source file" : $"File '{named.File.Name}'";
        if (Line().Match(error.Message) is { Success: true } line)
            place += $", line {line.Groups[1].Value}";
        if (Counts().Match(error.Message) is { Success: true } counts)
            return TarnException.Invalid($"{place}: {counts.Groups[2].Value} values where {counts.Groups[1].Value} are expected. Mend the line, or ingest with --on-error quarantine.", error);
        if (error.Message.Contains("unterminated quote", StringComparison.Ordinal))
            return TarnException.Invalid($"{place}: a quote is not closed. Mend the line, or ingest with --on-error quarantine.", error);
        return TarnException.Invalid($"{place} cannot be read: {First(error.Message)}", error);
    }

    private static string First(string message) =>
        message.Split('\n').FirstOrDefault(l => l.Length > 0 && !l.Contains("CSV Error on Line", StringComparison.Ordinal) && !l.StartsWith("Original Line", StringComparison.Ordinal)) ?? message;

    [GeneratedRegex("CSV Error on Line: ([0-9]+)")]
    private static partial Regex Line();

    [GeneratedRegex("Expected Number of Columns: ([0-9]+) Found: ([0-9]+)")]
    private static partial Regex Counts();
}
