using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Transactions.Snapshots;

/// <summary>
/// The manifests that one snapshot update writes and reads. Remembers what it wrote, so that leftovers of failed attempts can be removed,
/// and the entries of its own manifests, which cannot be read back before they have a sequence number.
/// </summary>
internal sealed class ManifestFiles(TransactionContext context)
{
    private const string TargetSizeProperty = "commit.manifest.target-size-bytes";
    private const long TargetSizeDefault = 8 * 1024 * 1024;

    private readonly HashSet<string> written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<ManifestEntry>> ownEntries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<ManifestEntry>> readEntries = new(StringComparer.Ordinal);
    private readonly Guid fileId = context.NewFileId();
    private int nextManifest;
    private int nextList;

    /// <summary>Size at which a manifest ends and the next begins.</summary>
    public static long TargetSizeBytes(TableMetadata table) =>
        long.TryParse(table.Properties.GetValueOrDefault(TargetSizeProperty), NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0 ? size : TargetSizeDefault;

    /// <summary>True for a manifest that this update wrote.</summary>
    public bool IsOwn(ManifestFile manifest) => ownEntries.ContainsKey(manifest.ManifestPath);

    /// <summary>The manifests of a snapshot in the order of its list; none for null.</summary>
    public async ValueTask<IReadOnlyList<ManifestFile>> ListAsync(Snapshot? snapshot, CancellationToken cancellationToken)
    {
        if (snapshot is null)
            return [];
        if (snapshot.ManifestList is { } list)
            return await SnapshotFile.ReadAsync(context.Store, list, bytes => ManifestListReader.Read(bytes, list), cancellationToken);
        List<ManifestFile> manifests = [];
        foreach (string location in snapshot.Manifests ?? [])
            manifests.Add(await SnapshotFile.ReadAsync(context.Store, location, bytes => ManifestReader.Describe(bytes, location, snapshot.SnapshotId), cancellationToken));
        return manifests;
    }

    /// <summary>All entries of a manifest, inheritance applied; of its own manifests as they were written.</summary>
    public async ValueTask<IReadOnlyList<ManifestEntry>> EntriesAsync(TableMetadata table, ManifestFile manifest, CancellationToken cancellationToken)
    {
        if (ownEntries.TryGetValue(manifest.ManifestPath, out var own))
            return own;
        if (readEntries.TryGetValue(manifest.ManifestPath, out var known))
            return known;
        return readEntries[manifest.ManifestPath] = await SnapshotFile.ReadAsync(
            context.Store, manifest.ManifestPath, bytes => ManifestReader.Read(bytes, manifest, PartitionType(table, manifest.PartitionSpecId)), cancellationToken);
    }

    /// <summary>The manifest with all counts, which version 1 lists may leave out and later versions require.</summary>
    public async ValueTask<ManifestFile> WithCountsAsync(TableMetadata table, ManifestFile manifest, CancellationToken cancellationToken)
    {
        bool complete = manifest is
        {
            AddedFilesCount: not null, ExistingFilesCount: not null, DeletedFilesCount: not null, AddedRowsCount: not null, ExistingRowsCount: not null,
            DeletedRowsCount: not null,
        };
        if (complete || table.FormatVersion == 1)
            return manifest;
        return ManifestReader.WithCounts(await context.Store.ReadAsync(manifest.ManifestPath, cancellationToken), manifest, PartitionType(table, manifest.PartitionSpecId));
    }

    /// <summary>Writes entries of one spec and content into as many manifests as the target size demands.</summary>
    /// <param name="table">The table.</param>
    /// <param name="specId">Spec of all entries.</param>
    /// <param name="content">Data or deletes.</param>
    /// <param name="snapshotId">The snapshot that is made.</param>
    /// <param name="entries">Added entries of this snapshot without numbers; others as they were read.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<IReadOnlyList<ManifestFile>> WriteAsync(
        TableMetadata table, int specId, ManifestContent content, long snapshotId, IReadOnlyList<ManifestEntry> entries, CancellationToken cancellationToken)
    {
        long target = TargetSizeBytes(table);
        List<ManifestFile> manifests = [];
        for (int next = 0; next < entries.Count;)
        {
            var writer = new ManifestWriter(table.FormatVersion, table.CurrentSchema, table.Spec(specId), PartitionType(table, specId), content, snapshotId);
            int first = next;
            while (next < entries.Count && (next == first || writer.LengthBytes < target))
                writer.Append(Placed(entries[next++], table));
            string location = $"{MetadataFolder(table)}/{fileId}-m{nextManifest++}.avro";
            var (bytes, manifest) = writer.Finish(location);
            written.Add(location);
            await context.Store.PutAsync(location, bytes, PutCondition.IfAbsent, cancellationToken);
            ownEntries[location] = entries.Skip(first).Take(next - first).ToArray();
            manifests.Add(manifest);
        }

        return manifests;
    }

    // What is written has the fields of its spec: what came with those of another one must not look as if its partition told where it applies.
    private static ManifestEntry Placed(ManifestEntry entry, TableMetadata table) =>
        entry.DataFile.HasPartitionOfSpec || DeleteFileIndex.HasOneSpec(table) || DeleteFileIndex.IsBoundByPartition(entry.DataFile, table) || DeleteFileIndex.ReferencedFile(entry.DataFile) is not null
            ? entry
            : entry with { DataFile = entry.DataFile with { Partition = new object?[entry.DataFile.Partition.Length] } };

    /// <summary>Stores a manifest list; each attempt has its own.</summary>
    public async ValueTask<string> StoreListAsync(TableMetadata table, long snapshotId, byte[] bytes, CancellationToken cancellationToken)
    {
        string location = $"{MetadataFolder(table)}/snap-{snapshotId}-{++nextList}-{fileId}.avro";
        written.Add(location);
        await context.Store.PutAsync(location, bytes, PutCondition.IfAbsent, cancellationToken);
        return location;
    }

    /// <summary>Removes what this update wrote and <paramref name="kept"/> does not name. What cannot be removed stays as an orphan.</summary>
    public async ValueTask RemoveAsync(IReadOnlySet<string> kept)
    {
        foreach (string location in written.Where(l => !kept.Contains(l)).ToArray())
        {
            if (await TryDeleteAsync(location))
            {
                written.Remove(location);
                ownEntries.Remove(location);
            }
        }
    }

    /// <summary>The tuple type of a spec of the table, also when its columns are gone.</summary>
    public static StructType PartitionType(TableMetadata table, int specId) => table.PartitionType(table.Spec(specId));

    // Metadata files have their place in the table, unless the table says where ("Path Construction").
    private static string MetadataFolder(TableMetadata table)
    {
        string? path = table.Properties.GetValueOrDefault("write.metadata.path")?.TrimEnd('/');
        return string.IsNullOrEmpty(path) ? $"{table.Location}/metadata"
            : path.StartsWith('/') || path.Contains(":/", StringComparison.Ordinal) ? path
            : $"{table.Location}/{path}";
    }

    private async ValueTask<bool> TryDeleteAsync(string location)
    {
        try
        {
            await context.Store.DeleteAsync(location, CancellationToken.None);
            return true;
        }
        catch (TarnException)
        {
            // The outcome of the commit matters more than a file that nothing refers to.
            return false;
        }
    }
}
