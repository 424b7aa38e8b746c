using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Tests.Transactions;

public sealed class DataOperationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task FastAppend_TwoCommits_NumbersEverythingByTheSpecification(int version)
    {
        using var lake = await Lake.WithTableAsync(version);
        await lake.CommitAsync(new FastAppend().Add(Lake.File("a")).Add(Lake.File("b", rows: 5)));
        var table = await lake.CommitAsync(new FastAppend().Add(Lake.File("c", rows: 7)).Set("app", "test"));

        Assert.Equal(["a", "b", "c"], await lake.LiveAsync(table));
        var (first, second) = (table.Snapshots[0], table.Snapshots[1]);
        Assert.Equal(version == 1 ? (0L, 0L, 0L) : (1, 2, 2), (first.SequenceNumber, second.SequenceNumber, table.LastSequenceNumber));
        Assert.Equal(first.SnapshotId, second.ParentSnapshotId);
        Assert.Equal(version < 3 ? (null, null, 0L) : (15L, 7L, 22L), (second.FirstRowId, second.AddedRows, table.NextRowId));
        var manifests = await lake.ManifestsAsync(second);
        Assert.Equal(version == 1 ? [0L, 0] : [2, 1], manifests.Select(m => m.SequenceNumber));
        Assert.Equal(version < 3 ? [null, null] : [15L, 0L], manifests.Select(m => m.FirstRowId));
        var entries = await lake.EntriesAsync(table);
        Assert.Equal(version < 3 ? [null, null, null] : [15L, 0L, 10L], entries.Select(e => e.DataFile.FirstRowId));
        Assert.Equal(version == 1 ? [0L, 0, 0] : [2, 1, 1], entries.Select(e => e.SequenceNumber!.Value));
        Assert.Equal(
            "added-data-files=1 added-files-size=700 added-records=7 app=test changed-partition-count=1 manifests-created=1 manifests-kept=1 manifests-replaced=0 operation=append "
            + "total-data-files=3 total-delete-files=0 total-equality-deletes=0 total-files-size=2200 total-position-deletes=0 total-records=22",
            string.Join(' ', second.Summary.Select(p => $"{p.Key}={p.Value}")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task MergeAppend_ManyCommits_MergesManifestsAndKeepsNumbers(int version)
    {
        using var lake = await Lake.WithTableAsync(version, properties: new() { ["commit.manifest.min-count-to-merge"] = "3" });
        for (int i = 0; i < 4; i++)
            await lake.CommitAsync(new MergeAppend().Add(Lake.File($"f{i}")));
        var table = (await lake.TableAsync()).Metadata;

        Assert.Equal(["f0", "f1", "f2", "f3"], await lake.LiveAsync(table));
        Assert.Equal(["0", "0", "2", "0"], table.Snapshots.Select(s => s.Summary["manifests-replaced"]));
        Assert.Equal(["1", "2", "1", "2"], (await Task.WhenAll(table.Snapshots.Select(lake.ManifestsAsync))).Select(m => m.Count.ToString()));
        var entries = (await lake.EntriesAsync(table)).OrderBy(e => e.DataFile.FilePath, StringComparer.Ordinal).ToArray();
        Assert.Equal(table.Snapshots.Select(s => (long?)s.SnapshotId), entries.Select(e => e.SnapshotId));
        Assert.Equal(version == 1 ? [0L, 0, 0, 0] : [1, 2, 3, 4], entries.Select(e => e.SequenceNumber!.Value));
        if (version == 3)
        {
            // Ids that files got once stay when their manifests are merged.
            Assert.Equal([0L, 10], entries.Take(2).Select(e => e.DataFile.FirstRowId!.Value));
            var first = await lake.EntriesAsync(table, table.Snapshots[2]);
            Assert.Equal(first.Single(e => e.DataFile.FilePath.Contains("f2")).DataFile.FirstRowId, entries[2].DataFile.FirstRowId);
            Assert.Equal(4, entries.Select(e => e.DataFile.FirstRowId).Distinct().Count());
        }
    }

    [Fact]
    public async Task MergeAppend_LargeCommit_RollsManifests()
    {
        using var lake = await Lake.WithTableAsync(properties: new() { ["commit.manifest.target-size-bytes"] = "20000", ["commit.manifest-merge.enabled"] = "false" });
        var table = await lake.CommitAsync(new MergeAppend().Add(Enumerable.Range(0, 5000).Select(i => Lake.File($"f{i:0000}-{Guid.NewGuid()}"))));
        var manifests = await lake.ManifestsAsync(table.CurrentSnapshot!);
        Assert.True(manifests.Count > 2, $"{manifests.Count} manifests");
        Assert.Equal(5000, manifests.Sum(m => m.AddedFilesCount));
        Assert.Equal(manifests.Count.ToString(), table.CurrentSnapshot!.Summary["manifests-created"]);
    }

    [Fact]
    public async Task Append_ToBranch_LeavesMainAlone()
    {
        using var lake = await Lake.WithTableAsync();
        await lake.CommitAsync(new FastAppend().Add(Lake.File("a")));
        await lake.CommitAsync(new FastAppend().ToBranch("audit").Add(Lake.File("b")));
        var table = await lake.CommitAsync(new FastAppend().Add(Lake.File("c")));
        Assert.Equal(["a", "c"], await lake.LiveAsync(table));
        Assert.Equal(["a", "b"], await lake.LiveAsync(table, "audit"));
        Assert.Equal(2, table.SnapshotLog.Count);
        await lake.CommitAsync(new ManageSnapshots().CreateTag("t"));
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(new FastAppend().ToBranch("t").Add(Lake.File("d"))));
        Assert.Contains("is a tag", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task DeleteFiles_ByFilter_RemovesWholeFilesOnly(int version)
    {
        using var lake = await Lake.WithTableAsync(version);
        await lake.CommitAsync(new MergeAppend().Add(Lake.File("a", firstId: 0)).Add(Lake.File("b", firstId: 10)).Add(Lake.File("c", firstId: 20)));
        var table = await lake.CommitAsync(new DeleteFiles().DeleteWhere(Less(20)));
        Assert.Equal(["c"], await lake.LiveAsync(table));
        var summary = table.CurrentSnapshot!.Summary;
        Assert.Equal(("delete", "2", "20", "10", "1", "1"), (table.CurrentSnapshot.Operation, summary["deleted-data-files"], summary["deleted-records"], summary["total-records"], summary["manifests-created"], summary["manifests-replaced"]));
        var deleted = (await lake.EntriesAsync(table)).Where(e => e.Status == ManifestEntryStatus.Deleted).ToArray();
        Assert.All(deleted, e => Assert.Equal(table.CurrentSnapshotId, e.SnapshotId));
        Assert.Equal(2, deleted.Length);

        var error = await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(new DeleteFiles().DeleteWhere(Less(25))));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("c.parquet", error.Message, StringComparison.Ordinal);
        Assert.Same(table, await lake.CommitAsync(new DeleteFiles().DeleteWhere(Less(0))));
        table = await lake.CommitAsync(new DeleteFiles().DeleteWhere(Expression.True));
        Assert.Empty(await lake.LiveAsync(table));
        Assert.Equal("0", table.CurrentSnapshot!.Summary["total-data-files"]);
        table = await lake.CommitAsync(new MergeAppend().Add(Lake.File("d")));
        Assert.Single(await lake.ManifestsAsync(table.CurrentSnapshot!));
    }

    [Fact]
    public async Task DeleteFiles_ByPartitionFilter_PrunesOtherManifests()
    {
        using var lake = await Lake.WithTableAsync(spec: Lake.ByRegion);
        await lake.CommitAsync(new FastAppend().Add(Lake.File("n1", region: "north")).Add(Lake.File("n2", region: "north")));
        await lake.CommitAsync(new FastAppend().Add(Lake.File("s", region: "south")).Add(Lake.File("x", region: null, partitioned: true)));
        var table = await lake.CommitAsync(new DeleteFiles().DeleteWhere(Expression.Compare(Operation.Eq, Term.Column("region"), Literal.Of("north"))));
        Assert.Equal(["s", "x"], await lake.LiveAsync(table));
        Assert.Equal(("1", "1", "1"), (table.CurrentSnapshot!.Summary["manifests-kept"], table.CurrentSnapshot.Summary["manifests-created"], table.CurrentSnapshot.Summary["changed-partition-count"]));
    }

    [Fact]
    public async Task DeleteFiles_ByPath_FindsOrRefuses()
    {
        using var lake = await Lake.WithTableAsync();
        await lake.CommitAsync(new FastAppend().Add(Lake.File("a")).Add(Lake.File("b")));
        var table = await lake.CommitAsync(new DeleteFiles().Delete(Lake.File("a").FilePath).Delete("s3://lake/none"));
        Assert.Equal(["b"], await lake.LiveAsync(table));
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(new DeleteFiles().Delete("s3://lake/none", mustExist: true)));
        Assert.Equal(ErrorKind.Conflict, error.Kind);
    }

    [Fact]
    public async Task OverwriteFiles_ReplacesFilesInOneSnapshot()
    {
        using var lake = await Lake.WithTableAsync(3);
        await lake.CommitAsync(new FastAppend().Add(Lake.File("a")).Add(Lake.File("b")));
        var table = await lake.CommitAsync(new OverwriteFiles().Delete(Lake.File("a")).Add(Lake.File("c")).ValidateNoConflictingData());
        Assert.Equal(["b", "c"], await lake.LiveAsync(table));
        Assert.Equal("overwrite", table.CurrentSnapshot!.Operation);
        Assert.Equal(("2", "1"), (table.CurrentSnapshot.Summary["manifests-created"], table.CurrentSnapshot.Summary["manifests-replaced"]));
        var kept = (await lake.EntriesAsync(table)).Single(e => e.DataFile.FilePath.Contains("/b."));
        Assert.Equal((10L, 1L), (kept.DataFile.FirstRowId, kept.SequenceNumber));
        Assert.Equal("append", (await lake.CommitAsync(new OverwriteFiles().Add(Lake.File("d")))).CurrentSnapshot!.Operation);
        Assert.Equal("delete", (await lake.CommitAsync(new OverwriteFiles().Delete(Lake.File("d")))).CurrentSnapshot!.Operation);
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(new OverwriteFiles().Delete(Lake.File("a")).Add(Lake.File("e"))));
        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Contains("a.parquet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OverwriteFiles_ConcurrentChanges_AreRefusedWhereTheyConflict()
    {
        using var lake = await Lake.WithTableAsync();
        var start = await lake.CommitAsync(new FastAppend().Add(Lake.File("a", firstId: 0)));
        await lake.CommitAsync(new FastAppend().Add(Lake.File("b", firstId: 100)));
        OverwriteFiles Change() => new OverwriteFiles().OverwriteByFilter(Less(50)).Add(Lake.File("new", firstId: 500)).ValidateFromSnapshot(start.CurrentSnapshotId);
        await lake.CommitAsync(Change().ValidateNoConflictingData());
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(Change().ValidateNoConflictingData(Less(200))));
        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Contains("b.parquet", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(Change().ValidateNoConflictingDeletes()));
        Assert.Contains("a.parquet", error.Message, StringComparison.Ordinal);
        await lake.CommitAsync(new ManageSnapshots().SetCurrent(start.CurrentSnapshotId!.Value));
        error = await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(new OverwriteFiles().Add(Lake.File("z")).ValidateFromSnapshot(4711).ValidateNoConflictingData()));
        Assert.Contains("no longer in the history", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplacePartitions_ReplacesOnlyThosePartitions()
    {
        using var lake = await Lake.WithTableAsync(spec: Lake.ByRegion);
        var start = await lake.CommitAsync(new FastAppend().Add(Lake.File("n", region: "north")).Add(Lake.File("s", region: "south")).Add(Lake.File("x", partitioned: true)));
        var table = await lake.CommitAsync(new ReplacePartitions().Add(Lake.File("n2", region: "north")).Add(Lake.File("x2", partitioned: true)).ValidateNoConflicts());
        Assert.Equal(["n2", "s", "x2"], await lake.LiveAsync(table));
        Assert.Equal(("overwrite", "true", "2"), (table.CurrentSnapshot!.Operation, table.CurrentSnapshot.Summary["replace-partitions"], table.CurrentSnapshot.Summary["changed-partition-count"]));

        using var plain = await Lake.WithTableAsync();
        await plain.CommitAsync(new FastAppend().Add(Lake.File("a")));
        Assert.Equal(["b"], await plain.LiveAsync(await plain.CommitAsync(new ReplacePartitions().Add(Lake.File("b")))));
    }

    [Fact]
    public async Task Add_FileThatDoesNotFit_IsRefused()
    {
        using var lake = await Lake.WithTableAsync();
        Assert.Throws<TarnException>(() => new FastAppend().Add(Lake.File("d") with { Content = FileContent.PositionDeletes }));
        Assert.Throws<TarnException>(() => new FastAppend().Add(Lake.File("d") with { FirstRowId = 1 }));
        await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(new FastAppend().Add(Lake.File("d", region: "r"))));
        await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(new FastAppend().Add(Lake.File("d") with { SpecId = 5 })));
        Assert.Empty(await lake.ObjectsAsync());
    }

    [Fact]
    public async Task Append_AfterUpgrades_ReadsOldManifests()
    {
        using var lake = await Lake.WithTableAsync(1, properties: new() { ["commit.manifest.min-count-to-merge"] = "3" });
        await lake.CommitAsync(new MergeAppend().Add(Lake.File("a")));
        await lake.CommitAsync(new UpdateProperties().Set("format-version", "2"));
        await lake.CommitAsync(new MergeAppend().Add(Lake.File("b")));
        await lake.CommitAsync(new UpdateProperties().Set("format-version", "3"));
        var table = await lake.CommitAsync(new MergeAppend().Add(Lake.File("c")));
        Assert.Equal(["a", "b", "c"], await lake.LiveAsync(table));
        var entries = (await lake.EntriesAsync(table)).OrderBy(e => e.DataFile.FilePath, StringComparer.Ordinal).ToArray();
        Assert.Equal([0L, 1, 2], entries.Select(e => e.SequenceNumber!.Value));
        Assert.Equal(3, entries.Select(e => e.DataFile.FirstRowId).Distinct().Count());
        Assert.All(entries, e => Assert.InRange(e.DataFile.FirstRowId!.Value, 0, table.NextRowId - 10));
    }

    [Fact]
    public async Task SchemaAndPartitionEvolution_BetweenAppends_KeepsSpecsApart()
    {
        using var lake = await Lake.WithTableAsync(spec: Lake.ByRegion);
        await lake.CommitAsync(new MergeAppend().Add(Lake.File("a", region: "north")));
        var table = await lake.CommitAsync(
            new UpdateSchema().AddColumn(null, "day", Tarn.Iceberg.Spec.Types.SimpleType.Date),
            new UpdatePartitionSpec().RemoveField("region").AddField("day", Transform.Month));
        Assert.Equal((1, 1), (table.CurrentSchemaId, table.DefaultSpecId));
        table = await lake.CommitAsync(new MergeAppend().Add(Lake.File("b") with { SpecId = 1, Partition = [600] }));
        Assert.Equal([1, 0], (await lake.ManifestsAsync(table.CurrentSnapshot!)).Select(m => m.PartitionSpecId));
        table = await lake.CommitAsync(new DeleteFiles().DeleteWhere(Expression.Compare(Operation.Eq, Term.Column("region"), Literal.Of("north")).RewriteNot()).Delete(Lake.File("b").FilePath));
        Assert.Empty(await lake.LiveAsync(table));
    }

    private static Expression Less(long id) => Expression.Compare(Operation.Lt, Term.Column("id"), Literal.Of(id));
}
