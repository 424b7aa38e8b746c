using System.Collections.Immutable;
using System.Globalization;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Transactions.Snapshots;

/// <summary>Counts what a snapshot adds and removes, and gives its summary ("Optional Snapshot Summary Fields").</summary>
internal sealed class SnapshotSummary
{
    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> changedPartitions = new(StringComparer.Ordinal);

    /// <summary>Counts an added file.</summary>
    public void Added(DataFile file, PartitionSpec spec, StructType partitionType) => Count(file, spec, partitionType, added: true);

    /// <summary>Counts a removed file.</summary>
    public void Removed(DataFile file, PartitionSpec spec, StructType partitionType) => Count(file, spec, partitionType, added: false);

    /// <summary>Sets how many manifests the snapshot has of its own, took over and replaced.</summary>
    public void Manifests(int created, int kept, int replaced)
    {
        (counts["manifests-created"], counts["manifests-kept"], counts["manifests-replaced"]) = (created, kept, replaced);
    }

    /// <summary>The summary; totals go on from those of the parent, as far as it has them.</summary>
    /// <param name="operation">Value of <c>operation</c>.</param>
    /// <param name="parent">Summary of the parent; null starts at 0.</param>
    /// <param name="properties">What the caller adds; wins over nothing that is counted.</param>
    public ImmutableSortedDictionary<string, string> Build(string operation, IReadOnlyDictionary<string, string>? parent, IEnumerable<KeyValuePair<string, string>> properties)
    {
        var summary = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in properties)
            summary[key] = value;
        foreach (var (key, value) in counts.Where(c => c.Value > 0 || c.Key.StartsWith("manifests-", StringComparison.Ordinal)))
            summary[key] = Text(value);
        summary["changed-partition-count"] = Text(changedPartitions.Count);
        Total("total-records", "added-records", "deleted-records");
        Total("total-files-size", "added-files-size", "removed-files-size");
        Total("total-data-files", "added-data-files", "deleted-data-files");
        Total("total-delete-files", "added-delete-files", "removed-delete-files");
        Total("total-position-deletes", "added-position-deletes", "removed-position-deletes");
        Total("total-equality-deletes", "added-equality-deletes", "removed-equality-deletes");
        summary["operation"] = operation;
        return summary.ToImmutable();

        void Total(string total, string added, string removed)
        {
            long before = 0;
            // A parent without the total says nothing about it, and so does this snapshot.
            if (parent is not null && !long.TryParse(parent.GetValueOrDefault(total), NumberStyles.None, CultureInfo.InvariantCulture, out before))
                return;
            long after = before + counts.GetValueOrDefault(added) - counts.GetValueOrDefault(removed);
            if (after >= 0)
                summary[total] = Text(after);
        }
    }

    private void Count(DataFile file, PartitionSpec spec, StructType partitionType, bool added)
    {
        changedPartitions.Add(spec.ToPath(partitionType, file.Partition));
        string verb = added ? "added" : "removed";
        Add($"{verb}-files-size", file.IsDeletionVector ? file.ContentSizeInBytes ?? file.FileSizeInBytes : file.FileSizeInBytes);
        if (file.Content == FileContent.Data)
        {
            Add(added ? "added-data-files" : "deleted-data-files", 1);
            Add(added ? "added-records" : "deleted-records", file.RecordCount);
            return;
        }

        string kind = file.Content == FileContent.EqualityDeletes ? "equality" : "position";
        Add($"{verb}-delete-files", 1);
        Add(file.IsDeletionVector ? $"{verb}-dvs" : $"{verb}-{kind}-delete-files", 1);
        Add($"{verb}-{kind}-deletes", file.RecordCount);
    }

    private void Add(string key, long value) => counts[key] = counts.GetValueOrDefault(key) + value;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
