using System.Diagnostics;

namespace Tarn.Benchmarks.Sql;

/// <summary>A small GROUP BY in a warm process, and as the whole process <c>tarn sql -c</c>. Targets: 10 ms at the 95th percentile, 0.7 s.</summary>
internal static class SmallQueryBenchmark
{
    private const int Rows = 50_000;
    private const int ProcessRuns = 9;
    private const double WarmTarget = 10, ProcessTarget = 700;
    private const string Select = "SELECT region, count(*) AS orders, sum(amount) AS revenue FROM {0} GROUP BY region ORDER BY revenue DESC";

    /// <summary>Measures.</summary>
    /// <param name="runs">Runs in the warm process.</param>
    /// <param name="program">The executable <c>tarn</c>, or null to leave the whole process out.</param>
    /// <param name="output">File for the report, or null.</param>
    public static async Task RunAsync(int runs, string? program, string? output)
    {
        var lake = BenchLake.Open();
        await using (lake.ConfigureAwait(false))
        {
            await SalesTable.IngestAsync(lake, await SalesTable.CsvAsync(lake.Folder, Rows).ConfigureAwait(false), "small").ConfigureAwait(false);
            await lake.ShareAsync("bench", "small", "small").ConfigureAwait(false);
            string tarnSql = Select.Replace("{0}", "bench.small", StringComparison.Ordinal), rawSql = Select.Replace("{0}", "small", StringComparison.Ordinal);
            for (int i = 0; i < 50; i++)
                await lake.RunAsync(tarnSql).ConfigureAwait(false);
            var times = await Pairs.MeasureAsync(runs, () => lake.RunAsync(tarnSql), () => Task.Run(() => lake.RunRaw(rawSql))).ConfigureAwait(false);
            var report = new Report("A small query", $"small {runs} [TARN_EXECUTABLE]");
            report.Line($"`{tarnSql}` over {Rows} rows in one file; {runs} runs in a warm process, {ProcessRuns} runs as a whole process. Targets: at most {WarmTarget} ms at the 95th percentile, less than {ProcessTarget} ms as a whole process.");
            report.Line();
            report.Line("| what | median ms | p95 ms | target met |");
            report.Line("|---|---|---|---|");
            double p95 = Pairs.Percentile(times.Tarn, 0.95);
            report.Line($"| Tarn, warm process | {times.TarnMedian:0.0} | {p95:0.0} | {(p95 <= WarmTarget ? "yes" : "no")} |");
            report.Line($"| DuckDB on the same file, warm process | {times.RawMedian:0.0} | {Pairs.Percentile(times.Raw, 0.95):0.0} | |");
            if (program is not null)
                await WholeProcessAsync(report, program, lake.LakeFolder, tarnSql).ConfigureAwait(false);
            report.Line();
            await report.EnvironmentAsync().ConfigureAwait(false);
            await report.WriteAsync(output).ConfigureAwait(false);
        }
    }

    private static async Task WholeProcessAsync(Report report, string program, string data, string sql)
    {
        var times = new List<double>();
        for (int run = 0; run <= ProcessRuns; run++)
            times.Add(await Pairs.TimeAsync(() => ProcessAsync(program, ["sql", "--data", data, "-c", sql])).ConfigureAwait(false));
        times.RemoveAt(0);
        double median = Pairs.Percentile(times, 0.5);
        report.Line($"| `tarn sql -c`, whole process | {median:0} | {Pairs.Percentile(times, 0.95):0} | {(median < ProcessTarget ? "yes" : "no")} |");
    }

    private static async Task ProcessAsync(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
