using System.Diagnostics;
using System.Globalization;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Storage.Local;

namespace Tarn.Benchmarks.Planning;

/// <summary>How long it takes to find the files of a query: cold (every manifest is read and decoded) and warm (manifests in memory).</summary>
internal static class PlanningBenchmark
{
    private const int Rounds = 11;

    public static async Task RunAsync(int files)
    {
        string folder = Directory.CreateTempSubdirectory("tarn-bench").FullName;
        try
        {
            using var store = new LocalObjectStore(folder);
            var metadata = await LargeTable.WriteAsync(store, files).ConfigureAwait(false);
            Print($"{files} data files, 10 columns with counts and bounds, {Environment.ProcessorCount} processors, {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd HH:mm}Z, median of {Rounds}");
            Print("");
            Print("| filter | files kept | manifests read | cold ms | warm ms | cache MiB |");
            Print("|---|---|---|---|---|---|");
            foreach (var (name, filter) in Filters())
                await MeasureAsync(store, metadata, name, filter).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string Name, Expression Filter)> Filters()
    {
        Expression Compare(Operation operation, string column, Literal literal) => Expression.Compare(operation, Term.Column(column), literal);
        yield return ("none", Expression.True);
        yield return ("one day (partition)", Expression.And(
            Compare(Operation.GtEq, "ts", Literal.Of("2019-06-01T00:00:00+00:00")), Compare(Operation.Lt, "ts", Literal.Of("2019-06-02T00:00:00+00:00"))));
        yield return ("one id (bounds of every file)", Compare(Operation.Eq, "id", Literal.Of(50_000_123L)));
        yield return ("text and decimal (bounds of every file)", Expression.And(
            Compare(Operation.Lt, "product", Literal.Of("product2")), Compare(Operation.Gt, "amount", Literal.Of("1999.00"))));
        yield return ("200 ids", Expression.Set(Operation.In, Term.Column("id"), Enumerable.Range(0, 200).Select(i => Literal.Of(i * 400_000L))));
    }

    private static async Task MeasureAsync(LocalObjectStore store, TableMetadata metadata, string name, Expression filter)
    {
        var scan = TableScan.Of(metadata).Where(filter);
        var cold = new List<double>();
        var warm = new List<double>();
        var cache = new ManifestCache(4L << 30);
        ScanPlan plan = await new ScanPlanner(store).PlanAsync(scan).ConfigureAwait(false);
        for (int i = 0; i < Rounds; i++)
        {
            cache.Clear();
            cold.Add(await TimeAsync(store, cache, scan).ConfigureAwait(false));
            warm.Add(await TimeAsync(store, cache, scan).ConfigureAwait(false));
        }

        long read = plan.Metrics.DataManifests - plan.Metrics.DataManifestsSkipped;
        Print(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {plan.Tasks.Count} of {plan.Metrics.FilesTotal} | {read} of {plan.Metrics.DataManifests} | {Median(cold):0.0} | {Median(warm):0.0} | {cache.UsedBytes / 1048576.0:0} |"));
    }

    private static async Task<double> TimeAsync(LocalObjectStore store, ManifestCache cache, TableScan scan)
    {
        GC.Collect();
        long started = Stopwatch.GetTimestamp();
        await new ScanPlanner(store, cache).PlanAsync(scan).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(string line) => Console.WriteLine(line);
}
