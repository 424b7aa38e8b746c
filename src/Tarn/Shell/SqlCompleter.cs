using System.Text.RegularExpressions;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;
using Tarn.Terminal.Editing;

namespace Tarn.Shell;

/// <summary>What Tab offers: tables where a table stands, columns of the tables that the statement names, keywords, files inside quotes.</summary>
internal sealed partial class SqlCompleter(LakeNames names, Func<string?> currentSchema)
{
    private static readonly string[] Keywords =
    [
        "ALTER TABLE", "AND", "AS", "BETWEEN", "BY", "CALL", "CASE", "CAST", "COUNT(*)", "CREATE OR REPLACE TABLE", "CREATE SCHEMA", "CREATE TABLE", "CREATE VIEW",
        "DELETE FROM", "DESC", "DESCRIBE", "DISTINCT", "DROP SCHEMA", "DROP TABLE", "DROP VIEW", "ELSE", "END", "EXCEPT", "EXECUTE", "EXISTS", "EXPLAIN", "EXPLAIN ANALYZE",
        "FOR TIMESTAMP AS OF", "FOR VERSION AS OF", "FROM", "FULL JOIN", "GROUP BY", "GROUP BY ALL", "HAVING", "IN", "INNER JOIN", "INSERT INTO", "INTERSECT", "IS NOT NULL", "IS NULL",
        "JOIN", "LEFT JOIN", "LIKE", "LIMIT", "NOT", "NULL", "OFFSET", "ON", "OR", "ORDER BY", "OVER", "PARTITION BY", "QUALIFY", "SELECT", "SET", "SHOW CATALOGS", "SHOW COLUMNS FROM",
        "SHOW CREATE TABLE", "SHOW SCHEMAS", "SHOW STATS FOR", "SHOW TABLES", "SUMMARIZE", "THEN", "TRUNCATE TABLE", "UNION ALL", "USE", "USING", "VALUES", "WHEN", "WHERE", "WITH",
        "avg", "coalesce", "count", "date_trunc", "max", "median", "min", "read_csv", "read_json", "read_parquet", "iceberg_table", "round", "sum",
    ];

    /// <summary>The candidates at a place of a text.</summary>
    public async Task<Completion> CompleteAsync(string text, int cursor, CancellationToken cancellationToken)
    {
        string before = text[..cursor];
        if (OpenQuote().Match(before) is { Success: true } quote)
            return Files(before, quote.Groups["path"].Index, "'");
        if (Path().Match(before) is { Success: true } file && before.StartsWith("\\i ", StringComparison.Ordinal))
            return Files(before, file.Index, "");
        var word = Word().Match(before);
        string typed = word.Value;
        var candidates = await CandidatesAsync(text, before[..word.Index], typed, cancellationToken);
        return new Completion(word.Index, [.. candidates.Where(c => c.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Distinct().Order(StringComparer.OrdinalIgnoreCase)]);
    }

    private async ValueTask<IEnumerable<string>> CandidatesAsync(string text, string before, string typed, CancellationToken cancellationToken)
    {
        var tables = await names.TablesAsync(cancellationToken);
        if (typed.StartsWith('\\'))
            return MetaCommands.All.Select(command => command.Typed.Split(' ')[0]);
        if (TablePlace().IsMatch(before))
            return TableCandidates(tables, await names.SchemasAsync(cancellationToken), typed);
        var columns = await ColumnCandidatesAsync(text, tables, typed, cancellationToken);
        return typed.Contains('.', StringComparison.Ordinal)
            ? columns.Concat(TableCandidates(tables, [], typed))
            : columns.Concat(Keywords.Select(keyword => InCaseOf(typed, keyword))).Concat(TableCandidates(tables, await names.SchemasAsync(cancellationToken), typed));
    }

    private IEnumerable<string> TableCandidates(IReadOnlyList<TableIdentifier> tables, IReadOnlyList<string> schemas, string typed)
    {
        bool qualified = typed.Contains('.', StringComparison.Ordinal);
        var unqualified = tables.Where(table => table.Namespace.ToString() == currentSchema()).Select(table => Quoted(table.Name));
        var full = tables.Select(table => string.Join('.', table.Namespace.Levels.Append(table.Name).Select(Quoted)));
        return qualified ? full : unqualified.Concat(schemas.Select(schema => schema + "."));
    }

    private async ValueTask<IEnumerable<string>> ColumnCandidatesAsync(string text, IReadOnlyList<TableIdentifier> tables, string typed, CancellationToken cancellationToken)
    {
        int dot = typed.LastIndexOf('.');
        var found = new List<string>();
        foreach (Match match in NamedTable().Matches(text))
        {
            string name = match.Groups["table"].Value;
            var table = tables.FirstOrDefault(t => t.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)
                || (t.Namespace.ToString() == currentSchema() && t.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
            string alias = match.Groups["alias"].Value;
            if (table is null || (dot >= 0 && typed[..dot] != alias && typed[..dot] != table.Name && typed[..dot] != name))
                continue;
            found.AddRange((await names.ColumnsAsync(table, cancellationToken)).Select(column => typed[..(dot + 1)] + Quoted(column)));
        }

        return found;
    }

    private static Completion Files(string before, int start, string closing)
    {
        string typed = before[start..];
        string folder = System.IO.Path.GetDirectoryName(typed) is { Length: > 0 } parent ? parent : typed.StartsWith('/') ? "/" : ".";
        if (!Directory.Exists(folder))
            return new Completion(start, []);
        string head = typed[..(typed.LastIndexOf('/') + 1)];
        var entries = new DirectoryInfo(folder).EnumerateFileSystemInfos()
            .Select(entry => head + entry.Name + (entry is DirectoryInfo ? "/" : closing))
            .Where(path => path.StartsWith(typed, StringComparison.Ordinal));
        return new Completion(start, [.. entries.Order(StringComparer.Ordinal)]);
    }

    private static string InCaseOf(string typed, string keyword) =>
        typed.Length > 0 && char.IsLower(typed[0]) ? keyword.ToLowerInvariant() : keyword;

    // Iceberg's names are stored as given; only simple ones need no quotes.
    private static string Quoted(string name) => Simple().IsMatch(name) && !SqlKeywords.IsReserved(name) ? name : SqlPrinter.QuoteIdentifier(name);

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{N}_]*$")]
    private static partial Regex Simple();

    [GeneratedRegex(@"[\\\p{L}\p{N}_.""$]*$")]
    private static partial Regex Word();

    [GeneratedRegex(@"\S*$")]
    private static partial Regex Path();

    [GeneratedRegex(@"^(?:[^']|'[^']*')*'(?<path>[^']*)$")]
    private static partial Regex OpenQuote();

    [GeneratedRegex(@"(\b(FROM|JOIN|INTO|TABLE|UPDATE|DESCRIBE|VIEW|USE|FOR|STATS FOR)\s+|\\d\s+|\bFROM\s+[\w."" ]+,\s*)$", RegexOptions.IgnoreCase)]
    private static partial Regex TablePlace();

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|,)\s+(?:iceberg\.)?(?<table>[\w.]+)(?:\s+(?:AS\s+)?(?!WHERE\b|JOIN\b|ON\b|GROUP\b|ORDER\b|LIMIT\b|LEFT\b|INNER\b|CROSS\b|SET\b|FOR\b)(?<alias>\w+))?", RegexOptions.IgnoreCase)]
    private static partial Regex NamedTable();
}
