using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Maintenance;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Tests.Transactions;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Tests.Maintenance;

public sealed class RelocateTableTests
{
    private static readonly LocationMap Moves = new([KeyValuePair.Create("s3://lake/", "s3://bucket/prefix/")]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Prepare_TableWithHistory_NamesTheNewPlaceEverywhere(int formatVersion)
    {
        using var lake = await WithHistoryAsync(formatVersion);
        var before = await lake.TableAsync();
        await CopyDataAsync(lake, "a", "b", "c");

        string moved = await new RelocateTable(lake.Store, Moves, Guid.NewGuid).PrepareAsync(before);
        var after = await lake.Catalog.RegisterTableAsync(Lake.Name, moved, replaced: before);

        Assert.StartsWith("s3://bucket/prefix/ns/t/metadata/", moved, StringComparison.Ordinal);
        Assert.Equal("s3://bucket/prefix/ns/t", after.Metadata.Location);
        Assert.Equal("s3://bucket/prefix/elsewhere", after.Metadata.Properties["write.data.path"]);
        Assert.Equal(before.Metadata.TableUuid, after.Metadata.TableUuid);
        Assert.Equal(before.Metadata.Snapshots.Select(s => (s.SnapshotId, s.ParentSnapshotId, s.SequenceNumber, s.TimestampMs, s.Operation)), after.Metadata.Snapshots.Select(s => (s.SnapshotId, s.ParentSnapshotId, s.SequenceNumber, s.TimestampMs, s.Operation)));
        foreach (var (old, now) in before.Metadata.Snapshots.Zip(after.Metadata.Snapshots))
            await AssertSameAsync(lake, before.Metadata, old, now);
    }

    [Fact]
    public async Task Prepare_RelocatedTable_TakesFurtherCommits()
    {
        using var lake = await WithHistoryAsync(2);
        var before = await lake.TableAsync();
        await CopyDataAsync(lake, "a", "b", "c");
        await lake.Catalog.RegisterTableAsync(Lake.Name, await new RelocateTable(lake.Store, Moves, Guid.NewGuid).PrepareAsync(before), replaced: before);

        var table = await lake.CommitAsync(new FastAppend().Add(Lake.File("d", region: "north") with { FilePath = "s3://bucket/prefix/ns/t/data/d.parquet" }));

        Assert.Equal(["a", "c", "d"], await lake.LiveAsync(table));
    }

    [Fact]
    public async Task Prepare_DataFileIsMissing_ChangesNothing()
    {
        using var lake = await WithHistoryAsync(2);
        await CopyDataAsync(lake, "a", "c");

        var error = await Assert.ThrowsAsync<TarnException>(async () => await new RelocateTable(lake.Store, Moves, Guid.NewGuid).PrepareAsync(await lake.TableAsync()));

        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Contains("1 of 3 data files", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://bucket/prefix/ns/t/data/b.parquet", error.Message, StringComparison.Ordinal);
        Assert.Empty(await NamesAsync(lake, "s3://bucket/prefix/ns/t/metadata/"));
    }

    [Fact]
    public async Task Prepare_TableElsewhere_IsRefused()
    {
        using var lake = await WithHistoryAsync(2);
        var other = new LocationMap([KeyValuePair.Create("s3://other/", "s3://bucket/")]);

        var error = await Assert.ThrowsAsync<TarnException>(async () => await new RelocateTable(lake.Store, other, Guid.NewGuid).PrepareAsync(await lake.TableAsync()));

        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
    }

    private static async Task<Lake> WithHistoryAsync(int formatVersion)
    {
        var lake = await Lake.WithTableAsync(formatVersion, Lake.ByRegion, new() { ["write.data.path"] = "s3://lake/elsewhere" });
        await lake.CommitAsync(new FastAppend().Add(Lake.File("a", region: "north")).Add(Lake.File("b", region: "south", firstId: 10)));
        await lake.CommitAsync(new FastAppend().Add(Lake.File("c", region: "north", firstId: 20)));
        await lake.CommitAsync(new DeleteFiles().Delete("s3://lake/ns/t/data/b.parquet"));
        return lake;
    }

    private static async Task CopyDataAsync(Lake lake, params string[] names)
    {
        foreach (string name in names)
            await lake.Store.PutAsync($"s3://bucket/prefix/ns/t/data/{name}.parquet", new byte[1000]);
    }

    private static async Task AssertSameAsync(Lake lake, TableMetadata table, Snapshot old, Snapshot now)
    {
        var expected = await lake.EntriesAsync(table, old);
        var actual = await lake.EntriesAsync(table, now);
        Assert.Equal(expected.Select(e => (e.Status, e.SnapshotId, e.SequenceNumber, e.FileSequenceNumber)), actual.Select(e => (e.Status, e.SnapshotId, e.SequenceNumber, e.FileSequenceNumber)));
        Assert.Equal(expected.Select(e => Moves.Map(e.DataFile.FilePath)), actual.Select(e => e.DataFile.FilePath));
        Assert.Equal(expected.Select(e => (e.DataFile.RecordCount, e.DataFile.FirstRowId)), actual.Select(e => (e.DataFile.RecordCount, e.DataFile.FirstRowId)));
        Assert.Equal(expected.Select(e => Convert.ToHexString(e.DataFile.LowerBounds![1])), actual.Select(e => Convert.ToHexString(e.DataFile.LowerBounds![1])));
        foreach (var manifest in await lake.ManifestsAsync(now))
        {
            Assert.StartsWith("s3://bucket/prefix/ns/t/metadata/", manifest.ManifestPath, StringComparison.Ordinal);
            Assert.Equal((await lake.Store.HeadAsync(manifest.ManifestPath))!.SizeBytes, manifest.ManifestLength);
        }
    }

    private static async Task<List<string>> NamesAsync(Lake lake, string prefix)
    {
        var names = new List<string>();
        await foreach (var stat in lake.Store.ListAsync(prefix))
            names.Add(stat.Location);
        return names;
    }
}
