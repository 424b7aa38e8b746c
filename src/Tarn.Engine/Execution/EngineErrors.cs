using System.Globalization;
using System.Text.RegularExpressions;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Planning;
using Tarn.Engine.Sql.Queries;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Execution;

/// <summary>Turns errors of the engine into errors about the text that the user wrote.</summary>
internal static partial class EngineErrors
{
    private const string Excerpt = "\n\nLINE ";

    /// <summary>The error with the user's line and column, and without names that only exist inside.</summary>
    /// <param name="error">The engine's error.</param>
    /// <param name="bound">The query that the engine was given.</param>
    /// <param name="query">The same as the user wrote it.</param>
    /// <param name="prefixLength">Characters before the query in the engine's statement.</param>
    public static TarnException Translate(DuckDbException error, BoundQuery bound, QueryText query, int prefixLength = 0)
    {
        if (error.Type == DuckDbErrorType.MissingExtension)
            return OfExtension(error);
        string message = FirstParagraph(error.Message);
        // The engine would suggest tables of its own.
        if (MissingTable().Match(message) is { Success: true, Groups: [_, { Value: var name }] } && bound.Missing.TryGetValue(name, out var describe))
            return new MissingNameException(name, describe, PlaceOf(error, bound, prefixLength) is { } place ? text => query.ErrorAt(place, text) : null, error);
        if (error.Type is not (DuckDbErrorType.Parser or DuckDbErrorType.Syntax or DuckDbErrorType.Binder or DuckDbErrorType.Catalog))
            return Failure(error, message, bound, query, prefixLength);
        return PlaceOf(error, bound, prefixLength) is { } offset ? query.ErrorAt(offset, message) : new TarnException(error.Kind, message, error);
    }

    /// <summary>The error of writing rows, with the column in which it lies.</summary>
    /// <param name="error">The engine's error.</param>
    /// <param name="columns">Columns of the table, in order.</param>
    public static TarnException OfWriting(DuckDbException error, IReadOnlyList<NestedField> columns) => SourceColumn().Match(error.Message) is { Success: true } column
        ? new TarnException(error.Kind, SourceColumn().Replace(FirstParagraph(error.Message), $" for column '{columns[int.Parse(column.Groups[1].ValueSpan, CultureInfo.InvariantCulture)].Name}'"), error)
        : error.Kind == ErrorKind.InvalidRequest && error.Message.Contains(Excerpt, StringComparison.Ordinal) ? new TarnException(error.Kind, FirstParagraph(error.Message), error) : error;

    // The engine's way out, to install extensions, is none here.
    private static TarnException OfExtension(DuckDbException error) => new(
        ErrorKind.Unsupported,
        FileElsewhere().Match(error.Message) is { Success: true, Groups: [_, { Value: var file }, ..] }
            ? $"'{file}' is no file of this machine, and SQL reads and writes those alone beside tables. {(file.StartsWith("s3://", StringComparison.Ordinal) ? $"Copy it: 'tarn s3 cp' copies between s3:// and here." : "Copy it here first.")}"
            : $"{KindPrefix().Replace(error.Message.Split('\n')[0], "").TrimEnd('.')}. Tarn's engine loads no extensions: SHOW FUNCTIONS lists what it has.",
        error);

    // A statement that fails while it runs: the engine shows a piece of the text that it was given, in which the files of tables stand.
    private static TarnException Failure(DuckDbException error, string message, BoundQuery bound, QueryText query, int prefixLength)
    {
        if (!error.Message.Contains(Excerpt, StringComparison.Ordinal))
            return error;
        return error.Kind == ErrorKind.InvalidRequest && PlaceOf(error, bound, prefixLength) is { } offset ? query.ErrorAt(offset, message) : new TarnException(error.Kind, message, error);
    }

    // Behind the query stand the target and its options, which the user wrote elsewhere.
    private static int? PlaceOf(DuckDbException error, BoundQuery bound, int prefixLength) =>
        error.Position is { } position && position.Offset >= prefixLength && position.Offset - prefixLength <= bound.Sql.Length ? bound.OriginalOffset(position.Offset - prefixLength) : null;

    private static string FirstParagraph(string message)
    {
        int line = message.IndexOf(Excerpt, StringComparison.Ordinal);
        string text = line < 0 ? message : message[..line];
        text = KindPrefix().Replace(text, "");
        text = ValueCount().Replace(text, "$1 values are needed here, one for each column, but $2 are given. To give some columns only, list them: INSERT INTO table (a, b) …");
        return InternalNames().Replace(text, "");
    }

    [GeneratedRegex("^Missing Extension Error: File (.+?://.+) requires the extension")]
    private static partial Regex FileElsewhere();

    [GeneratedRegex("^(Binder|Parser|Catalog|Syntax|Missing Extension) Error: ")]
    private static partial Regex KindPrefix();

    [GeneratedRegex("^Table with name (.+) does not exist!")]
    private static partial Regex MissingTable();

    [GeneratedRegex("^table __tarn_values has ([0-9]+) columns but ([0-9]+) values were supplied")]
    private static partial Regex ValueCount();

    [GeneratedRegex(" when casting from source column __tarn_s([0-9]+)")]
    private static partial Regex SourceColumn();

    [GeneratedRegex("__tarn_(scan|view|c)_?[0-9_]*\\.?")]
    private static partial Regex InternalNames();
}
