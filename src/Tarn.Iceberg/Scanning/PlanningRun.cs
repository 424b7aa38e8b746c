using System.Collections.Concurrent;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Scanning;

/// <summary>One planning of one scan: what is prepared once per partition spec, and the work on one manifest.</summary>
internal sealed class PlanningRun(TableScan scan, Expression filter, ScanMetrics metrics, ManifestSource source)
{
    private readonly ConcurrentDictionary<int, SpecFilter> filters = new();

    public TableScan Scan => scan;

    public ScanMetrics Metrics => metrics;

    /// <summary>A column by id as the scan sees it, else as any schema of the table knows it.</summary>
    public NestedField? FindColumn(int fieldId) => scan.Schema.FindField(fieldId) ?? scan.Metadata.FindColumn(fieldId);

    /// <summary>Manifests that may hold something live that matches.</summary>
    public IReadOnlyList<ManifestFile> Wanted(IEnumerable<ManifestFile> manifests, bool data)
    {
        var wanted = new List<ManifestFile>();
        int skipped = 0;
        foreach (var manifest in manifests)
        {
            bool nothingLive = manifest is { AddedFilesCount: 0, ExistingFilesCount: 0 };
            if (!nothingLive && FilterOf(manifest).Inclusive.MightMatchManifest(manifest))
            {
                wanted.Add(manifest);
                continue;
            }

            skipped++;
            if (data)
                metrics.InSkippedManifest((manifest.AddedFilesCount ?? 0) + (manifest.ExistingFilesCount ?? 0));
        }

        metrics.Manifests(data, wanted.Count, skipped);
        return wanted;
    }

    /// <summary>Live delete files whose partition may match. Their counts and bounds do not count: a delete file may hold any value in columns that are no key.</summary>
    public async Task<IReadOnlyList<ManifestEntry>> DeletesAsync(ManifestFile manifest, CancellationToken cancellationToken)
    {
        var spec = FilterOf(manifest);
        var contents = await ContentsAsync(manifest, spec, cancellationToken).ConfigureAwait(false);
        var entries = new List<ManifestEntry>();
        for (int i = 0; i < contents.Count; i++)
        {
            if (contents.IsLive(i) && spec.Inclusive.MatchesPartition(contents.Partition(i)))
                entries.Add(contents.Entry(i, withStats: true));
        }

        return entries;
    }

    /// <summary>Tasks for the live data files of a manifest that may hold matching rows.</summary>
    public async Task<IReadOnlyList<FileScanTask>> PlanAsync(ManifestFile manifest, DeleteFileIndex deletes, CancellationToken cancellationToken)
    {
        var spec = FilterOf(manifest);
        var contents = await ContentsAsync(manifest, spec, cancellationToken).ConfigureAwait(false);
        var tasks = new List<FileScanTask>();
        long byPartition = 0, byMetrics = 0, bytes = 0, records = 0;
        for (int i = 0; i < contents.Count; i++)
        {
            if (!contents.IsLive(i))
                continue;
            if (!spec.Inclusive.MatchesPartition(contents.Partition(i)))
            {
                byPartition++;
                continue;
            }

            var residual = spec.Projection.Residual(filter, contents.Partition(i));
            if (!MightMatch(contents, i, residual))
            {
                byMetrics++;
                continue;
            }

            var task = ToTask(contents.Entry(i, scan.IncludeColumnStats || deletes.Count > 0), spec.Projection.Spec, residual, deletes);
            bytes += task.File.FileSizeInBytes;
            records += task.File.RecordCount;
            tasks.Add(task);
        }

        metrics.Files(byPartition, byMetrics, tasks.Count, bytes, records);
        return tasks;
    }

    private static bool MightMatch(ManifestContents contents, int entry, Expression filter) => contents.RecordCount(entry) switch
    {
        0 => false,
        < 0 => filter is not Constant { Value: false },
        _ => Evaluation.Fold(filter, new ContentsTest(contents, entry)),
    };

    private static FileScanTask ToTask(ManifestEntry entry, PartitionSpec spec, Expression residual, DeleteFileIndex deletes)
    {
        long sequenceNumber = entry.SequenceNumber ?? 0;
        return new FileScanTask
        {
            File = entry.DataFile,
            Spec = spec,
            SequenceNumber = sequenceNumber,
            FileSequenceNumber = entry.FileSequenceNumber,
            SnapshotId = entry.SnapshotId,
            Deletes = deletes.Find(entry.DataFile, sequenceNumber),
            Residual = residual,
        };
    }

    private async ValueTask<ManifestContents> ContentsAsync(ManifestFile manifest, SpecFilter spec, CancellationToken cancellationToken)
    {
        var (contents, fromCache) = await source.ContentsAsync(manifest, spec.PartitionType, cancellationToken).ConfigureAwait(false);
        if (fromCache)
            metrics.FromCache();
        return contents;
    }

    private SpecFilter FilterOf(ManifestFile manifest) => filters.GetOrAdd(manifest.PartitionSpecId, id =>
    {
        var spec = scan.Metadata.Spec(id);
        var projection = new PartitionProjection(spec);
        return new SpecFilter(projection, projection.Inclusive(filter), spec.PartitionType(FindColumn));
    });

    private sealed record SpecFilter(PartitionProjection Projection, Expression Inclusive, StructType PartitionType);

    private readonly struct ContentsTest(ManifestContents contents, int entry) : Evaluation.IPredicateTest
    {
        public bool Test(BoundPredicate predicate) => MetricsTests.MightMatch(predicate, contents.Metrics(entry, predicate.Term));
    }
}
