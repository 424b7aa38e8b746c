namespace Tarn.Benchmarks.Sql;

/// <summary>Aggregations over a table in one and in ten files, beside DuckDB over the very same files. Target: at most 1.10 times as long.</summary>
internal static class ScanBenchmark
{
    private const double Target = 1.10;

    // Enough for the runtime to have compiled the paths of a query for good.
    private const int WarmUps = 60;

    private static readonly (string Name, string Sql)[] s_queries =
    [
        ("sum of everything", "SELECT count(*), sum(quantity), sum(amount), avg(unit_price), max(discount) FROM {0}"),
        ("group by two columns", "SELECT region, category, count(*), sum(amount), avg(quantity) FROM {0} GROUP BY ALL ORDER BY ALL"),
        ("filter, group, top 10", "SELECT sku, sum(amount) AS revenue FROM {0} WHERE status = 'completed' AND order_date >= DATE '2025-03-01' GROUP BY sku ORDER BY revenue DESC LIMIT 10"),
        ("distinct customers by day", "SELECT order_date, count(DISTINCT customer_id) FROM {0} GROUP BY order_date ORDER BY order_date"),
    ];

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
            foreach (var (table, files) in new[] { ("one", 1), ("ten", 10) })
            {
                for (int i = 0; i < WarmUps; i++)
                    await lake.RunAsync($"SELECT count(*) FROM bench.{table} WHERE order_date < DATE '1970-01-01'").ConfigureAwait(false);
                foreach (var (name, sql) in s_queries)
                {
                    var times = await Pairs.MeasureAsync(
                        pairs, () => lake.RunAsync(Of(sql, $"bench.{table}")), () => Task.Run(() => lake.RunRaw(Of(sql, table)))).ConfigureAwait(false);
                    report.Line($"| {files} | {name} | {times.TarnMedian:0.0} | {times.RawMedian:0.0} | {times.Ratio:0.000} | {times.CpuMedian.Tarn:0.0} | {times.CpuMedian.Raw:0.0} | {times.CpuRatio:0.000} | {pairs} | {(times.Ratio <= Target ? "yes" : "no")} |");
                }
            }

            report.Line();
            await report.EnvironmentAsync().ConfigureAwait(false);
            await report.WriteAsync(output).ConfigureAwait(false);
        }
    }

    private static string Of(string sql, string table) => sql.Replace("{0}", table, StringComparison.Ordinal);

    private static async Task MakeTablesAsync(BenchLake lake, long rows)
    {
        string csv = await SalesTable.CsvAsync(lake.Folder, rows).ConfigureAwait(false);
        await SalesTable.IngestAsync(lake, csv, "one").ConfigureAwait(false);
        File.Delete(csv);
        await lake.RunAsync("CREATE TABLE bench.ten AS SELECT * FROM bench.one WHERE order_id % 10 = 0").ConfigureAwait(false);
        for (int part = 1; part < 10; part++)
            await lake.RunAsync($"INSERT INTO bench.ten SELECT * FROM bench.one WHERE order_id % 10 = {part}").ConfigureAwait(false);
        foreach (string table in new[] { "one", "ten" })
            await lake.ShareAsync("bench", table, table).ConfigureAwait(false);
    }
}
