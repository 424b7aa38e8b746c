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
            bool hasRanges = query.Scans.SelectMany(filters.PlacesOf).SelectMany(texts => texts).Any(t => t.Contains(" BETWEEN ", StringComparison.Ordinal));
            // The plan is written down without values for parameters.
            var plan = parameters.Count == 0 && (hasRanges || filters.HasKeptBack) ? SerializedPlan.Of(connection, sql) : null;
            var ranges = hasRanges ? SerializedPlan.Read(plan, RangeBounds.Find) : null;
            var conditions = filters.HasKeptBack ? SerializedPlan.Read(plan, PlanConditions.Find) : null;
            return [.. query.Scans.Select(s => Read(s, filters, ranges, conditions))];
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
    /// An expression that is true for exactly the rows that the query gives, when it does nothing but select rows of the one table that it names by
    /// comparing their columns with constants; else null. It is read from the engine's plan, where names, types, casts and constants are settled.
    /// </summary>
    public Expression? Exact(BoundQuery query)
    {
        if (query.Scans is not [var scan])
            return null;
        var leases = new List<RelationLease>();
        try
        {
            var converter = new FilterConverter(scan.Schema, scan.ColumnPrefix);
            var plan = SerializedPlan.Of(connection, query.With([Stand(scan, leases)]).Sql);
            Expression?[]? parts = SerializedPlan.Read(plan, p => PlanConditions.Selecting(p)?.Select(converter.ConvertSelecting).ToArray());
            return parts is null || parts.Contains(null) ? null : Expression.And(parts.OfType<Expression>());
        }
        finally
        {
            leases.ForEach(l => l.Dispose());
        }
    }

    // Columns have names that no user gives, so that a name in a filter can only mean this column.
    private string Stand(ScanReference scan, List<RelationLease> leases)
    {
        var names = Relations.ColumnNames.Deduplicate([.. scan.Schema.Fields.Select(f => f.Name)]);
        var lease = relations.Add([.. scan.Schema.Fields.Select(f => ($"{scan.ColumnPrefix}{f.Id}", EngineType.ToDuckDb(f.Type)))], [], RecordCount(scan), RelationRegistry.NameOf(scan.Ordinal));
        leases.Add(lease);
        string columns = string.Join(", ", scan.Schema.Fields.Select((f, i) => $"{scan.ColumnPrefix}{f.Id} AS {EngineSql.Identifier(names[i])}"));
        return $"SELECT {columns} FROM {lease.Sql}";
    }

    private static long RecordCount(ScanReference scan) =>
        scan.Scan.Snapshot?.Count("total-records") ?? 1_000_000;

    private JsonElement Explain(string sql, IReadOnlyList<object?> parameters)
    {
        using var statement = connection.Prepare($"EXPLAIN (FORMAT json) {sql}");
        statement.BindAll([.. parameters.Take(statement.ParameterCount)]);
        using var result = statement.Query();
        using var document = EngineJson.Parse((string)result.Rows().Single()[1]!);
        return document.RootElement.Clone();
    }

    private DiscoveredFilter Read(ScanReference scan, PlanFilters filters, IReadOnlyDictionary<string, RangeEnds>? ranges, ILookup<string, JsonElement>? conditions)
    {
        var converter = new FilterConverter(scan.Schema, scan.ColumnPrefix, ranges: ranges);
        var unused = new List<string>();
        var places = filters.PlacesOf(scan);
        // A row is of use when any place that reads the table has use for it.
        var filter = places.Count == 0 ? Expression.True : Expression.Or(places.DistinctBy(texts => string.Join('\n', texts)).Select(texts => Convert(converter, texts, unused)).ToArray());
        // Which of several places a condition further up is about is not followed.
        Expression?[] kept = places.Count == 1 && conditions is not null ? [.. conditions[RelationRegistry.NameOf(scan.Ordinal)].Select(converter.Convert)] : [];
        filter = kept.OfType<Expression>().Aggregate(filter, Expression.And);
        var far = filters.FarAbove(scan).ToLookup(f => !f.IsAboutRows || kept.All(k => k is null) ? Use.None : kept.Contains(null) ? Use.Part : Use.Whole, f => filters.Readable(f.Text));
        return new DiscoveredFilter(filter, [.. unused.Distinct().Select(filters.Readable), .. far[Use.None]], [.. far[Use.Part]]);
    }

    private Expression Convert(FilterConverter converter, IReadOnlyList<string> texts, List<string> unused)
    {
        if (texts.Count == 0)
            return Expression.True;
        var filter = Expression.True;
        var predicates = Predicates(texts);
        // The engine prints conditions in lines, and so the pieces of a condition whose text breaks lines: what stands in such a piece is no condition.
        bool isBroken = predicates.Contains(null);
        foreach (var (text, predicate) in texts.Zip(predicates))
        {
            if (!isBroken && predicate is { } known && converter.Convert(known) is { } expression)
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

    private enum Use
    {
        None,
        Part,
        Whole,
    }
}

/// <summary>What is known of the filter on a table.</summary>
/// <param name="Filter">Prunes files; true when nothing is known.</param>
/// <param name="Unused">Predicates that prune nothing, because they are not understood or do not speak of the table's own rows, for EXPLAIN.</param>
/// <param name="PartlyUsed">Predicates of which parts prune nothing, for EXPLAIN.</param>
internal sealed record DiscoveredFilter(Expression Filter, IReadOnlyList<string> Unused, IReadOnlyList<string> PartlyUsed)
{
    /// <summary>Nothing is known.</summary>
    public static DiscoveredFilter None { get; } = new(Expression.True, [], []);
}
