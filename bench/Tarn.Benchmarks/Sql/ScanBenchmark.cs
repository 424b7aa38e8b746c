namespace Tarn.Benchmarks.Sql;

/// <summary>Aggregations over a table in one and in ten files, beside DuckDB over the very same files. Target: at most 1.10 times as long.</summary>
internal static class ScanBenchmark
{
    private const double Target = 1.10;

    public static async Task RunAsync(long rows, int pairs, string? output)
    {
        var lake = BenchLake.Open();
        await using (lake.ConfigureAwait(false))
        {
            await MakeTablesAsync(lake, rows).ConfigureAwait(false);
            var report = new Report("Aggregations over the files of a table", $"scan {rows} {pairs}");
            report.Line($"{rows} rows of sales in one file and in ten, against DuckDB's `read_parquet` of the very same files; {pairs} pairs each. Target: ratio at most {Target}.");
            report.Line();
            report.Line("| files | query | Tarn ms | DuckDB ms | ratio | Tarn CPU ms | DuckDB CPU ms | CPU ratio | pairs | target met |");
            report.Line("|---|---|---|---|---|---|---|---|---|---|");
            foreach (var (table, files) in new[] { ("one", 1), ("ten", SalesTable.Parts) })
            {
                foreach (var (name, sql) in SalesTable.Aggregations)
                {
                    await SalesTable.WarmUpAsync(lake, SalesTable.Of(sql, $"bench.{table}")).ConfigureAwait(false);
                    var times = await Pairs.MeasureAsync(
                        pairs, () => lake.RunAsync(SalesTable.Of(sql, $"bench.{table}")), () => Task.Run(() => lake.RunRaw(SalesTable.Of(sql, table)))).ConfigureAwait(false);
                    report.Line($"| {files} | {name} | {times.TarnMedian:0.0} | {times.RawMedian:0.0} | {times.Ratio:0.000} | {times.CpuMedian.Tarn:0.0} | {times.CpuMedian.Raw:0.0} | {times.CpuRatio:0.000} | {pairs} | {(times.Ratio <= Target ? "yes" : "no")} |");
                }
            }

            report.Line();
            await report.EnvironmentAsync().ConfigureAwait(false);
            await report.WriteAsync(output).ConfigureAwait(false);
        }
    }

    private static async Task MakeTablesAsync(BenchLake lake, long rows)
    {
        await SalesTable.FillAsync(lake, rows, "one").ConfigureAwait(false);
        await SalesTable.FillInPartsAsync(lake, "one", "ten", formatVersion: 2).ConfigureAwait(false);
        foreach (string table in new[] { "one", "ten" })
            await lake.ShareAsync("bench", table, table).ConfigureAwait(false);
    }
}
