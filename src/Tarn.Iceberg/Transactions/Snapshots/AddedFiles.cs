using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions.Snapshots;

/// <summary>The data files that a snapshot adds, and the manifests that list them.</summary>
internal sealed class AddedFiles
{
    private readonly Dictionary<string, DataFile> files = new(StringComparer.Ordinal);
    private IReadOnlyList<ManifestFile>? manifests;
    private (int Version, int SchemaId, long SnapshotId) writtenFor;

    /// <summary>Number of files.</summary>
    public int Count => files.Count;

    /// <summary>The files in the order in which they were added.</summary>
    public IEnumerable<DataFile> All => files.Values;

    /// <summary>Adds a file; one that was added before is not added twice.</summary>
    /// <exception cref="TarnException">InvalidRequest when it is a delete file or already has row ids.</exception>
    public void Add(DataFile file)
    {
        if (file.Content != FileContent.Data)
            throw TarnException.Invalid($"File '{file.FilePath}' holds deletes; an append takes data files only.");
        if (file.FirstRowId is not null)
            throw TarnException.Invalid($"File '{file.FilePath}' already has row ids; new files get theirs when they are committed.");
        if (files.TryAdd(file.FilePath, file))
            manifests = null;
    }

    /// <summary>Writes the manifests, unless an earlier attempt did, and counts the files.</summary>
    public async ValueTask<IReadOnlyList<ManifestFile>> ManifestsAsync(SnapshotAttempt attempt, ManifestFiles manifestFiles, CancellationToken cancellationToken)
    {
        var table = attempt.Table;
        foreach (var group in files.Values.GroupBy(f => f.SpecId))
        {
            var spec = table.PartitionSpecs.Find(s => s.SpecId == group.Key)
                ?? throw TarnException.Invalid($"File '{group.First().FilePath}' was written for partition spec {group.Key}, which the table does not have.");
            if (spec.Fields.Any(f => f.Transform.Kind == TransformKind.Unknown))
                throw TarnException.Unsupported($"Partition spec {spec.SpecId} uses the transform '{spec.Fields.First(f => f.Transform.Kind == TransformKind.Unknown).Transform}', which is not known: nothing can be written with it.");
            var type = ManifestFiles.PartitionType(table, spec.SpecId);
            foreach (var file in group)
            {
                if (file.Partition.Length != spec.Fields.Count)
                    throw TarnException.Invalid($"File '{file.FilePath}' has {file.Partition.Length} partition values; spec {spec.SpecId} has {spec.Fields.Count} fields.");
                attempt.Summary.Added(file, spec, type);
            }
        }

        var target = (table.FormatVersion, table.CurrentSchemaId, attempt.SnapshotId);
        if (manifests is not null && writtenFor == target)
            return manifests;
        writtenFor = target;
        List<ManifestFile> written = [];
        foreach (var group in files.Values.GroupBy(f => f.SpecId))
        {
            ManifestEntry[] entries = [.. group.Select(f => new ManifestEntry(ManifestEntryStatus.Added, attempt.SnapshotId, null, null, f))];
            written.AddRange(await manifestFiles.WriteAsync(table, group.Key, ManifestContent.Data, attempt.SnapshotId, entries, cancellationToken));
        }

        return manifests = written;
    }
}
