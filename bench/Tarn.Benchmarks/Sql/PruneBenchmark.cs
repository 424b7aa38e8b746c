using System.Globalization;

namespace Tarn.Benchmarks.Sql;

/// <summary>
/// A filter on one day of a table of a thousand files, one for each day. Files opened are counted outside of Tarn: every data file but the
/// one of the day is taken away, so that opening any other fails. Target: one.
/// </summary>
internal static class PruneBenchmark
{
    private const int Days = 1000, RowsPerDay = 100;
    private const string Day = "2026-02-03";

    public static async Task RunAsync(string? output)
    {
        var lake = BenchLake.Open();
        await using (lake.ConfigureAwait(false))
        {
            await lake.RunAsync("CREATE SCHEMA bench").ConfigureAwait(false);
            await lake.RunAsync($"CREATE TABLE bench.days WITH (partitioning = ARRAY['day(ts)']) AS SELECT TIMESTAMP '2024-01-01' + to_days((i // {RowsPerDay})::INTEGER) + to_minutes(i % {RowsPerDay}) AS ts, i AS id, (i * 37) % 1000 AS amount FROM range({Days * RowsPerDay}) AS r(i)").ConfigureAwait(false);
            string sql = $"SELECT count(*), sum(amount) FROM bench.days WHERE ts >= TIMESTAMP '{Day}' AND ts < TIMESTAMP '{Day}' + INTERVAL 1 DAY";
            var explained = await lake.RowsAsync($"EXPLAIN {sql}").ConfigureAwait(false);
            var files = await lake.DataFilesAsync("bench", "days").ConfigureAwait(false);
            var (needed, rows) = await NeededAsync(lake, files, sql).ConfigureAwait(false);
            var times = new List<double>();
            for (int i = 0; i < 50; i++)
                times.Add(await Pairs.TimeAsync(() => lake.RunAsync(sql)).ConfigureAwait(false));
            var report = new Report("A filter on one day of a thousand files", "prune");
            report.Line($"`{sql}` over {files.Count} files, partitioned by day. Target: one file opened.");
            report.Line();
            report.Line($"- EXPLAIN says: `{explained.Select(r => ((string)r[0]!).Trim()).First(l => l.StartsWith("files:", StringComparison.Ordinal))}`");
            report.Line($"- Counted: with all other data files taken away the query still answered its {rows} rows, and with that one away too it failed. Files it opens: {needed}.");
            report.Line($"- It takes {Pairs.Percentile(times, 0.5):0.0} ms (median of {times.Count}, warm).");
            report.Line($"- Target met: {(needed == 1 ? "yes" : "no")}");
            report.Line();
            await report.EnvironmentAsync().ConfigureAwait(false);
            await report.WriteAsync(output).ConfigureAwait(false);
        }
    }

    // The rows of the day lie in the file whose partition folder is that day.
    private static async Task<(int Needed, long Rows)> NeededAsync(BenchLake lake, IReadOnlyList<string> files, string sql)
    {
        string[] ofDay = [.. files.Where(f => f.Contains(Day, StringComparison.Ordinal))];
        foreach (string other in files.Except(ofDay))
            File.Move(other, other + ".away");
        long rows = Convert.ToInt64((await lake.RowsAsync(sql).ConfigureAwait(false))[0][0], CultureInfo.InvariantCulture);
        int needed = 0;
        foreach (string file in ofDay)
        {
            File.Move(file, file + ".away");
            if (await FailsAsync(lake, sql).ConfigureAwait(false))
                needed++;
            File.Move(file + ".away", file);
        }

        foreach (string other in files.Except(ofDay))
            File.Move(other + ".away", other);
        return (needed, rows);
    }

    private static async Task<bool> FailsAsync(BenchLake lake, string sql)
    {
        try
        {
            await lake.RunAsync(sql).ConfigureAwait(false);
            return false;
        }
        catch (Core.Errors.TarnException)
        {
            return true;
        }
    }
}
