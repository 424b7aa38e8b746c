using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Tarn.Benchmarks.Sql;
using Tarn.Core.Files;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;

namespace Tarn.Benchmarks.Commits;

/// <summary>Durable commits a second on one table with a long past, by many committers at once, beside what the disk can do.</summary>
internal static class CommitsBenchmark
{
    private const int Committers = 32, WarmUps = 200;

    public static async Task RunAsync(int snapshots, int seconds, string? folder, string? output)
    {
        var report = new Report("Commits on one table", $"commits {snapshots} {seconds}");
        var limit = TimeSpan.FromSeconds(seconds);
        report.Line("| what | per second | p50 ms | p99 ms | processor ms each | metadata KB at the end |");
        report.Line("|---|---|---|---|---|---|");
        Raw(report, limit, folder);
        foreach (int manifests in (int[])[100, snapshots])
        {
            await AppendAsync(report, snapshots, manifests, limit, folder).ConfigureAwait(false);
            await TransactAsync(report, snapshots, manifests, limit, folder).ConfigureAwait(false);
        }

        await SetPropertiesAsync(report, snapshots, limit, folder).ConfigureAwait(false);
        report.Line("");
        report.Line(Explanation(snapshots));
        report.Line("");
        await report.EnvironmentAsync(comparesDuckDb: false).ConfigureAwait(false);
        await report.WriteAsync(output).ConfigureAwait(false);
    }

    private static string Explanation(int snapshots) =>
        $"""
        {Committers} committers in one process on one table of {snapshots} snapshots, each commit on the disk before it is answered; the head lists 100 manifests, as merging writers leave it, or {snapshots}, as
        fast appends do. *Appends with written files* are the catalog's part: all are made for the same head, so that each but the first is rebased, which is the most work that an append can be. *Whole
        appends* are the client's part too: load, manifest, manifest list, commit. *One property each* is the queue, the metadata file and the log alone.
        """;

    private static void Raw(Report report, TimeSpan limit, string? folder)
    {
        string path = Path.Join(folder ?? Path.GetTempPath(), $"tarn-raw-{Guid.NewGuid():N}");
        var times = new List<double>();
        using (var file = PhysicalFileSystem.Instance.CreateNew(path))
        {
            var record = new byte[250];
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < limit)
            {
                long begun = Stopwatch.GetTimestamp();
                file.Write(record, (long)times.Count * record.Length);
                file.Sync();
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }

        File.Delete(path);
        report.Line($"| append of 250 bytes + fdatasync, 1 thread | {times.Count / limit.TotalSeconds:F0} | {Pairs.Percentile(times, 0.5):F2} | {Pairs.Percentile(times, 0.99):F2} | | |");
    }

    /// <summary>What the catalog alone takes: appends whose files are written, all made for the same head, so that all but the first are rebased.</summary>
    private static Task AppendAsync(Report report, int snapshots, int manifests, TimeSpan limit, string? folder) => UseAsync(folder, snapshots, manifests, async (catalog, table) =>
    {
        var prepared = new ConcurrentQueue<TableCommit>();
        for (int i = 0; i < WarmUps + (600 * limit.TotalSeconds); i++)
            prepared.Enqueue(await table.AppendAsync().ConfigureAwait(false));
        int count = prepared.Count;
        await MeasureAsync(report, $"appends with written files, all rebased; {snapshots} snapshots, {manifests} manifests", catalog, limit, async _ =>
        {
            if (!prepared.TryDequeue(out var commit))
                return false;
            await catalog.CommitAsync([commit]).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        await VerifyAsync(catalog, snapshots + count - prepared.Count).ConfigureAwait(false);
    });

    /// <summary>Whole appends: load the table, write manifest and manifest list, commit.</summary>
    private static Task TransactAsync(Report report, int snapshots, int manifests, TimeSpan limit, string? folder) => UseAsync(folder, snapshots, manifests, async (catalog, table) =>
    {
        int made = 0;
        await MeasureAsync(report, $"whole appends, client's work included; {snapshots} snapshots, {manifests} manifests", catalog, limit, async store =>
        {
            var present = await catalog.LoadTableAsync(SeededTable.Identifier).ConfigureAwait(false);
            var transaction = new Transaction(new TransactionContext(catalog, store), present!);
            transaction.Add(new FastAppend()).Add(new DataFile { FilePath = $"{present!.Metadata.Location}/data/{Guid.NewGuid()}.parquet", Format = FileFormat.Parquet, RecordCount = 1000, FileSizeInBytes = 100_000 });
            await transaction.CommitAsync().ConfigureAwait(false);
            Interlocked.Increment(ref made);
            return true;
        }).ConfigureAwait(false);
        await VerifyAsync(catalog, snapshots + made).ConfigureAwait(false);
        await LoadAsync(report, catalog).ConfigureAwait(false);
    });

    private static Task SetPropertiesAsync(Report report, int snapshots, TimeSpan limit, string? folder) => UseAsync(folder, snapshots, 100, (catalog, table) =>
        MeasureAsync(report, $"one property each; {snapshots} snapshots", catalog, limit, async _ =>
        {
            await catalog.CommitAsync([new TableCommit(SeededTable.Identifier, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = Guid.NewGuid().ToString() })])]).ConfigureAwait(false);
            return true;
        }));

    private static async Task LoadAsync(Report report, EmbeddedCatalog catalog)
    {
        var times = new List<double>();
        for (int i = 0; i < 20_000; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            var table = await catalog.LoadTableAsync(SeededTable.Identifier).ConfigureAwait(false);
            if (table!.Content.IsEmpty)
                throw new InvalidOperationException("The table came without its text.");
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        report.Line($"| loadTable of that table, text included | {1000 / times.Average():F0} | {Pairs.Percentile(times, 0.5):F4} | {Pairs.Percentile(times, 0.99):F4} | | |");
    }

    private static async Task MeasureAsync(Report report, string what, EmbeddedCatalog catalog, TimeSpan limit, Func<LocalObjectStore, Task<bool>> commit)
    {
        var times = new ConcurrentBag<double>();
        var store = (LocalObjectStore)catalog.Store;
        await Parallel.ForAsync(0, WarmUps, new ParallelOptions { MaxDegreeOfParallelism = Committers }, async (_, _) => await commit(store).ConfigureAwait(false)).ConfigureAwait(false);
        var processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Committers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < limit)
            {
                long begun = Stopwatch.GetTimestamp();
                if (!await commit(store).ConfigureAwait(false))
                    return;
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }))).ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        processor = Environment.CpuUsage.TotalTime - processor;
        var after = await catalog.LoadTableAsync(SeededTable.Identifier).ConfigureAwait(false);
        double[] sorted = [.. times];
        report.Line($"| {what} | {sorted.Length / seconds:F0} | {Pairs.Percentile(sorted, 0.5):F1} | {Pairs.Percentile(sorted, 0.99):F1} | {processor.TotalMilliseconds / sorted.Length:F2} | {after!.Content.Length / 1024} |");
    }

    private static async Task VerifyAsync(EmbeddedCatalog catalog, int snapshots)
    {
        var table = await catalog.LoadTableAsync(SeededTable.Identifier).ConfigureAwait(false);
        if (table!.Metadata.Snapshots.Count != snapshots || table.Metadata.Ancestors(table.Metadata.CurrentSnapshotId).Count() != snapshots)
            throw new InvalidOperationException($"{snapshots} snapshots were acknowledged and {table.Metadata.Snapshots.Count} are there.");
    }

    private static async Task UseAsync(string? folder, int snapshots, int manifests, Func<EmbeddedCatalog, SeededTable, Task> use)
    {
        string path = Path.Join(folder ?? Path.GetTempPath(), $"tarn-commits-{Guid.NewGuid():N}");
        try
        {
            var data = DataFolder.OpenOrCreate(path);
            using var store = new LocalObjectStore(data.Path);
            using var log = new EmbeddedCommitLog(data.MetastoreFolder);
            var catalog = new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation });
            await catalog.CreateNamespaceAsync(SeededTable.Identifier.Namespace, ImmutableSortedDictionary<string, string>.Empty).ConfigureAwait(false);
            var table = new SeededTable(catalog, store, SeededTable.Identifier);
            await table.CreateAsync(snapshots, manifests).ConfigureAwait(false);
            await use(catalog, table).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
