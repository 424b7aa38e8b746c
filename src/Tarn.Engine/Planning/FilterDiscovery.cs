using System.Text.Json;
using Tarn.DuckDb;
using Tarn.Engine.Functions;
using Tarn.Engine.Types;
using Tarn.Iceberg.Expressions;

namespace Tarn.Engine.Planning;

/// <summary>
/// Finds the predicates that reach each table: the query is planned by the engine's optimizer over relations without rows and statistics, and
/// the filters that end up directly above a table are read off. So predicates count however they get there: through joins, views,
/// common table expressions and subqueries.
/// </summary>
internal sealed class FilterDiscovery(DuckDbConnection connection, RelationRegistry relations)
{
    /// <summary>The filter of each scan, in order; a scan without filter has the expression true.</summary>
    public IReadOnlyList<DiscoveredFilter> Find(BoundQuery query, IReadOnlyList<object?> parameters)
    {
        if (query.Scans.SelectMany(s => s.Schema.Fields).Any(f => f.Name.StartsWith("__tarn_", StringComparison.OrdinalIgnoreCase)))
            return [.. query.Scans.Select(_ => DiscoveredFilter.None)];
        var leases = new List<RelationLease>();
        try
        {
            string sql = query.With([.. query.Scans.Select(s => Stand(s, leases))]).Sql;
            var filters = PlanFilters.Of(Explain(sql, parameters), query.Scans);
            var ranges = parameters.Count == 0 && filters.Near.Any(t => t.Contains(" BETWEEN ", StringComparison.Ordinal)) ? RangeBounds.Find(connection, sql) : null;
            return [.. query.Scans.Select(s => Read(s, filters, ranges))];
        }
        catch (DuckDbException)
        {
            // The query is wrong, or of a kind that cannot be explained: running it will say so. Nothing is pruned.
            return [.. query.Scans.Select(_ => DiscoveredFilter.None)];
        }
        finally
        {
            foreach (var lease in leases)
                lease.Dispose();
        }
    }

    /// <summary>
    /// The condition as an expression that is true for exactly the rows for which the condition is, when it names columns of the one scan, compares them
    /// with constants and nothing else; else null.
    /// </summary>
    public Expression? Exact(BoundQuery query, string condition)
    {
        var scan = query.Scans[0];
        using var tree = ParseTree.Serialize($"SELECT 1 WHERE {condition}", connection);
        return tree.RootElement.GetProperty("error").GetBoolean()
            ? null
            : new FilterConverter(scan.Schema, scan.ColumnPrefix, byName: true).ConvertSelecting(tree.RootElement.GetProperty("statements")[0].GetProperty("node").GetProperty("where_clause"));
    }

    // Columns have names that no user gives, so that a name in a filter can only mean this column.
    private string Stand(ScanReference scan, List<RelationLease> leases)
    {
        var names = Relations.ColumnNames.Deduplicate([.. scan.Schema.Fields.Select(f => f.Name)]);
        var lease = relations.Add([.. scan.Schema.Fields.Select(f => ($"{scan.ColumnPrefix}{f.Id}", EngineType.ToDuckDb(f.Type)))], [], RecordCount(scan));
        leases.Add(lease);
        string columns = string.Join(", ", scan.Schema.Fields.Select((f, i) => $"{scan.ColumnPrefix}{f.Id} AS {EngineSql.Identifier(names[i])}"));
        return $"SELECT {columns} FROM {lease.Sql}";
    }

    private static long RecordCount(ScanReference scan) =>
        long.TryParse(scan.Scan.Snapshot?.Summary.GetValueOrDefault("total-records"), out long count) ? count : 1_000_000;

    private JsonElement Explain(string sql, IReadOnlyList<object?> parameters)
    {
        using var statement = connection.Prepare($"EXPLAIN (FORMAT json) {sql}");
        statement.BindAll([.. parameters.Take(statement.ParameterCount)]);
        using var result = statement.Query();
        using var document = EngineJson.Parse((string)result.Rows().Single()[1]!);
        return document.RootElement.Clone();
    }

    private DiscoveredFilter Read(ScanReference scan, PlanFilters filters, IReadOnlyDictionary<string, RangeEnds>? ranges)
    {
        string[] own = [.. filters.Near.Where(t => t.Contains(scan.ColumnPrefix, StringComparison.Ordinal))];
        var unused = new List<string>();
        var filter = own.Length == 0 ? Expression.True : Convert(scan, own, ranges, unused);
        unused.AddRange(filters.FarAbove(scan));
        return filter is Constant { Value: true } && unused.Count == 0 ? DiscoveredFilter.None : new DiscoveredFilter(filter, [.. unused.Select(filters.Readable)]);
    }

    private Expression Convert(ScanReference scan, string[] texts, IReadOnlyDictionary<string, RangeEnds>? ranges, List<string> unused)
    {
        var converter = new FilterConverter(scan.Schema, scan.ColumnPrefix, ranges: ranges);
        var filter = Expression.True;
        foreach (var (text, predicate) in texts.Zip(Predicates(texts)))
        {
            if (predicate is { } known && converter.Convert(known) is { } expression)
                filter = Expression.And(filter, expression);
            else
                unused.Add(text);
        }

        return filter;
    }

    // All in one round; one by one only when the engine does not read what it printed of some.
    private IReadOnlyList<JsonElement?> Predicates(IReadOnlyList<string> texts)
    {
        using var tree = ParseTree.Serialize($"SELECT {string.Join(", ", texts.Select(t => $"({t})"))}", connection);
        if (!tree.RootElement.GetProperty("error").GetBoolean() && tree.RootElement.GetProperty("statements")[0].GetProperty("node").GetProperty("select_list") is var list && list.GetArrayLength() == texts.Count)
            return [.. list.EnumerateArray().Select(e => (JsonElement?)e.Clone())];
        return texts.Count == 1 ? [null] : [.. texts.SelectMany(t => Predicates([t]))];
    }
}

/// <summary>What is known of the filter on a table.</summary>
/// <param name="Filter">Prunes files; true when nothing is known.</param>
/// <param name="Unused">Predicates that prune nothing, because they are not understood or do not speak of the table's own rows, for EXPLAIN.</param>
internal sealed record DiscoveredFilter(Expression Filter, IReadOnlyList<string> Unused)
{
    /// <summary>Nothing is known.</summary>
    public static DiscoveredFilter None { get; } = new(Expression.True, []);
}
