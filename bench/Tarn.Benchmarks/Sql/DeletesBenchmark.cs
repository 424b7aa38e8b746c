using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Testing.Deletes;

namespace Tarn.Benchmarks.Sql;

/// <summary>Aggregations over a table of which one row in a hundred is deleted, beside the same table without deletes. Target: at most 1.5 times as long.</summary>
internal static class DeletesBenchmark
{
    private const double Target = 1.5;

    // One row in this many is deleted.
    private const int OneOf = 100;

    private static IReadOnlyList<(string Name, string Sql)> Queries => [SalesTable.Count, .. SalesTable.Aggregations, SalesTable.WithKey];

    public static async Task RunAsync(long rows, int pairs, string? output)
    {
        var lake = BenchLake.Open();
        await using (lake.ConfigureAwait(false))
        {
            await MakeTablesAsync(lake, rows).ConfigureAwait(false);
            var report = new Report("Aggregations over tables with deleted rows", $"deletes {rows} {pairs}");
            report.Line($"{rows} rows of sales in ten files, of which one in {OneOf} is deleted, against the same table without deletes; {pairs} pairs each. Target: ratio at most {Target}.");
            report.Line();
            report.Line("| deletes | query | with ms | without ms | ratio | with CPU ms | without CPU ms | CPU ratio | pairs | target met |");
            report.Line("|---|---|---|---|---|---|---|---|---|---|");
            foreach (string table in new[] { "vectors", "positions", "equality" })
            {
                foreach (var (name, sql) in Queries)
                {
                    await SalesTable.WarmUpAsync(lake, SalesTable.Of(sql, $"bench.{table}")).ConfigureAwait(false);
                    var times = await Pairs.MeasureAsync(pairs, () => lake.RunAsync(SalesTable.Of(sql, $"bench.{table}")), () => lake.RunAsync(SalesTable.Of(sql, "bench.plain"))).ConfigureAwait(false);
                    report.Line($"| {table} | {name} | {times.TarnMedian:0.0} | {times.RawMedian:0.0} | {times.Ratio:0.000} | {times.CpuMedian.Tarn:0.0} | {times.CpuMedian.Raw:0.0} | {times.CpuRatio:0.000} | {pairs} | {(times.Ratio <= Target ? "yes" : "no")} |");
                }
            }

            await FirstReadAsync(lake, pairs, report).ConfigureAwait(false);
            report.Line();
            report.Line("A count reads footers and takes off deleted positions. Equality deletes compare the column order_id: the first read of a process compares every row, the second finds the positions, and from then on they are what a deletion vector is. *First read* is that of a new engine in a program that has run for a while, with nothing of the table in memory on either side; of what it adds, *the key read beside* is the part that reading the column order_id takes without any delete.");
            report.Line();
            await report.EnvironmentAsync().ConfigureAwait(false);
            await report.WriteAsync(output).ConfigureAwait(false);
        }
    }

    private static async Task FirstReadAsync(BenchLake lake, int pairs, Report report)
    {
        await WarmUpFirstReadsAsync(lake, SalesTable.Aggregations[0].Sql).ConfigureAwait(false);
        foreach (var (name, sql) in Queries)
            await FirstReadAsync(lake, pairs, report, $"equality, first read | {name}", SalesTable.Of(sql, "bench.equality"), SalesTable.Of(sql, "bench.plain")).ConfigureAwait(false);
        foreach (var (name, sql) in SalesTable.Aggregations)
            await FirstReadAsync(lake, pairs, report, $"none, but the key read beside | {name}", SalesTable.Of(WithKeyRead(sql), "bench.plain"), SalesTable.Of(sql, "bench.plain")).ConfigureAwait(false);
    }

    private static async Task FirstReadAsync(BenchLake lake, int pairs, Report report, string row, string with, string without)
    {
        var sessions = new Queue<ISqlSession>();
        for (int i = 0; i < 2 * (pairs + 1); i++)
            sessions.Enqueue(await OpenFreshAsync(lake).ConfigureAwait(false));
        var times = await Pairs.MeasureAsync(pairs, () => BenchLake.RunAsync(sessions.Dequeue(), with), () => BenchLake.RunAsync(sessions.Dequeue(), without)).ConfigureAwait(false);
        await lake.CloseFreshAsync().ConfigureAwait(false);
        report.Line($"| {row} | {times.TarnMedian:0.0} | {times.RawMedian:0.0} | {times.Ratio:0.000} | {times.CpuMedian.Tarn:0.0} | {times.CpuMedian.Raw:0.0} | {times.CpuRatio:0.000} | {pairs} | |");
    }

    // A new engine of a runtime that has compiled what it runs: each first read runs through much that no later one does.
    private static async Task WarmUpFirstReadsAsync(BenchLake lake, string sql)
    {
        for (int i = 0; i < SalesTable.WarmUps; i++)
        {
            foreach (string table in new[] { "bench.equality", "bench.plain" })
                await BenchLake.RunAsync(await OpenFreshAsync(lake).ConfigureAwait(false), SalesTable.Of(sql, table)).ConfigureAwait(false);
            await lake.CloseFreshAsync().ConfigureAwait(false);
        }
    }

    private static Task<ISqlSession> OpenFreshAsync(BenchLake lake) => lake.OpenFreshAsync("SELECT max(order_id) FROM bench.one WHERE quantity > 1");

    // What reading the key costs that the deletes compare, before any of them is looked for.
    private static string WithKeyRead(string sql) => sql.Replace(" FROM {0}", ", max(order_id) FROM {0}", StringComparison.Ordinal);

    private static async Task MakeTablesAsync(BenchLake lake, long rows)
    {
        await SalesTable.FillAsync(lake, rows, "one").ConfigureAwait(false);
        foreach (var (table, version) in new[] { ("plain", 2), ("vectors", 3), ("positions", 2), ("equality", 2) })
            await SalesTable.FillInPartsAsync(lake, "one", table, version).ConfigureAwait(false);
        await DeleteAsync(lake, "vectors").ConfigureAwait(false);
        await DeleteAsync(lake, "positions").ConfigureAwait(false);
        await DeleteAsync(lake, "equality").ConfigureAwait(false);
    }

    private static async Task DeleteAsync(BenchLake lake, string kind)
    {
        var identifier = TableIdentifier.Of("bench", kind);
        var writer = new WrittenDeletes(lake.Catalog, lake.Store, new Random(1));
        var table = (await lake.Catalog.LoadTableAsync(identifier).ConfigureAwait(false))!;
        var files = (await new ScanPlanner(lake.Store).PlanAsync(TableScan.Of(table.Metadata)).ConfigureAwait(false)).Tasks.Select(t => t.File).ToArray();
        var deletes = new List<DataFile>();
        if (kind == "equality")
        {
            int id = table.Metadata.CurrentSchema.FindField("order_id")!.Id;
            deletes.Add(await writer.EqualityAsync(
                table, $"SELECT order_id FROM read_parquet(['{await PathsAsync(lake, kind).ConfigureAwait(false)}']) WHERE order_id // 10 % {OneOf} = 7", new Dictionary<string, int> { ["order_id"] = id }, files.Sum(f => f.RecordCount) / OneOf, files[0]).ConfigureAwait(false));
        }

        foreach (var file in kind == "equality" ? [] : files)
        {
            deletes.Add(kind == "vectors"
                ? await writer.VectorAsync(table, [.. Positions(file)], file).ConfigureAwait(false)
                : await writer.PositionsAsync(table, $"SELECT '{file.FilePath}' AS file_path, i AS pos FROM range(0, {file.RecordCount}, {OneOf}) r(i)", Positions(file).Count(), file).ConfigureAwait(false));
        }

        await writer.CommitAsync(identifier, deletes).ConfigureAwait(false);
    }

    private static IEnumerable<long> Positions(DataFile file)
    {
        for (long position = 0; position < file.RecordCount; position += OneOf)
            yield return position;
    }

    private static async Task<string> PathsAsync(BenchLake lake, string table) =>
        string.Join("', '", await lake.DataFilesAsync("bench", table).ConfigureAwait(false));
}
