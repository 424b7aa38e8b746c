using System.Collections.Immutable;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Iceberg.Transforms;

namespace Tarn.Testing.Catalogs;

/// <summary>How a client writes the manifests of an append.</summary>
public enum ManifestStyle
{
    /// <summary>Added entries leave their numbers to the manifest list, as most writers do.</summary>
    Inherits,

    /// <summary>Added entries carry the sequence number of the first try.</summary>
    Numbered,

    /// <summary>Every file in a manifest of its own.</summary>
    ManyManifests,

    /// <summary>Two snapshots in one commit.</summary>
    TwoSnapshots,
}

/// <summary>Writes the manifests and manifest lists of appends as clients do, and gives the commit. There are no data files: only their names.</summary>
/// <param name="store">The store of files.</param>
/// <param name="random">Source of ids and names.</param>
public sealed class AppendingClient(IObjectStore store, Random random)
{
    /// <summary>What the summaries say of every file.</summary>
    public const int FileSizeBytes = 100;

    /// <summary>An append to the head of a branch as it is in <paramref name="table"/>.</summary>
    /// <param name="table">The table as the client knows it.</param>
    /// <param name="rowsOfFiles">Rows of each file.</param>
    /// <param name="style">How manifests are written.</param>
    /// <param name="branch">The branch.</param>
    public async Task<TableCommit> AppendAsync(TableHandle table, int[] rowsOfFiles, ManifestStyle style = ManifestStyle.Inherits, string branch = Snapshot.MainBranch)
    {
        var metadata = table.Metadata;
        var head = metadata.Refs.TryGetValue(branch, out var reference) ? metadata.FindSnapshot(reference.SnapshotId) : null;
        int[][] parts = style == ManifestStyle.TwoSnapshots ? [rowsOfFiles[..1], rowsOfFiles[1..]] : [rowsOfFiles];
        var updates = new List<TableUpdate>();
        var (parent, sequenceNumber, nextRowId) = (head, metadata.LastSequenceNumber, metadata.NextRowId);
        foreach (int[] part in parts)
        {
            sequenceNumber = metadata.FormatVersion == 1 ? 0 : sequenceNumber + 1;
            parent = await SnapshotAsync(metadata, parent, sequenceNumber, nextRowId, part, style);
            nextRowId += parent.AddedRows ?? 0;
            updates.Add(new TableUpdate.AddSnapshot(parent));
        }

        updates.Add(new TableUpdate.SetSnapshotRef(branch, new SnapshotRef(parent!.SnapshotId, SnapshotRefType.Branch)));
        return new TableCommit(
            table.Identifier,
            [new TableRequirement.AssertTableUuid(metadata.TableUuid!.Value), new TableRequirement.AssertRefSnapshotId(branch, reference?.SnapshotId)],
            updates);
    }

    private async Task<Snapshot> SnapshotAsync(TableMetadata metadata, Snapshot? parent, long sequenceNumber, long nextRowId, int[] rowsOfFiles, ManifestStyle style)
    {
        long id = random.NextInt64(1, long.MaxValue);
        var before = parent is null ? [] : ManifestListReader.Read(await store.ReadAsync(parent.ManifestList!), parent.ManifestList!);
        var manifests = new List<ManifestFile>();
        foreach (int[] rows in style == ManifestStyle.ManyManifests ? [.. rowsOfFiles.Select(r => new[] { r })] : new[] { rowsOfFiles })
            manifests.Add(await ManifestAsync(metadata, id, sequenceNumber, rows, style));
        long? firstRowId = metadata.FormatVersion >= 3 ? nextRowId : null;
        var list = ManifestListWriter.Write(metadata.FormatVersion, id, parent?.SnapshotId, sequenceNumber, firstRowId, [.. manifests, .. before]);
        string location = $"{metadata.Location}/metadata/snap-{id}-1-{NewGuid()}.avro";
        await store.PutAsync(location, list.Bytes);
        return new Snapshot
        {
            SnapshotId = id,
            ParentSnapshotId = parent?.SnapshotId,
            SequenceNumber = sequenceNumber,
            TimestampMs = metadata.LastUpdatedMs,
            ManifestList = location,
            Summary = Summary(rowsOfFiles, manifests.Count, before.Count, parent),
            SchemaId = metadata.CurrentSchemaId,
            FirstRowId = firstRowId,
            AddedRows = list.NextRowId - firstRowId,
        };
    }

    private static ImmutableSortedDictionary<string, string> Summary(int[] rowsOfFiles, int created, int kept, Snapshot? parent)
    {
        long Total(string key, long added) => added + long.Parse(parent?.Summary[key] ?? "0");
        return ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("operation", "append")
            .Add("added-data-files", $"{rowsOfFiles.Length}").Add("total-data-files", $"{Total("total-data-files", rowsOfFiles.Length)}")
            .Add("added-records", $"{rowsOfFiles.Sum()}").Add("total-records", $"{Total("total-records", rowsOfFiles.Sum())}")
            .Add("added-files-size", $"{rowsOfFiles.Length * FileSizeBytes}").Add("total-files-size", $"{Total("total-files-size", rowsOfFiles.Length * FileSizeBytes)}")
            .Add("total-delete-files", "0").Add("total-position-deletes", "0").Add("total-equality-deletes", "0")
            .Add("manifests-created", $"{created}").Add("manifests-kept", $"{kept}").Add("app", "client");
    }

    private async Task<ManifestFile> ManifestAsync(TableMetadata metadata, long snapshotId, long sequenceNumber, int[] rowsOfFiles, ManifestStyle style)
    {
        var spec = metadata.DefaultSpec;
        var writer = new ManifestWriter(metadata.FormatVersion, metadata.CurrentSchema, spec, metadata.PartitionType(spec), ManifestContent.Data, snapshotId);
        foreach (int rows in rowsOfFiles)
        {
            var file = new DataFile { FilePath = $"{metadata.Location}/data/{NewGuid()}.parquet", Format = FileFormat.Parquet, RecordCount = rows, FileSizeInBytes = FileSizeBytes };
            long? number = style == ManifestStyle.Numbered ? sequenceNumber : null;
            writer.Append(new ManifestEntry(ManifestEntryStatus.Added, snapshotId, number, number, file));
        }

        string location = $"{metadata.Location}/metadata/{NewGuid()}-m0.avro";
        var (bytes, manifest) = writer.Finish(location);
        await store.PutAsync(location, bytes);
        return manifest;
    }

    private Guid NewGuid()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
