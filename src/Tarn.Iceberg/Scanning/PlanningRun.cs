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
    private readonly IReadOnlyList<BoundTerm> columns = [.. filter.ReferencedTerms().DistinctBy(t => t.FieldId).Select(t => t with { Function = null })];

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
            if (!nothingLive && ((!data && !IsBoundByPartition(manifest)) || FilterOf(manifest).Inclusive.MightMatchManifest(manifest)))
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
        var contents = await ContentsAsync(manifest, spec, [], cancellationToken).ConfigureAwait(false);
        var entries = new List<ManifestEntry>();
        for (int i = 0; i < contents.Count; i++)
        {
            if (contents.IsLive(i) && (!DeleteFileIndex.IsBoundByPartition(contents.Entry(i).DataFile, scan.Metadata) || spec.Matches(contents, i)))
                entries.Add(contents.Entry(i));
        }

        return entries;
    }

    /// <summary>Tasks for the live data files of a manifest that may hold matching rows.</summary>
    public async Task<IReadOnlyList<FileScanTask>> PlanAsync(ManifestFile manifest, DeleteFileIndex deletes, CancellationToken cancellationToken)
    {
        var spec = FilterOf(manifest);
        BoundTerm[] wanted = [.. columns.Concat(deletes.KeyColumns).DistinctBy(c => c.FieldId)];
        var contents = await ContentsAsync(manifest, spec, wanted, cancellationToken).ConfigureAwait(false);
        var statistics = contents.Columns(wanted);
        var full = scan.IncludeColumnStats ? contents.FullEntries() : null;
        var tasks = new List<FileScanTask>();
        long byPartition = 0, byMetrics = 0, bytes = 0, records = 0;
        for (int i = 0; i < contents.Count; i++)
        {
            if (!contents.IsLive(i))
                continue;
            if (!spec.Matches(contents, i))
            {
                byPartition++;
                continue;
            }

            var residual = spec.Residual(filter, contents, i);
            if (!MightMatch(contents.RecordCount(i), residual, new StatisticsTest(statistics, i)))
            {
                byMetrics++;
                continue;
            }

            var task = ToTask(full?[i] ?? contents.Entry(i), i, spec.Projection.Spec, residual, deletes, statistics);
            bytes += task.File.FileSizeInBytes;
            records += task.File.RecordCount;
            tasks.Add(task);
        }

        source.Account(manifest, spec.PartitionType, contents);
        metrics.Files(byPartition, byMetrics, tasks.Count, bytes, records);
        return tasks;
    }

    // Where its summaries are not those of the fields of its spec, neither are its partitions.
    private bool IsBoundByPartition(ManifestFile deletes) =>
        DeleteFileIndex.HasOneSpec(scan.Metadata) && (deletes.Partitions is null || deletes.Partitions.Count == FilterOf(deletes).PartitionType.Fields.Count);

    private static bool MightMatch(long recordCount, Expression filter, in StatisticsTest test) => recordCount switch
    {
        0 => false,
        < 0 => filter is not Constant { Value: false },
        _ => Evaluation.Fold(filter, test),
    };

    private static FileScanTask ToTask(
        ManifestEntry entry, int index, PartitionSpec spec, Expression residual, DeleteFileIndex deletes, Dictionary<int, ColumnMetrics[]> statistics)
    {
        long sequenceNumber = entry.SequenceNumber ?? 0;
        return new FileScanTask
        {
            File = entry.DataFile,
            Spec = spec,
            SequenceNumber = sequenceNumber,
            FileSequenceNumber = entry.FileSequenceNumber,
            SnapshotId = entry.SnapshotId,
            Deletes = deletes.Count == 0 ? [] : deletes.Find(entry.DataFile, sequenceNumber, column => statistics[column.FieldId][index]),
            Residual = residual,
        };
    }

    private async ValueTask<ManifestContents> ContentsAsync(ManifestFile manifest, SpecFilter spec, IReadOnlyCollection<BoundTerm> wanted, CancellationToken cancellationToken)
    {
        var (contents, fromCache) = await source.ContentsAsync(manifest, spec.PartitionType, wanted, cancellationToken).ConfigureAwait(false);
        if (fromCache)
            metrics.FromCache();
        return contents;
    }

    private SpecFilter FilterOf(ManifestFile manifest) => filters.GetOrAdd(manifest.PartitionSpecId, id =>
    {
        var spec = scan.Metadata.Spec(id);
        var projection = new PartitionProjection(spec);
        bool decides = spec.Fields.Any(f => f.SourceIds.Any(source => columns.Any(c => c.FieldId == source)));
        return new SpecFilter(projection, projection.Inclusive(filter), spec.PartitionType(FindColumn), decides);
    });

    /// <summary>The filter as one spec sees it.</summary>
    /// <param name="Projection">Projects to the spec.</param>
    /// <param name="Inclusive">The filter over partition tuples.</param>
    /// <param name="PartitionType">Tuple type.</param>
    /// <param name="Decides">Whether the filter tests a source column of the spec at all.</param>
    private sealed record SpecFilter(PartitionProjection Projection, Expression Inclusive, StructType PartitionType, bool Decides)
    {
        public bool Matches(ManifestContents contents, int entry) =>
            Inclusive is Constant { Value: var value } ? value : Inclusive.MatchesPartition(contents.Partition(entry));

        public Expression Residual(Expression filter, ManifestContents contents, int entry) =>
            Decides ? Projection.Residual(filter, contents.Partition(entry)) : filter;
    }

    private readonly struct StatisticsTest(Dictionary<int, ColumnMetrics[]> statistics, int entry) : Evaluation.IPredicateTest
    {
        public bool Test(BoundPredicate predicate) => MetricsTests.MightMatch(predicate, statistics[predicate.Term.FieldId][entry]);
    }
}
