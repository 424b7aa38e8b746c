using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Requests;
using Tarn.Storage.Faults;
using Tarn.Testing.Catalogs;

namespace Tarn.Metastore.Tests.Catalogs.Committing;

/// <summary>What waits at a table while a commit is held up in its write of the metadata file is written together.</summary>
public sealed class GroupCommitTests : CommittingTestBase
{
    [Fact]
    public async Task Commits_ThatWait_BecomeOneFileAndOneRecord()
    {
        var table = await CreateAsync();
        var (catalog, gate) = Gated();
        var first = catalog.CommitAsync([SetProperty(table, "first", "1")]).AsTask();
        await gate.Reached;
        var appends = new List<TableCommit>();
        for (int i = 0; i < 3; i++)
            appends.Add(await Client.AppendAsync(table, [i + 1]));
        Task<IReadOnlyList<TableHandle>>[] waiting =
        [
            .. appends.Select(a => catalog.CommitAsync([a]).AsTask()),
            catalog.CommitAsync([SetProperty(table, "k", "1")]).AsTask(),
            catalog.CommitAsync([new TableCommit(Orders, [], [new TableUpdate.SetCurrentSchema(99)])]).AsTask(),
            catalog.CommitAsync([new TableCommit(Orders, [new TableRequirement.AssertTableUuid(Guid.NewGuid())], [])]).AsTask(),
            catalog.CommitAsync([SetProperty(table, "k", "2")]).AsTask(),
        ];
        gate.Open();
        var before = (await first)[0];
        Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<TarnException>(() => waiting[4])).Kind);
        await Assert.ThrowsAsync<CommitConflictException>(() => waiting[5]);
        foreach (int i in (int[])[0, 1, 2, 3, 6])
            Assert.Equal((await waiting[0])[0].MetadataLocation, (await waiting[i])[0].MetadataLocation);
        var after = await LoadAsync();
        Assert.Equal((await waiting[0])[0].MetadataLocation, after.MetadataLocation);
        Assert.Equal([table.MetadataLocation, before.MetadataLocation], after.Metadata.MetadataLog.Select(e => e.MetadataFile));
        Assert.Equal(before.Metadata.LastUpdatedMs, after.Metadata.MetadataLog[^1].TimestampMs);
        Assert.Equal("2", after.Metadata.Properties["k"]);
        Assert.Equal(appends.Select(a => SnapshotOf(a).SnapshotId), after.Metadata.SnapshotLog.Select(e => e.SnapshotId));
        await CommittedTable.VerifyAsync(Store, after, 6, 3);
        Assert.Equal(3, await MovesAsync());
    }

    [Fact]
    public async Task Commits_OfTwoPrincipals_AreTwoRecords()
    {
        var table = await CreateAsync();
        var (catalog, gate) = Gated();
        var bob = catalog.With(new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "bob" });
        var first = catalog.CommitAsync([SetProperty(table, "first", "1")]).AsTask();
        await gate.Reached;
        Task[] waiting = [.. Enumerable.Range(0, 4).Select(i => (i is 1 or 2 ? bob : catalog).CommitAsync([SetProperty(table, $"k{i}", "1")]).AsTask())];
        gate.Open();
        await Task.WhenAll(waiting);
        await first;
        var principals = new List<string>();
        await foreach (var commit in Catalog.Log.ReadHistoryAsync(4))
            principals.Add(commit.Principal);
        Assert.Equal(["ada", "bob", "ada"], principals.TakeLast(3));
    }

    [Fact]
    public async Task Commits_OneWithoutRoomForItsKey_IsRefusedAlone()
    {
        var table = await CreateAsync();
        var (catalog, gate) = Gated();
        var first = catalog.CommitAsync([SetProperty(table, "first", "1")]).AsTask();
        await gate.Reached;
        Task[] waiting = [.. Enumerable.Range(0, 4).Select(i => RoomForOne(catalog, isKeyed: i >= 2).CommitAsync([SetProperty(table, $"k{i}", "1")]).AsTask())];
        gate.Open();
        await first;
        await Task.WhenAll(waiting.SkipLast(1));
        await Assert.ThrowsAsync<RequestsFullException>(() => waiting[3]);
        Assert.Equal(["first", "k0", "k1", "k2", "owner"], (await LoadAsync()).Metadata.Properties.Keys);
        Assert.Equal(3, await MovesAsync());
        Assert.Equal(1, (await Catalog.Log.ReadAsync()).Applied.Count);
    }

    [Fact]
    public async Task Commit_CancelledWhileItWaits_IsNotMade()
    {
        var table = await CreateAsync();
        var (catalog, gate) = Gated();
        var first = catalog.CommitAsync([SetProperty(table, "first", "1")]).AsTask();
        await gate.Reached;
        using var cancellation = new CancellationTokenSource();
        var cancelled = catalog.CommitAsync([SetProperty(table, "cancelled", "1")], cancellation.Token).AsTask();
        var both = catalog.CommitAsync([SetProperty(table, "both", "1"), await CreationAsync(TableIdentifier.Of("sales", "new"))], cancellation.Token).AsTask();
        var kept = catalog.CommitAsync([SetProperty(table, "kept", "1")]).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => both);
        gate.Open();
        await Task.WhenAll(first, kept);
        Assert.Equal(["first", "kept", "owner"], (await LoadAsync()).Metadata.Properties.Keys);
        Assert.Null(await Catalog.LoadTableAsync(TableIdentifier.Of("sales", "new")));
    }

    [Fact]
    public async Task Commits_OfOtherTables_DoNotWait()
    {
        var (orders, other) = (await CreateAsync(), await CreateAsync(name: TableIdentifier.Of("sales", "other")));
        var (catalog, gate) = Gated(location => location.StartsWith(orders.Metadata.Location, StringComparison.Ordinal));
        var held = catalog.CommitAsync([SetProperty(orders, "k", "1")]).AsTask();
        await gate.Reached;
        await catalog.CommitAsync([SetProperty(other, "k", "1")]);
        Assert.False(held.IsCompleted);
        var both = catalog.CommitAsync([SetProperty(other, "b", "1"), SetProperty(orders, "b", "1")]).AsTask();
        gate.Open();
        await Task.WhenAll(held, both);
        Assert.Equal(["b", "k", "owner"], (await LoadAsync()).Metadata.Properties.Keys);
    }

    [Fact]
    public async Task Commits_WhoseOneWriteFails_AllFailAndLeaveNothing()
    {
        var table = await CommitAsync(await Client.AppendAsync(await CreateAsync(), [1]));
        TableCommit[] appends = [await Client.AppendAsync(table, [1]), await Client.AppendAsync(table, [2]), await Client.AppendAsync(table, [3])];
        var files = await FilesAsync(table, "");
        bool isFull = true;
        var full = new FaultInjectingObjectStore(Store, (operation, location) =>
            isFull && operation == StoreOperation.Put && location.EndsWith(".metadata.json", StringComparison.Ordinal) ? new StoreFault(ErrorKind.ResourceExhausted, IsApplied: true) : null);
        var catalog = new EmbeddedCatalog(Catalog.Log, full, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" });
        foreach (var append in await Task.WhenAll(appends.Select(a => Task.Run(() => Assert.ThrowsAsync<TarnException>(() => catalog.CommitAsync([a]).AsTask())))))
            Assert.Equal(ErrorKind.ResourceExhausted, append.Kind);
        Assert.Equal(files, await FilesAsync(table, ""));
        isFull = false;
        await Task.WhenAll(appends.Select(a => catalog.CommitAsync([a]).AsTask()));
        await CommittedTable.VerifyAsync(Store, await LoadAsync(), 7, 4);
    }

    // A store with room for one request of a caller.
    private static EmbeddedCatalog RoomForOne(EmbeddedCatalog catalog, bool isKeyed) => catalog.With(new EmbeddedCatalogOptions
    {
        WarehouseLocation = "s3://lake",
        Principal = "ada",
        MaxRequests = 2,
        Request = isKeyed ? new IdempotentRequest(new RequestKey("ada", Guid.NewGuid()), "digest", DateTimeOffset.MaxValue) : null,
    });

    private async Task<int> MovesAsync()
    {
        int moves = 0;
        await foreach (var commit in Catalog.Log.ReadHistoryAsync())
            moves += commit.Changes.OfType<CatalogChange.PutTable>().Count(p => p.Table == Orders);
        return moves;
    }

    private (EmbeddedCatalog Catalog, Gate Gate) Gated(Func<string, bool>? holds = null)
    {
        var gate = new Gate();
        var store = new GatedStore(Store, location => location.EndsWith(".metadata.json", StringComparison.Ordinal) && (holds?.Invoke(location) ?? true), gate);
        return (new EmbeddedCatalog(Catalog.Log, store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" }), gate);
    }

    private sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously), _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Open() => _opened.TrySetResult();

        public Task PassAsync()
        {
            _reached.TrySetResult();
            return _opened.Task;
        }
    }

    /// <summary>Holds up writes at some locations until the gate is open.</summary>
    private sealed class GatedStore(IObjectStore inner, Func<string, bool> holds, Gate gate) : IObjectStore
    {
        public string PlaceOf(string location) => inner.PlaceOf(location);

        public ValueTask<ObjectStat?> HeadAsync(string location, CancellationToken cancellationToken = default) => inner.HeadAsync(location, cancellationToken);

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string location, CancellationToken cancellationToken = default) => inner.ReadAsync(location, cancellationToken);

        public ValueTask<ReadOnlyMemory<byte>> ReadRangeAsync(string location, long offset, int length, CancellationToken cancellationToken = default) => inner.ReadRangeAsync(location, offset, length, cancellationToken);

        public async ValueTask<ObjectStat> PutAsync(string location, ReadOnlyMemory<byte> content, PutCondition condition = PutCondition.IfAbsent, CancellationToken cancellationToken = default)
        {
            if (holds(location))
                await gate.PassAsync();
            return await inner.PutAsync(location, content, condition, cancellationToken);
        }

        public ValueTask DeleteAsync(string location, CancellationToken cancellationToken = default) => inner.DeleteAsync(location, cancellationToken);

        public IAsyncEnumerable<ObjectStat> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

        public ValueTask<LocalLease> LeaseAsync(string location, CancellationToken cancellationToken = default) => inner.LeaseAsync(location, cancellationToken);

        public StagedFile Stage(string extension) => inner.Stage(extension);

        public ValueTask<IReadOnlyList<ObjectStat>> AdoptAsync(IReadOnlyList<(StagedFile File, string Location)> files, CancellationToken cancellationToken = default) => inner.AdoptAsync(files, cancellationToken);
    }
}
