using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Expressions;

namespace Tarn.Engine.Execution;

/// <summary>EXPLAIN and EXPLAIN ANALYZE of a query: which files of each table are read and why, then the engine's plan.</summary>
internal static class Explain
{
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, ExplainStatement explain, CancellationToken cancellationToken)
    {
        if (explain.Statement is not QueryStatement query)
            throw TarnException.Unsupported("EXPLAIN is for queries; explain the query inside the statement.");
        using var planned = await context.Planner.PlanAsync(query.Query, context.Scope, context.Options.Parameters, cancellationToken, explain: true, run: explain.Analyze).ConfigureAwait(false);
        planned.Bound.RequireOneStatement();
        string plan = EnginePlan(context, planned.Bound.Sql, explain.Analyze, cancellationToken);
        // EXPLAIN ANALYZE repeats the statement; the user's words are shorter than those the engine ran.
        plan = plan.Replace(planned.Bound.Sql, query.Query.Original.Text, StringComparison.Ordinal);
        string[] lines = [.. planned.Scans.SelectMany(s => Describe(s, explain.Analyze, cancellationToken)), .. plan.TrimEnd().Split('\n')];
        return RowsResult.OfText("EXPLAIN", ["Query Plan"], lines.Select(l => new string?[] { l }));
    }

    private static IEnumerable<string> Describe(PlannedScan scan, bool analyze, CancellationToken cancellationToken) =>
        (scan.Reference.Table.Layout is null ? Iceberg(scan, analyze, cancellationToken) : Foreign(scan)).Concat(Filters(scan));

    private static IEnumerable<string> Iceberg(PlannedScan scan, bool analyze, CancellationToken cancellationToken)
    {
        var metrics = scan.Metrics;
        string version = scan.Reference.Scan.Snapshot is { } s ? string.Create(CultureInfo.InvariantCulture, $" at snapshot {s.SnapshotId}") : " (no snapshot)";
        yield return $"Table {scan.Reference.Table.Handle.Identifier}{version}";
        yield return string.Create(CultureInfo.InvariantCulture, $"  files: {metrics.FilesKept} of {metrics.FilesTotal} read, {metrics.RecordsKept} rows, {metrics.BytesKept} bytes");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  left out: {metrics.FilesInSkippedManifests} by manifest, {metrics.FilesSkippedByPartition} by partition, {metrics.FilesSkippedByMetrics} by column bounds");
        if (Deletes(scan) is { } deletes)
            yield return deletes;
        if (scan.CountedFiles > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"  counted: {scan.CountedFiles} files by their footers, without reading rows");
        if (scan.ComparedFiles > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"  to be read: {scan.ComparedFiles} files, whose rows are compared with equality deletes");
        if (analyze)
            yield return RowGroups(RowGroupCount.Of(scan, cancellationToken));
        yield return string.Create(CultureInfo.InvariantCulture, $"  manifests: {metrics.DataManifests - metrics.DataManifestsSkipped} of {metrics.DataManifests} read, {metrics.ManifestsFromCache} from memory, planned in {metrics.Duration.TotalMilliseconds:0.0} ms");
    }

    private static IEnumerable<string> Foreign(PlannedScan scan)
    {
        yield return $"Table {scan.Reference.Table.Handle.Identifier} (not Iceberg)";
        if (scan.Partitions is { } partitions)
            yield return string.Create(CultureInfo.InvariantCulture, $"  partitions: {partitions.Kept} of {partitions.All} read");
        yield return string.Create(CultureInfo.InvariantCulture, $"  files: {scan.Table.Files.Count} read, {scan.Table.Files.Sum(f => f.File.FileSizeInBytes)} bytes");
    }

    private static IEnumerable<string> Filters(PlannedScan scan)
    {
        yield return $"  pruned by: {(scan.Filter.Filter is Constant { Value: true } ? "nothing" : Named(scan))}";
        foreach (string unused in scan.Filter.Unused)
            yield return $"  prunes nothing: {unused}";
        foreach (string partly in scan.Filter.PartlyUsed)
            yield return $"  prunes in part: {partly}";
    }

    private static string? Deletes(PlannedScan scan)
    {
        var positions = scan.Table.Files.Where(f => f.Deleted is not null).Select(f => f.Deleted!.Count).ToArray();
        int equality = scan.Table.Equality.SelectMany(s => s.Deletes).DistinctBy(d => d.File.FilePath).Count(), concerned = scan.Table.Equality.SelectMany(s => s.DataFiles).Distinct().Count();
        return positions.Length + equality == 0 ? null : string.Create(
            CultureInfo.InvariantCulture, $"  deletes: {positions.Sum()} rows of {positions.Length} files by position{Found(scan.Table.EqualityAsPositions)}, {equality} equality delete files over {concerned} files");
    }

    private static string Found(int files) => files == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (equality deletes of {files} files among them)");

    private static string RowGroups(RowGroupCount count) =>
        string.Create(CultureInfo.InvariantCulture, $"  row groups: {count.Kept} of {count.Total} by statistics, {count.RecordsKept} rows");

    private static string Named(PlannedScan scan) => scan.Filter.Filter.Bind(scan.Reference.Schema, caseSensitive: true).ToString()!;

    private static string EnginePlan(StatementContext context, string sql, bool analyze, CancellationToken cancellationToken)
    {
        using var statement = context.Connection.Prepare($"EXPLAIN {(analyze ? "ANALYZE " : "")}{sql}", cancellationToken);
        statement.BindAll(context.Options.Parameters);
        using var result = statement.Query(cancellationToken);
        return string.Join('\n', result.Rows(cancellationToken).Select(r => (string)r[1]!));
    }
}
