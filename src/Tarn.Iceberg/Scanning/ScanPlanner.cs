using System.Diagnostics;
using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Scanning;

/// <summary>
/// Finds the data files of a scan and the delete files that apply to them ("Scan Planning"): manifests are left out by their partition
/// summaries, files by their partition and then by counts and bounds. Files that may hold a matching row are never left out.
/// </summary>
/// <param name="store">Where manifests lie.</param>
/// <param name="cache">Keeps decoded manifests, or null.</param>
/// <param name="locations">How paths of data files are mapped before they are compared with those that deletes name; null maps nothing.</param>
/// <param name="parallelism">Most manifests read at once; 0 is twice the number of processors.</param>
public sealed class ScanPlanner(IObjectStore store, ManifestCache? cache = null, LocationMap? locations = null, int parallelism = 0)
{
    private readonly ManifestSource source = new(store, cache);
    private readonly LocationMap locations = locations ?? LocationMap.Empty;
    private readonly int parallelism = parallelism > 0 ? parallelism : Environment.ProcessorCount * 2;

    /// <summary>Plans a scan completely.</summary>
    /// <exception cref="TarnException">InvalidRequest for a filter that does not fit the schema; NotFound or DataCorrupted for missing or damaged manifests.</exception>
    public async ValueTask<ScanPlan> PlanAsync(TableScan scan, CancellationToken cancellationToken = default)
    {
        var metrics = new ScanMetrics();
        var filter = scan.Filter.Bind(scan.Schema, scan.CaseSensitive);
        var tasks = new List<FileScanTask>();
        await foreach (var batch in BatchesAsync(scan, filter, metrics, cancellationToken).ConfigureAwait(false))
            tasks.AddRange(batch);
        return new ScanPlan(scan, filter, tasks, metrics);
    }

    /// <summary>Plans a scan file by file, in the order of manifests and entries; manifests are read ahead.</summary>
    /// <param name="scan">What is wanted.</param>
    /// <param name="metrics">Counts as planning goes on; final when the enumeration has ended.</param>
    /// <param name="cancellationToken">Ends planning.</param>
    /// <exception cref="TarnException">As <see cref="PlanAsync"/>.</exception>
    public async IAsyncEnumerable<FileScanTask> StreamAsync(
        TableScan scan, ScanMetrics? metrics = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var filter = scan.Filter.Bind(scan.Schema, scan.CaseSensitive);
        await foreach (var batch in BatchesAsync(scan, filter, metrics ?? new ScanMetrics(), cancellationToken).ConfigureAwait(false))
        {
            foreach (var task in batch)
                yield return task;
        }
    }

    /// <summary>The manifests of the scanned snapshot, in order; empty without snapshot.</summary>
    public ValueTask<IReadOnlyList<ManifestFile>> ManifestsAsync(TableScan scan, CancellationToken cancellationToken = default) =>
        scan.Snapshot is { } snapshot ? source.ManifestsAsync(snapshot, cancellationToken) : new([]);

    private async IAsyncEnumerable<IReadOnlyList<FileScanTask>> BatchesAsync(
        TableScan scan, Expression filter, ScanMetrics metrics, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        var manifests = await ManifestsAsync(scan, cancellationToken).ConfigureAwait(false);
        long? added = scan.OnlyAdded ? scan.Snapshot?.SnapshotId : null;
        if (added is not null)
            manifests = [.. manifests.Where(m => m.Content == ManifestContent.Data && (m.AddedSnapshotId is null || m.AddedSnapshotId == added))];
        var run = new PlanningRun(scan, filter, metrics, source);
        var deletes = await IndexDeletesAsync(run, manifests, cancellationToken).ConfigureAwait(false);
        var wanted = run.Wanted(manifests.Where(m => m.Content == ManifestContent.Data), data: true);
        await foreach (var batch in ReadAheadAsync(wanted, (m, token) => run.PlanAsync(m, deletes, token), cancellationToken).ConfigureAwait(false))
            yield return added is null ? batch : [.. batch.Where(task => task.SnapshotId == added)];
        metrics.Duration = Stopwatch.GetElapsedTime(started);
    }

    private async ValueTask<DeleteFileIndex> IndexDeletesAsync(PlanningRun run, IReadOnlyList<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        var wanted = run.Wanted(manifests.Where(m => m.Content == ManifestContent.Deletes), data: false);
        var entries = new List<ManifestEntry>();
        await foreach (var batch in ReadAheadAsync(wanted, run.DeletesAsync, cancellationToken).ConfigureAwait(false))
            entries.AddRange(batch);
        run.Metrics.Deletes(entries.Count);
        return new DeleteFileIndex(entries, run.Scan.Metadata, run.FindColumn, locations);
    }

    // Results come in the order of the manifests, while later ones are being read.
    private async IAsyncEnumerable<T> ReadAheadAsync<T>(
        IReadOnlyList<ManifestFile> manifests, Func<ManifestFile, CancellationToken, Task<T>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var window = new Queue<Task<T>>();
        try
        {
            foreach (var manifest in manifests)
            {
                if (window.Count >= parallelism)
                    yield return await window.Dequeue().ConfigureAwait(false);
                window.Enqueue(Task.Run(() => read(manifest, stop.Token), stop.Token));
            }

            while (window.TryDequeue(out var next))
                yield return await next.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(window)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
