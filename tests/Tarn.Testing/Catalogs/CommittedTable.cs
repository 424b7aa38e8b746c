using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transforms;

namespace Tarn.Testing.Catalogs;

/// <summary>Reads all entries of all snapshots of a table and says whether they make one line of appends.</summary>
public static class CommittedTable
{
    /// <summary>Checks the line of a branch against the sums of what was acknowledged.</summary>
    /// <returns>Live entries of the head.</returns>
    public static async Task<IReadOnlyList<ManifestEntry>> VerifyAsync(IObjectStore store, TableHandle table, long rows, int files, string branch = Snapshot.MainBranch)
    {
        var metadata = table.Metadata;
        var line = Line(metadata, branch);
        var before = new Dictionary<string, ManifestEntry>();
        Snapshot? parent = null;
        long nextRowId = 0;
        foreach (var snapshot in line)
        {
            Assert.Equal(parent?.SnapshotId, snapshot.ParentSnapshotId);
            Assert.True(metadata.FormatVersion == 1 || snapshot.SequenceNumber > (parent?.SequenceNumber ?? 0), $"Sequence number {snapshot.SequenceNumber} follows {parent?.SequenceNumber}.");
            Assert.True(snapshot.TimestampMs >= (parent?.TimestampMs ?? 0));
            var entries = await EntriesAsync(store, metadata, snapshot);
            Assert.Equal(entries.Count, entries.Select(e => e.DataFile.FilePath).Distinct().Count());
            var byPath = entries.ToDictionary(e => e.DataFile.FilePath);
            foreach (var (path, entry) in before)
                Assert.Equal((entry.SequenceNumber, entry.DataFile.FirstRowId, entry.SnapshotId), (byPath[path].SequenceNumber, byPath[path].DataFile.FirstRowId, byPath[path].SnapshotId));
            var added = entries.Where(e => !before.ContainsKey(e.DataFile.FilePath)).ToList();
            Assert.All(added, e => Assert.Equal((snapshot.SnapshotId, snapshot.SequenceNumber, ManifestEntryStatus.Added), (e.SnapshotId, e.SequenceNumber, e.Status)));
            VerifySummary(snapshot, entries, added);
            if (metadata.FormatVersion >= 3)
            {
                Assert.True(snapshot.FirstRowId >= nextRowId);
                // Ids are set aside for all rows of a merged manifest, also for those that have one.
                Assert.True(snapshot.AddedRows >= added.Sum(e => e.DataFile.RecordCount));
                nextRowId = snapshot.FirstRowId!.Value + snapshot.AddedRows!.Value;
            }

            (before, parent) = (byPath, snapshot);
        }

        Assert.Equal(rows, before.Values.Sum(e => e.DataFile.RecordCount));
        Assert.Equal(files, before.Count);
        if (metadata.FormatVersion >= 3)
            VerifyRowIds(before.Values, metadata.NextRowId);
        return [.. before.Values];
    }

    /// <summary>The snapshots of a branch, oldest first.</summary>
    public static IReadOnlyList<Snapshot> Line(TableMetadata metadata, string branch)
    {
        var line = new List<Snapshot>();
        for (long? id = metadata.Refs.GetValueOrDefault(branch)?.SnapshotId; id is { } known; id = line[^1].ParentSnapshotId)
            line.Add(metadata.FindSnapshot(known)!);
        line.Reverse();
        return line;
    }

    private static async Task<List<ManifestEntry>> EntriesAsync(IObjectStore store, TableMetadata metadata, Snapshot snapshot)
    {
        var entries = new List<ManifestEntry>();
        foreach (var manifest in ManifestListReader.Read(await store.ReadAsync(snapshot.ManifestList!), snapshot.ManifestList!))
            entries.AddRange(ManifestReader.Read(await store.ReadAsync(manifest.ManifestPath), manifest, metadata.PartitionType(metadata.Spec(manifest.PartitionSpecId))));
        return entries;
    }

    private static void VerifySummary(Snapshot snapshot, List<ManifestEntry> entries, List<ManifestEntry> added)
    {
        Assert.Equal($"{entries.Sum(e => e.DataFile.RecordCount)}", snapshot.Summary["total-records"]);
        Assert.Equal($"{entries.Count}", snapshot.Summary["total-data-files"]);
        Assert.Equal($"{entries.Sum(e => e.DataFile.FileSizeInBytes)}", snapshot.Summary["total-files-size"]);
        Assert.Equal($"{added.Sum(e => e.DataFile.RecordCount)}", snapshot.Summary["added-records"]);
    }

    private static void VerifyRowIds(IEnumerable<ManifestEntry> entries, long nextRowId)
    {
        long free = 0;
        foreach (var file in entries.Select(e => e.DataFile).OrderBy(f => f.FirstRowId))
        {
            Assert.True(file.FirstRowId >= free, $"Rows of '{file.FilePath}' begin at {file.FirstRowId}; {free} is the first free id.");
            free = file.FirstRowId!.Value + file.RecordCount;
        }

        Assert.True(free <= nextRowId);
    }
}
