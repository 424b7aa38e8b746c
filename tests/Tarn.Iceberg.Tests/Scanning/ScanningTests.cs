using Tarn.Core.Errors;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Tests.Scanning;

public sealed class ScanningTests
{
    [Fact]
    public void Splits_RecordedOffsets_AreKeptTogetherUpToTheTarget()
    {
        var file = new DataFile { FilePath = "f", Format = FileFormat.Parquet, RecordCount = 1, FileSizeInBytes = 100, SplitOffsets = [4, 30, 60, 90] };
        var task = new FileScanTask { File = file, Spec = PartitionSpec.Unpartitioned, SequenceNumber = 1, Residual = Expression.True };
        Assert.Equal([new(0, 60), new(60, 40)], task.Splits(50));
        Assert.Equal([new(0, 30), new(30, 30), new(60, 30), new(90, 10)], task.Splits(1));
        Assert.Equal([new(0, 100)], task.Splits());
        Assert.Equal([new(0, 100)], (task with { File = file with { SplitOffsets = [4, 200] } }).Splits(1));
    }

    [Fact]
    public void ManifestCache_OverCapacity_ForgetsTheLeastRecentlyUsed()
    {
        var cache = new ManifestCache(100);
        cache.Put("a", "A", 40);
        cache.Put("b", "B", 40);
        Assert.True(cache.TryGet("a", out string? _));
        cache.Put("c", "C", 40);
        Assert.False(cache.TryGet("b", out string? _));
        Assert.True(cache.TryGet("a", out string? value));
        Assert.Equal("A", value);
        cache.Put("huge", "H", 101);
        Assert.False(cache.TryGet("huge", out string? _));
        Assert.Equal((80, 2), (cache.UsedBytes, cache.Count));
        cache.Put("a", "A2", 10);
        Assert.Equal(50, cache.UsedBytes);
        cache.Clear();
        Assert.Equal((0, 0), (cache.UsedBytes, cache.Count));
    }

    [Fact]
    public async Task TableScan_TimeTravel_FollowsTheSnapshotLog()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var metadata = store.Metadata(new ExpectedTable(store.Folder, "snap_rollback_cherrypick").MetadataFile);
        foreach (var entry in metadata.SnapshotLog)
        {
            var scan = TableScan.Of(metadata).AsOf(DateTimeOffset.FromUnixTimeMilliseconds(entry.TimestampMs));
            Assert.Equal(entry.SnapshotId, scan.Snapshot!.SnapshotId);
        }

        var before = Assert.Throws<TarnException>(() => TableScan.Of(metadata).AsOf(DateTimeOffset.UnixEpoch));
        Assert.Equal(ErrorKind.NotFound, before.Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<TarnException>(() => TableScan.Of(metadata).UseSnapshot(1)).Kind);
        Assert.Contains("main", Assert.Throws<TarnException>(() => TableScan.Of(metadata).UseRef("nope")).Message, StringComparison.Ordinal);
        var plan = await new ScanPlanner(store).PlanAsync(TableScan.Of(metadata).Where(Expression.False));
        Assert.Empty(plan.Tasks);
        Assert.Equal(plan.Metrics.DataManifests, plan.Metrics.DataManifestsSkipped);
    }

    [Fact]
    public void TableScan_Refs_UseTheSchemaOfTheirKind()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var metadata = store.Metadata(new ExpectedTable(store.Folder, "snap_branches_tags").MetadataFile);
        Assert.Equal(metadata.CurrentSchemaId, TableScan.Of(metadata).UseRef("feature/x").Schema.SchemaId);
        var tag = TableScan.Of(metadata).UseRef("v1.0");
        Assert.Equal(tag.Snapshot!.SchemaId, tag.Schema.SchemaId);
        Assert.NotEqual(metadata.CurrentSchemaId, tag.Schema.SchemaId);
    }

    [Fact]
    public async Task StreamAsync_StoppedEarly_GivesTheFirstFilesInOrder()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var metadata = store.Metadata(new ExpectedTable(store.Folder, "prune_1000").MetadataFile);
        var planner = new ScanPlanner(store, new ManifestCache(), parallelism: 3);
        var plan = await planner.PlanAsync(TableScan.Of(metadata));
        Assert.Equal(1000, plan.Tasks.Count);
        var first = new List<string>();
        var metrics = new ScanMetrics();
        await foreach (var task in planner.StreamAsync(TableScan.Of(metadata), metrics))
        {
            first.Add(task.File.FilePath);
            if (first.Count == 5)
                break;
        }

        Assert.Equal(plan.Tasks.Take(5).Select(t => t.File.FilePath), first);
        int reads = store.Reads;
        var again = await planner.PlanAsync(TableScan.Of(metadata).Where(Expression.Compare(Operation.Eq, Term.Column("id"), Literal.Of(1230))));
        Assert.Equal(reads, store.Reads);
        Assert.Equal(10, again.Metrics.DataManifests);
        Assert.Equal(again.Metrics.DataManifests - again.Metrics.DataManifestsSkipped, again.Metrics.ManifestsFromCache);
        Assert.Equal(1000, again.Metrics.FilesTotal);
        Assert.Single(again.Tasks);
    }

    [Fact]
    public void Select_Columns_AreResolvedToIds()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var metadata = store.Metadata(new ExpectedTable(store.Folder, "prune_1000").MetadataFile);
        var scan = TableScan.Of(metadata) with { CaseSensitive = false };
        Assert.Equal([metadata.CurrentSchema.FindField("id")!.Id], scan.Select("ID").SelectedFieldIds);
        Assert.Equal(ErrorKind.InvalidRequest, Assert.Throws<TarnException>(() => scan.Select("nope")).Kind);
    }

    [Fact]
    public async Task PlanAsync_ManyAtOnceOverASmallCache_AllGiveTheSame()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var metadata = store.Metadata(new ExpectedTable(store.Folder, "prune_1000").MetadataFile);
        var cache = new ManifestCache(200_000);
        var planner = new ScanPlanner(store, cache);
        Expression[] filters =
        [
            Expression.True,
            Expression.Compare(Operation.Lt, Term.Column("id"), Literal.Of(500)),
            Expression.Compare(Operation.Eq, Term.Column("cat"), Literal.Of("alpha")),
        ];
        int[] expected = new int[filters.Length];
        for (int i = 0; i < filters.Length; i++)
            expected[i] = (await new ScanPlanner(store).PlanAsync(TableScan.Of(metadata).Where(filters[i]))).Tasks.Count;
        int[] found = await Task.WhenAll(Enumerable.Range(0, 48).Select(async i =>
            (await planner.PlanAsync(TableScan.Of(metadata).Where(filters[i % filters.Length]))).Tasks.Count));
        Assert.Equal(Enumerable.Range(0, 48).Select(i => expected[i % filters.Length]), found);
        Assert.InRange(cache.UsedBytes, 1, cache.CapacityBytes);
    }

    [Fact]
    public async Task AllRowsMatch_PartitionOrBounds_Tell()
    {
        if (FixtureStore.TryOpen() is not { } store)
            return;
        var metadata = store.Metadata(new ExpectedTable(store.Folder, "prune_1000").MetadataFile);
        var byPartition = TableScan.Of(metadata).Where(Expression.Compare(Operation.Eq, Term.Column("cat"), Literal.Of("alpha")));
        Assert.All((await new ScanPlanner(store).PlanAsync(byPartition)).Tasks, t => Assert.True(t.AllRowsMatch));
        var byBounds = TableScan.Of(metadata).Where(Expression.Compare(Operation.Lt, Term.Column("id"), Literal.Of(501)));
        var planner = new ScanPlanner(store, new ManifestCache());
        Assert.All((await planner.PlanAsync(byBounds)).Tasks, t => Assert.False(t.AllRowsMatch));
        var tasks = (await planner.PlanAsync(byBounds with { IncludeColumnStats = true })).Tasks;
        Assert.Contains(tasks, t => t.AllRowsMatch);
        Assert.All(tasks, t => Assert.NotNull(t.File.LowerBounds));
    }
}
