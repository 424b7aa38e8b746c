using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tarn.Core.Storage;
using Tarn.DuckDb;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Iceberg.Transforms;

namespace Tarn.Testing.Deletes;

/// <summary>
/// Writes delete files and commits them, as engines do that delete without rewriting data files. Every commit writes the list of all live delete files
/// anew, in one manifest for each partition spec.
/// </summary>
/// <param name="catalog">Where the table is.</param>
/// <param name="store">Where its files are.</param>
/// <param name="random">Makes names and ids.</param>
public sealed class WrittenDeletes(ICatalog catalog, IObjectStore store, Random random)
{
    /// <summary>A file of position deletes.</summary>
    /// <param name="table">The table.</param>
    /// <param name="positions">Locations of data files and positions in them, in the order in which they are written.</param>
    /// <param name="partition">A data file of their partition.</param>
    /// <param name="referenced">The one data file that they are of, or null.</param>
    public async Task<DataFile> PositionsAsync(TableHandle table, IReadOnlyList<(string File, long Position)> positions, DataFile partition, string? referenced = null)
    {
        string rows = string.Join(", ", positions.Select(p => string.Create(CultureInfo.InvariantCulture, $"('{p.File}', {p.Position})")));
        return await PositionsAsync(table, $"SELECT file_path, pos::BIGINT AS pos FROM (VALUES {rows}) t(file_path, pos)", positions.Count, partition) with { ReferencedDataFile = referenced };
    }

    /// <summary>A file of position deletes.</summary>
    /// <param name="table">The table.</param>
    /// <param name="sql">A query of <c>file_path</c> and <c>pos</c>.</param>
    /// <param name="recordCount">How many rows it has.</param>
    /// <param name="partition">A data file of their partition.</param>
    public async Task<DataFile> PositionsAsync(TableHandle table, string sql, long recordCount, DataFile partition)
    {
        var (location, size) = await WriteAsync(table, sql, "{file_path: 2147483546, pos: 2147483545}");
        return Delete(FileContent.PositionDeletes, location, size, recordCount, partition);
    }

    /// <summary>A file of equality deletes.</summary>
    /// <param name="table">The table.</param>
    /// <param name="sql">A query of the keys.</param>
    /// <param name="fieldIds">Names of its columns and their ids.</param>
    /// <param name="recordCount">How many rows it has.</param>
    /// <param name="partition">A data file of their partition.</param>
    public async Task<DataFile> EqualityAsync(TableHandle table, string sql, IReadOnlyDictionary<string, int> fieldIds, long recordCount, DataFile partition)
    {
        var (location, size) = await WriteAsync(table, sql, $"{{{string.Join(", ", fieldIds.Select(f => $"{f.Key}: {f.Value}"))}}}");
        return Delete(FileContent.EqualityDeletes, location, size, recordCount, partition) with { EqualityIds = [.. fieldIds.Values] };
    }

    /// <summary>A deletion vector in a Puffin file of its own.</summary>
    /// <param name="table">The table.</param>
    /// <param name="positions">Positions.</param>
    /// <param name="dataFile">The data file.</param>
    public async Task<DataFile> VectorAsync(TableHandle table, IReadOnlyCollection<long> positions, DataFile dataFile)
    {
        byte[] blob = RoaringBytes.Blob(RoaringBytes.Of(positions, withRuns: random.Next(2) == 0));
        string footer = $$$"""
            {"blobs":[{"type":"deletion-vector-v1","fields":[],"snapshot-id":-1,"sequence-number":-1,"offset":4,"length":{{{blob.Length}}},"properties":{"referenced-data-file":"{{{dataFile.FilePath}}}","cardinality":"{{{positions.Count}}}"}}]}
            """;
        byte[] payload = Encoding.UTF8.GetBytes(footer), size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, payload.Length);
        byte[] file = [.. "PFA1"u8, .. blob, .. "PFA1"u8, .. payload, .. size, 0, 0, 0, 0, .. "PFA1"u8];
        string location = $"{table.Metadata.Location}/data/{Name()}.puffin";
        await store.PutAsync(location, file);
        return Delete(FileContent.PositionDeletes, location, file.Length, positions.Count, dataFile) with
        {
            Format = FileFormat.Puffin,
            ReferencedDataFile = dataFile.FilePath,
            ContentOffset = 4,
            ContentSizeInBytes = blob.Length,
        };
    }

    /// <summary>Commits delete files; those of them that are deletion vectors replace older ones of the same data file. <paramref name="dataTwice"/> lists all data files twice.</summary>
    public async Task CommitAsync(TableIdentifier identifier, IReadOnlyList<DataFile> added, bool dataTwice = false)
    {
        var table = (await catalog.LoadTableAsync(identifier))!;
        var metadata = table.Metadata;
        var parent = metadata.CurrentSnapshot!;
        long id = random.NextInt64(1, long.MaxValue), sequence = metadata.LastSequenceNumber + 1;
        var listed = ManifestListReader.Read(await store.ReadAsync(parent.ManifestList!), parent.ManifestList!);
        var live = await LiveDeletesAsync(metadata, listed);
        var replaced = added.Where(a => a.IsDeletionVector).Select(a => a.ReferencedDataFile).ToHashSet();
        var manifests = listed.Where(m => m.Content == ManifestContent.Data).SelectMany(m => Enumerable.Repeat(m, dataTwice ? 2 : 1)).ToList();
        foreach (int specId in live.Select(e => e.DataFile.SpecId).Concat(added.Select(a => a.SpecId)).Distinct())
        {
            var spec = metadata.Spec(specId);
            var writer = new ManifestWriter(metadata.FormatVersion, metadata.CurrentSchema, spec, metadata.PartitionType(spec), ManifestContent.Deletes, id);
            foreach (var entry in live.Where(e => e.DataFile.SpecId == specId && !(e.DataFile.IsDeletionVector && replaced.Contains(e.DataFile.ReferencedDataFile))))
                writer.Keep(entry);
            foreach (var file in added.Where(a => a.SpecId == specId))
                writer.Add(file);
            string location = $"{metadata.Location}/metadata/{Name()}-m.avro";
            var (bytes, manifest) = writer.Finish(location);
            await store.PutAsync(location, bytes);
            manifests.Add(manifest);
        }

        string list = $"{metadata.Location}/metadata/{Name()}-snap.avro";
        long? nextRowId = metadata.FormatVersion >= 3 ? metadata.NextRowId : null;
        await store.PutAsync(list, ManifestListWriter.Write(metadata.FormatVersion, id, parent.SnapshotId, sequence, nextRowId, manifests).Bytes);
        var snapshot = new Snapshot
        {
            SnapshotId = id,
            ParentSnapshotId = parent.SnapshotId,
            SequenceNumber = sequence,
            TimestampMs = Math.Max(metadata.LastUpdatedMs, parent.TimestampMs),
            ManifestList = list,
            SchemaId = metadata.CurrentSchemaId,
            Summary = Summary(parent, live, added),
            FirstRowId = nextRowId,
            AddedRows = nextRowId is null ? null : 0,
        };
        await catalog.CommitAsync([new TableCommit(identifier, [], [new TableUpdate.AddSnapshot(snapshot), new TableUpdate.SetSnapshotRef(Snapshot.MainBranch, new SnapshotRef(id, SnapshotRefType.Branch))])]);
    }

    // As other engines write it: what stood before is counted on, also where a vector replaces it or its data file is gone.
    private static ImmutableSortedDictionary<string, string> Summary(Snapshot parent, IReadOnlyList<ManifestEntry> live, IReadOnlyList<DataFile> added)
    {
        DataFile[] all = [.. live.Select(e => e.DataFile), .. added];
        return parent.Summary.RemoveRange(["added-records", "added-data-files", "added-files-size"]).SetItems(
        [
            new("operation", "delete"), new("total-delete-files", $"{all.Length}"),
            new("total-position-deletes", $"{all.Where(d => d.Content == FileContent.PositionDeletes).Sum(d => d.RecordCount)}"),
            new("total-equality-deletes", $"{all.Where(d => d.Content == FileContent.EqualityDeletes).Sum(d => d.RecordCount)}"),
        ]);
    }

    private async Task<IReadOnlyList<ManifestEntry>> LiveDeletesAsync(TableMetadata metadata, IReadOnlyList<ManifestFile> listed)
    {
        var live = new List<ManifestEntry>();
        foreach (var manifest in listed.Where(m => m.Content == ManifestContent.Deletes))
            live.AddRange(ManifestReader.Read(await store.ReadAsync(manifest.ManifestPath), manifest, metadata.PartitionType(metadata.Spec(manifest.PartitionSpecId))).Where(e => e.IsLive));
        return live;
    }

    private async Task<(string Location, long SizeBytes)> WriteAsync(TableHandle table, string sql, string fieldIds)
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        var staged = store.Stage(".parquet");
        connection.Execute($"COPY ({sql}) TO '{staged.Path}' (FORMAT parquet, FIELD_IDS {fieldIds})");
        string location = $"{table.Metadata.Location}/data/{Name()}.parquet";
        var stored = await store.AdoptAsync([(staged, location)]);
        return (location, stored[0].SizeBytes);
    }

    private static DataFile Delete(FileContent content, string location, long sizeBytes, long recordCount, DataFile partition) => new()
    {
        Content = content,
        FilePath = location,
        Format = FileFormat.Parquet,
        RecordCount = recordCount,
        FileSizeInBytes = sizeBytes,
        SpecId = partition.SpecId,
        Partition = partition.Partition,
    };

    private string Name() => string.Create(CultureInfo.InvariantCulture, $"delete-{random.NextInt64():x16}");
}
