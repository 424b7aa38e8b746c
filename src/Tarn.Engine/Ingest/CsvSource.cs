using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>Reads delimited text. Delimiter, quotes, header and types are found out by the engine; numbers with leading zeros stay text.</summary>
internal sealed class CsvSource(DuckDbConnection connection)
{
    /// <summary>Finds out what a file holds.</summary>
    /// <param name="file">The file.</param>
    /// <param name="allRows">Whether types are inferred from every row instead of the first twenty thousand.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public SourceRelation Open(SourceFile file, bool allRows, CancellationToken cancellationToken)
    {
        var dialect = Sniff(file, allRows, cancellationToken);
        var text = LeadingZeros(file, dialect, allRows, cancellationToken);
        var columns = dialect.Columns.Select(c => text.Contains(c.Name) ? c with { Type = "VARCHAR" } : c).ToArray();
        return new SourceRelation(file, FromSql(file, dialect with { Columns = columns }, ""), [.. columns.Select(c => new SourceColumn(c.Name, TypeOf(c.Type), EngineSql.Identifier(c.Name)))]);
    }

    /// <summary>The relation with other column types and further options, e.g. to keep rejected rows.</summary>
    public string Retype(SourceFile file, IReadOnlyDictionary<string, string> types, string options, CancellationToken cancellationToken)
    {
        var dialect = Sniff(file, allRows: false, cancellationToken);
        return FromSql(file, dialect with { Columns = [.. dialect.Columns.Select(c => c with { Type = types.GetValueOrDefault(c.Name, c.Type) })] }, options);
    }

    private CsvDialect Sniff(SourceFile file, bool allRows, CancellationToken cancellationToken)
    {
        string sql = string.Create(CultureInfo.InvariantCulture,
            $"SELECT Delimiter, Quote, Escape, SkipRows, HasHeader, Columns FROM sniff_csv({EngineSql.String(file.Path)}, sample_size = {(allRows ? -1 : 20_480)}, compression = '{file.Compression}', encoding = '{file.Encoding}')");
        try
        {
            using var result = connection.Query(sql, cancellationToken);
            object?[] row = result.Rows(cancellationToken).Single();
            var columns = ((object?[])row[5]!).Cast<KeyValuePair<string, object?>[]>().Select(c => new CsvColumn((string)c[0].Value!, (string)c[1].Value!)).ToArray();
            RefuseOneColumn(file, columns);
            return new CsvDialect((string)row[0]!, Character(row[1]), Character(row[2]), Convert.ToInt64(row[3], CultureInfo.InvariantCulture), (bool)row[4]!, columns);
        }
        catch (DuckDbException e)
        {
            throw TarnException.Invalid($"File '{file.Name}' does not read as delimited text: rows have different numbers of columns, or quotes do not close. Look at its first lines; --on-error quarantine puts bad rows aside.", e);
        }
    }

    // When rows are ragged no delimiter fits, and the engine takes each line for one column.
    private static void RefuseOneColumn(SourceFile file, IReadOnlyList<CsvColumn> columns)
    {
        if (columns is [var only] && only.Name.AsSpan().IndexOfAny(",;\t|") >= 0)
            throw TarnException.Invalid($"File '{file.Name}' has rows with different numbers of columns than its header '{only.Name}'. Mend those rows and try again.");
    }

    private HashSet<string> LeadingZeros(SourceFile file, CsvDialect dialect, bool allRows, CancellationToken cancellationToken)
    {
        var numbers = dialect.Columns.Where(c => c.Type is "BIGINT" or "DOUBLE" or "HUGEINT").ToArray();
        if (numbers.Length == 0)
            return [];
        var asText = dialect with { Columns = [.. dialect.Columns.Select(c => c with { Type = "VARCHAR" })] };
        string tests = string.Join(", ", numbers.Select(c => $"bool_or(regexp_matches({EngineSql.Identifier(c.Name)}, '^\\s*0[0-9]'))"));
        string rows = allRows ? "" : " LIMIT 20480";
        using var result = connection.Query($"SELECT {tests} FROM (SELECT * FROM {FromSql(file, asText, ", ignore_errors = true")}{rows})", cancellationToken);
        object?[] found = result.Rows(cancellationToken).Single();
        return [.. numbers.Where((_, i) => found[i] is true).Select(c => c.Name)];
    }

    private static string FromSql(SourceFile file, CsvDialect dialect, string options)
    {
        string columns = string.Join(", ", dialect.Columns.Select(c => $"{EngineSql.String(c.Name)}: {EngineSql.String(c.Type)}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"read_csv({EngineSql.String(file.Path)}, auto_detect = false, delim = {EngineSql.String(dialect.Delimiter)}, quote = {EngineSql.String(dialect.Quote)}, escape = {EngineSql.String(dialect.Escape)}, skip = {dialect.SkipRows}, header = {dialect.HasHeader}, compression = '{file.Compression}', encoding = '{file.Encoding}', columns = {{{columns}}}{options})");
    }

    private static string Character(object? value) => value is string and not "(empty)" ? (string)value : "";

    private static SimpleType TypeOf(string type) => type switch
    {
        "BOOLEAN" => SimpleType.Boolean,
        "BIGINT" => SimpleType.Long,
        "DOUBLE" => SimpleType.Double,
        "DATE" => SimpleType.Date,
        "TIME" => SimpleType.Time,
        "TIMESTAMP" => SimpleType.Timestamp,
        "TIMESTAMP WITH TIME ZONE" => SimpleType.TimestampTz,
        _ => SimpleType.String,
    };

    private sealed record CsvDialect(string Delimiter, string Quote, string Escape, long SkipRows, bool HasHeader, IReadOnlyList<CsvColumn> Columns);

    private sealed record CsvColumn(string Name, string Type);
}
