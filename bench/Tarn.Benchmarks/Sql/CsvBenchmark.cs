namespace Tarn.Benchmarks.Sql;

/// <summary>CSV to a table, beside DuckDB's own CSV to Parquet. Target: at most 1.15 times as long.</summary>
internal static class CsvBenchmark
{
    private const double Target = 1.15;

    public static async Task RunAsync(long rows, int pairs, string? output)
    {
        var lake = BenchLake.Open();
        await using (lake.ConfigureAwait(false))
        {
            string csv = await SalesTable.CsvAsync(lake.Folder, rows).ConfigureAwait(false);
            string parquet = Path.Combine(lake.Folder, "raw.parquet");
            var times = await Pairs.MeasureAsync(
                pairs,
                () => FreshAsync(lake, csv),
                () => Task.Run(() => lake.Raw.Execute($"COPY (FROM read_csv('{csv}')) TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)"))).ConfigureAwait(false);
            var report = new Report("CSV to a table", $"csv {rows} {pairs}");
            report.Line($"{rows} rows of sales (16 columns, {new FileInfo(csv).Length / 1048576.0:0} MiB of CSV) into a new table, against `COPY (FROM read_csv(…)) TO … (FORMAT parquet, COMPRESSION zstd)` of DuckDB; {pairs} pairs. Target: ratio at most {Target}.");
            report.Line();
            report.Line("| rows | Tarn ms | DuckDB ms | ratio | Tarn cpu ms | DuckDB cpu ms | cpu ratio | target met |");
            report.Line("|---|---|---|---|---|---|---|---|");
            report.Line($"| {rows} | {times.TarnMedian:0} | {times.RawMedian:0} | {times.Ratio:0.000} | {times.CpuMedian.Tarn:0} | {times.CpuMedian.Raw:0} | {times.CpuRatio:0.000} | {(times.Ratio <= Target ? "yes" : "no")} |");
            report.Line();
            report.Line("cpu is processor time of the process, user and system, which does not depend on what else the machine does.");
            report.Line();
            await report.EnvironmentAsync().ConfigureAwait(false);
            await report.WriteAsync(output).ConfigureAwait(false);
        }
    }

    // Every round makes a table of its own, as DuckDB makes its file anew; the old one is dropped, which costs nothing worth measuring.
    private static async Task FreshAsync(BenchLake lake, string csv)
    {
        await lake.RunAsync("DROP TABLE IF EXISTS bench.sales").ConfigureAwait(false);
        await SalesTable.IngestAsync(lake, csv, "sales").ConfigureAwait(false);
    }
}
