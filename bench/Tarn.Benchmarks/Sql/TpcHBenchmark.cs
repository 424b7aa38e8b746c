using Tarn.Testing.TpcH;

namespace Tarn.Benchmarks.Sql;

/// <summary>
/// TPC-H: the answers of all 22 queries, and their times beside DuckDB over the very same files. Target: the sum of the medians is at most
/// 1.15 times DuckDB's.
/// </summary>
internal static class TpcHBenchmark
{
    private const double Target = 1.15;

    /// <summary>Measures.</summary>
    /// <param name="data">Folder with the eight tables as Parquet files.</param>
    /// <param name="queries">Folder with the queries, <c>q01.sql</c> to <c>q22.sql</c>.</param>
    /// <param name="answers">Folder with the answers of this scale, <c>q01.csv</c> to <c>q22.csv</c>, values separated by <c>|</c>.</param>
    /// <param name="pairs">Pairs of runs of each query; 0 checks answers only.</param>
    /// <param name="output">File for the report, or null.</param>
    public static async Task RunAsync(string data, string queries, string answers, int pairs, string? output)
    {
        var lake = BenchLake.Open();
        await using (lake.ConfigureAwait(false))
        {
            await MakeTablesAsync(lake, data).ConfigureAwait(false);
            var report = new Report($"TPC-H, {Path.GetFileName(answers)}", $"tpch DATA_FOLDER QUERIES_FOLDER ANSWERS_FOLDER {pairs}");
            report.Line($"The 22 queries with the validation parameters over tables made with CREATE TABLE AS, against DuckDB's `read_parquet` of the very same files; {pairs} pairs each. Target: the sum of the medians is at most {Target} times DuckDB's, all answers right.");
            report.Line();
            report.Line("| query | answer | Tarn ms | DuckDB ms | ratio |");
            report.Line("|---|---|---|---|---|");
            double tarn = 0, raw = 0;
            int wrong = 0;
            foreach (string file in Directory.EnumerateFiles(queries, "*.sql").Order(StringComparer.Ordinal))
            {
                string name = Path.GetFileNameWithoutExtension(file);
                string sql = (await File.ReadAllTextAsync(file).ConfigureAwait(false)).TrimEnd().TrimEnd(';');
                string? difference = await TpcHAnswer.DifferenceAsync(lake.Session, sql, Path.Combine(answers, name + ".csv")).ConfigureAwait(false);
                wrong += difference is null ? 0 : 1;
                var times = await MeasureAsync(lake, sql, pairs).ConfigureAwait(false);
                (tarn, raw) = (tarn + times.Tarn, raw + times.Raw);
                report.Line($"| {name} | {difference ?? "right"} | {times.Tarn:0.0} | {times.Raw:0.0} | {times.Ratio:0.000} |");
            }

            report.Line($"| sum | {wrong} wrong | {tarn:0} | {raw:0} | {tarn / raw:0.000} |");
            report.Line();
            report.Line($"Target met: {(wrong == 0 && !(tarn > raw * Target) ? "yes" : "no")}.");
            report.Line();
            await report.EnvironmentAsync().ConfigureAwait(false);
            await report.WriteAsync(output).ConfigureAwait(false);
        }
    }

    private static async Task MakeTablesAsync(BenchLake lake, string data)
    {
        await lake.RunAsync("CREATE SCHEMA tpch").ConfigureAwait(false);
        await lake.RunAsync("USE tpch").ConfigureAwait(false);
        foreach (string file in Directory.EnumerateFiles(data, "*.parquet"))
        {
            string table = Path.GetFileNameWithoutExtension(file);
            await lake.RunAsync($"CREATE TABLE {table} AS SELECT * FROM '{file}'").ConfigureAwait(false);
            await lake.ShareAsync("tpch", table, table).ConfigureAwait(false);
        }
    }

    private static async Task<(double Tarn, double Raw, double Ratio)> MeasureAsync(BenchLake lake, string sql, int pairs)
    {
        if (pairs == 0)
            return default;
        var times = await Pairs.MeasureAsync(pairs, () => lake.RunAsync(sql), () => Task.Run(() => lake.RunRaw(sql))).ConfigureAwait(false);
        return (times.TarnMedian, times.RawMedian, times.Ratio);
    }
}
