using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Tests.Scanning;
using Tarn.Iceberg.Transactions;
using Tarn.Iceberg.Transforms;

namespace Tarn.Iceberg.Tests.Transactions;

/// <summary>Repeats what other implementations committed, and compares the snapshots that come out.</summary>
public sealed class ReplayTests
{
    // Written by others' rules: which manifests were merged when, and notes of their own.
    private static readonly HashSet<string> Ignored = ["engine-name", "engine-version", "iceberg-version", "app-id", "app-name", "spark.app.id", "replace-partitions"];

    [Fact]
    public async Task Commit_OperationsOfForeignTables_GivesTheSameSummaries()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        int tables = 0, snapshots = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(store.Folder, "expected"), "*.json").Order(StringComparer.Ordinal))
        {
            if (ExpectedMetadata(file) is not { } metadataFile)
                continue;
            var foreign = store.Metadata(metadataFile);
            if (!await IsReplayableAsync(foreign, store))
                continue;
            tables++;
            snapshots += await ReplayAsync(foreign, store, Path.GetFileName(file));
        }

        Assert.True(tables >= 100 && snapshots >= 200, $"{tables} tables with {snapshots} snapshots replayed");
    }

    private static string? ExpectedMetadata(string file)
    {
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object && json.RootElement.TryGetProperty("metadata_file", out var path) && !file.Contains("view_") ? path.GetString() : null;
    }

    // One line of appends, overwrites and deletes of data files, in one format version.
    private static async Task<bool> IsReplayableAsync(TableMetadata table, IObjectStore store)
    {
        if (table.Snapshots.Count == 0 || table.Snapshots.Exists(s => s.Operation is null or "replace" || !s.Summary.ContainsKey("manifests-created") || (s.Summary.ContainsKey("added-data-files") && !s.Summary.ContainsKey("added-files-size"))))
            return false;
        for (int i = 0; i < table.Snapshots.Count; i++)
        {
            if (table.Snapshots[i].ParentSnapshotId != (i == 0 ? null : table.Snapshots[i - 1].SnapshotId))
                return false;
            if ((await ManifestsAsync(table.Snapshots[i], store)).Any(m => m.Content == ManifestContent.Deletes))
                return false;
        }

        return table.FormatVersion == 1 || table.Snapshots.All(s => s.SequenceNumber > 0);
    }

    private static async Task<int> ReplayAsync(TableMetadata foreign, FixtureStore store, string name)
    {
        using var lake = await Lake.EmptyAsync();
        var empty = foreign with
        {
            Location = "s3://lake/ns/t",
            Properties = foreign.Properties.Remove("write.metadata.path"),
            Snapshots = [],
            SnapshotLog = [],
            MetadataLog = [],
            Refs = foreign.Refs.Clear(),
            Statistics = [],
            PartitionStatistics = [],
            CurrentSnapshotId = null,
            LastSequenceNumber = 0,
            NextRowId = 0,
        };
        await lake.Store.PutAsync("s3://lake/ns/t/metadata/start.metadata.json", Tarn.Iceberg.Serialization.Json.TableMetadataJson.Write(empty));
        await lake.Catalog.RegisterTableAsync(Lake.Name, "s3://lake/ns/t/metadata/start.metadata.json");
        foreach (var snapshot in foreign.Snapshots)
        {
            var (added, removed) = await ChangesAsync(foreign, snapshot, store);
            TableMetadata table;
            if (snapshot.Operation == "append")
            {
                table = await lake.CommitAsync(new MergeAppend().Add(added));
            }
            else
            {
                var change = new OverwriteFiles();
                added.ForEach(f => change.Add(f));
                removed.ForEach(f => change.Delete(f));
                table = await lake.CommitAsync(change);
            }

            Assert.Equal($"{name} {snapshot.SnapshotId}: {Shown(snapshot, keepManifests: false)}", $"{name} {snapshot.SnapshotId}: {Shown(table.CurrentSnapshot!, keepManifests: false)}");
            if (foreign.FormatVersion == 3)
                Assert.Equal((snapshot.FirstRowId, snapshot.AddedRows), (table.CurrentSnapshot!.FirstRowId, table.CurrentSnapshot.AddedRows));
        }

        return foreign.Snapshots.Count;
    }

    private static string Shown(Snapshot snapshot, bool keepManifests) => string.Join(' ', snapshot.Summary
        .Where(p => !Ignored.Contains(p.Key) && (keepManifests || !p.Key.StartsWith("manifests-", StringComparison.Ordinal)))
        .Select(p => $"{p.Key}={p.Value}"));

    private static async Task<IReadOnlyList<ManifestFile>> ManifestsAsync(Snapshot snapshot, IObjectStore store) =>
        snapshot.ManifestList is { } list ? ManifestListReader.Read(await store.ReadAsync(list), list) : throw TarnException.Unsupported("Inline manifests are not replayed.");

    private static async Task<(List<DataFile> Added, List<DataFile> Removed)> ChangesAsync(TableMetadata table, Snapshot snapshot, IObjectStore store)
    {
        List<DataFile> added = [], removed = [];
        foreach (var manifest in await ManifestsAsync(snapshot, store))
        {
            var type = table.PartitionType(table.Spec(manifest.PartitionSpecId));
            foreach (var entry in ManifestReader.Read(await store.ReadAsync(manifest.ManifestPath), manifest, type).Where(e => e.SnapshotId == snapshot.SnapshotId))
            {
                if (entry.Status == ManifestEntryStatus.Deleted)
                    removed.Add(entry.DataFile);
                else if (entry.Status == ManifestEntryStatus.Added)
                    added.Add(entry.DataFile with { FirstRowId = null, SpecId = manifest.PartitionSpecId });
            }
        }

        return (added, removed);
    }
}
