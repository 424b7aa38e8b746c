using System.Collections.Immutable;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Branches;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Serialization;
using Tarn.Storage.Memory;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Branches;

/// <summary>The last drop of a table decides what becomes of its files, on its branch and where that is merged.</summary>
public sealed class PurgedOnBranchTests : IDisposable
{
    private static readonly CatalogAddress s_dev = CatalogAddress.Default with { Branch = "dev" };
    private static readonly Retention s_stays = new(DateTimeOffset.MaxValue, false), s_purged = s_stays with { IsPurged = true };
    private static readonly Guid s_uuid = Guid.NewGuid();
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCommitLog _log;
    private readonly MemoryObjectStore _store = new();
    private readonly CatalogBranches _branches;

    public PurgedOnBranchTests()
    {
        _log = new EmbeddedCommitLog(_folder.Path);
        _branches = new CatalogBranches(_log, _store, CatalogAddress.DefaultWarehouse, "ada", TimeSpan.FromDays(7));
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true, "m1")]
    [InlineData(true, "m0")]
    [InlineData(false, "m1")]
    public async Task Merge_OfATablePurgedRegisteredAndDroppedWithoutPurge_PurgesNowhere(bool hasUuid, string registered)
    {
        await CreateAsync(hasUuid ? s_uuid : null);
        await AppendAsync(s_dev, Drop("t", s_purged));
        await AppendAsync(s_dev, new CatalogChange.PutTable(Name("again"), hasUuid ? s_uuid : null, registered));
        await AppendAsync(s_dev, Drop("again", s_stays));
        await _branches.MergeAsync("dev", "main");
        Assert.Equal([(s_dev, "t", false), (s_dev, "again", false), (CatalogAddress.Default, "t", false)], await DroppedAsync());
    }

    [Fact]
    public async Task Merge_OfATablePurgedRegisteredAndPurgedAgain_Purges()
    {
        await CreateAsync(s_uuid);
        await AppendAsync(s_dev, Drop("t", s_stays));
        await AppendAsync(s_dev, new CatalogChange.PutTable(Name("t"), s_uuid, "m1"), new CatalogChange.RenameTable(Name("t"), Name("u")));
        await AppendAsync(s_dev, Drop("u", s_purged));
        await _branches.MergeAsync("dev", "main");
        Assert.Equal([(s_dev, "t", false), (s_dev, "u", true), (CatalogAddress.Default, "t", true)], await DroppedAsync());
    }

    [Fact]
    public async Task Merge_OfAnotherTableInThePlaceOfAPurgedOne_Purges()
    {
        await CreateAsync(s_uuid);
        await AppendAsync(s_dev, Drop("t", s_purged));
        await AppendAsync(s_dev, new CatalogChange.PutTable(Name("t"), Guid.NewGuid(), "n1"));
        await AppendAsync(s_dev, Drop("t", s_stays));
        await _branches.MergeAsync("dev", "main");
        Assert.Equal([(s_dev, "t", true), (s_dev, "t", false), (CatalogAddress.Default, "t", true)], await DroppedAsync());
    }

    /// <summary>What was dropped is known by its place among all that its commit dropped, views and tables without retention included.</summary>
    [Theory]
    [InlineData(1, "t", false)]
    [InlineData(2, "other", true)]
    public async Task Merge_AfterUndropOfOneOfSeveral_KnowsWhichOneCameBack(int ordinal, string name, bool isPurged)
    {
        await CreateAsync(s_uuid);
        await AppendAsync(
            s_dev, new CatalogChange.DropView(Name("v")) { Retention = s_stays }, Drop("gone", null), Drop("t", s_purged), Drop("other", s_stays));
        long number = (await _log.ReadAsync()).Number;
        await AppendAsync(s_dev, new CatalogChange.Undrop(new DroppedKey(number, ordinal), Name("back")));
        await AppendAsync(s_dev, Drop("back", s_stays));
        await _branches.MergeAsync("dev", "main");
        var dropped = await DroppedAsync();
        Assert.Contains((s_dev, "back", false), dropped);
        Assert.Contains((CatalogAddress.Default, "t", isPurged), dropped);
        Assert.Contains((CatalogAddress.Default, "other", false), dropped);
        Assert.DoesNotContain((s_dev, name, true), dropped);
    }

    /// <summary>Also after the merge, where it was dropped by that, and whatever the process that wrote the state knew.</summary>
    [Fact]
    public async Task Drop_WithoutPurgeAfterAMergedPurge_LeavesNoPurgeOfTheTable()
    {
        await CreateAsync(s_uuid);
        await AppendAsync(s_dev, Drop("t", s_purged));
        await AppendAsync(s_dev, Drop("other", s_purged));
        await _branches.MergeAsync("dev", "main");
        var before = StateJson.Read(StateJson.Write(await _log.ReadAsync()));
        await AppendAsync(CatalogAddress.Default, new CatalogChange.PutTable(Name("t"), s_uuid, "m1"));
        await AppendAsync(CatalogAddress.Default, Drop("t", null));
        (CatalogAddress, string, bool)[] expected = [(s_dev, "t", false), (s_dev, "other", true), (CatalogAddress.Default, "other", true), (CatalogAddress.Default, "t", false)];
        Assert.Equal(expected, await DroppedAsync());
        await foreach (var commit in _log.ReadHistoryAsync(before.Number + 1))
            before = before.Apply(commit);
        Assert.Equal(expected, Of(before));
    }

    /// <summary>Who may drop on a branch does not keep what main wants deleted; who drops on main keeps what a branch wanted deleted.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Drop_WithoutPurgeWhereTheOtherBranchPurged_CountsOnMainAlone(bool isPurgedOnMain, bool staysPurged)
    {
        await CreateAsync(s_uuid);
        var (purging, dropping) = isPurgedOnMain ? (CatalogAddress.Default, s_dev) : (s_dev, CatalogAddress.Default);
        await AppendAsync(purging, Drop("t", s_purged));
        await AppendAsync(dropping, Drop("t", s_stays));
        Assert.Equal([(purging, "t", staysPurged), (dropping, "t", false)], await DroppedAsync());
    }

    /// <summary>Spark purges in two steps: it drops, which keeps what a branch has purged, and then deletes. What somebody wants back is not purged by that.</summary>
    [Theory]
    [InlineData("nobody")]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("main")]
    public async Task Purge_OfWhatMainHasDropped_PurgesWhatTheDropHadKept(string wants)
    {
        bool isWanted = wants != "nobody";
        await CreateAsync(s_uuid);
        await AppendAsync(s_dev, Drop("t", s_purged));
        if (wants == "before")
            await AppendAsync(s_dev, new CatalogChange.PutTable(Name("again"), s_uuid, "m1"), Drop("again", null));
        await AppendAsync(CatalogAddress.Default, Drop("t", s_stays));
        if (wants == "after")
            await AppendAsync(s_dev, new CatalogChange.PutTable(Name("again"), s_uuid, "m1"), Drop("again", null));
        if (wants == "main")
            await AppendAsync(CatalogAddress.Default, new CatalogChange.Undrop((await _log.ReadAsync()).Dropped.Last().Key, Name("t")), Drop("t", s_stays));
        var state = StateJson.Read(StateJson.Write(await _log.ReadAsync()));
        Assert.All(state.Dropped.Values, d => Assert.False(d.Retention.IsPurged));
        await AppendAsync(CatalogAddress.Default, new CatalogChange.PurgeDropped(state.Dropped.Last().Key));
        await foreach (var commit in _log.ReadHistoryAsync(state.Number + 1))
            state = state.Apply(commit);
        Assert.Equal(await DroppedAsync(), Of(state));
        Assert.Equal(!isWanted, Of(state)[0].IsPurged);
        Assert.True(Of(state)[^1].IsPurged);
    }

    /// <summary>What a merge brings was committed where it comes from, and nobody wants it back.</summary>
    [Fact]
    public async Task Merge_OfTheStateThatABranchOfTheBranchHasPurged_LeavesThePurge()
    {
        await CreateAsync(s_uuid);
        await AppendAsync(s_dev, new CatalogChange.PutTable(Name("t"), s_uuid, "m2"));
        await _branches.CreateAsync("feature", "dev");
        await AppendAsync(s_dev with { Branch = "feature" }, Drop("t", s_purged));
        await _branches.MergeAsync("dev", "main");
        await _branches.MergeAsync("feature", "dev");
        await _branches.MergeAsync("dev", "main");
        Assert.All(await DroppedAsync(), d => Assert.True(d.IsPurged));
    }

    /// <summary>Clients write uuids, and whoever works on a branch alone does not keep what main wants deleted.</summary>
    [Fact]
    public async Task Put_OfTheUuidInAnotherFolderOrOnABranch_LeavesThePurge()
    {
        await CreateAsync(s_uuid);
        await AppendAsync(CatalogAddress.Default, Drop("t", s_purged));
        await AppendAsync(CatalogAddress.Default, new CatalogChange.PutTable(Name("forged"), s_uuid, "s3://lake/mine/metadata/f1"));
        await AppendAsync(s_dev, Drop("t", s_stays));
        await AppendAsync(s_dev, new CatalogChange.PutTable(Name("t"), s_uuid, "m1"));
        Assert.Equal([(CatalogAddress.Default, "t", true), (s_dev, "t", false)], await DroppedAsync());
    }

    /// <summary>What comes back is wanted, wherever else it was purged.</summary>
    [Fact]
    public async Task Undrop_OfATableThatABranchPurgedToo_LeavesNoPurgeOfIt()
    {
        await CreateAsync(s_uuid);
        await AppendAsync(CatalogAddress.Default, Drop("t", s_purged));
        long number = (await _log.ReadAsync()).Number;
        await AppendAsync(s_dev, Drop("t", s_purged));
        await AppendAsync(CatalogAddress.Default, new CatalogChange.Undrop(new DroppedKey(number, 0), Name("t")));
        Assert.Equal([(s_dev, "t", false)], await DroppedAsync());
    }

    /// <summary>Views are as tables are: a drop on main keeps what a branch wanted deleted, and so does one after it was registered again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Drop_OfAViewWithoutPurgeOnMain_LeavesNoPurgeOfABranch(bool isRegisteredAgain)
    {
        await CreateAsync(s_uuid);
        var view = (await _log.ReadAsync()).RequireCatalog(s_dev).FindView(Name("v"))!;
        if (isRegisteredAgain)
            await AppendAsync(CatalogAddress.Default, new CatalogChange.DropView(Name("v")));
        await AppendAsync(s_dev, new CatalogChange.DropView(Name("v")) { Retention = s_purged });
        Assert.Equal([(s_dev, "v", true)], await DroppedAsync());
        await AppendAsync(CatalogAddress.Default, isRegisteredAgain ? new CatalogChange.PutView(Name("again"), view.Uuid, view.MetadataLocation) : new CatalogChange.DropView(Name("v")));
        Assert.Equal([(s_dev, "v", false)], await DroppedAsync());
    }

    /// <summary>What a branch had from main stays main's, also when it went with the branch and came back on one of the same name that main's was gone from.</summary>
    [Fact]
    public async Task Undrop_OfAViewOnABranchWithoutIt_IsStillThatOfMain()
    {
        await CreateAsync(s_uuid);
        await AppendAsync(CatalogAddress.Default, new CatalogChange.DropView(Name("v")) { Retention = s_stays });
        await _branches.DeleteAsync("dev");
        await _branches.CreateAsync("dev");
        var (key, _) = (await _log.ReadAsync()).Dropped.Single(d => d.Value.At == s_dev && d.Value.IsView);
        await AppendAsync(s_dev, new CatalogChange.Undrop(key, Name("v")));
        var state = StateJson.Read(StateJson.Write(await _log.ReadAsync()));
        Assert.Equal(["v1"], state.RequireCatalog(s_dev).FindView(Name("v"))!.Common);
        await AppendAsync(s_dev, new CatalogChange.DropView(Name("v")) { Retention = s_purged });
        Assert.Equal(["v1"], (await _log.ReadAsync()).Dropped.Values.Single(d => d.At == s_dev && d.IsView).Common);
    }

    /// <summary>However long it takes, and whatever came from main meanwhile.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Merge_OfAPurgeFromBeforeTheBranchWasBroughtUpToDate_Purges(bool hasUuid)
    {
        await CreateAsync(hasUuid ? s_uuid : null);
        if (!hasUuid)
            await AppendAsync(s_dev, new CatalogChange.PutTable(Name("t"), null, "m2"));
        await AppendAsync(s_dev, Drop("t", s_purged));
        await AppendAsync(CatalogAddress.Default, new CatalogChange.PutTable(Name("late"), Guid.NewGuid(), "l1"));
        await _branches.MergeAsync("main", "dev");
        var state = await _log.ReadAsync();
        Assert.Equal(CatalogAddress.Default, state.FindHolder(state.Dropped.Single(), DateTimeOffset.MaxValue));
        await _branches.MergeAsync("dev", "main");
        Assert.Equal([(s_dev, "t", true), (CatalogAddress.Default, "t", true)], await DroppedAsync());
        state = await _log.ReadAsync();
        Assert.All(state.Dropped, purged => Assert.Null(state.FindHolder(purged, DateTimeOffset.MaxValue)));
    }

    /// <summary>What went with a branch, or was purged there, is no matter of another one of its name.</summary>
    [Fact]
    public async Task Merge_OfABranchOfTheNameOfOneThatPurged_DropsWithoutPurge()
    {
        await CreateAsync(s_uuid);
        await AppendAsync(s_dev, Drop("t", s_purged));
        await _branches.DeleteAsync("dev");
        await _branches.CreateAsync("dev");
        var state = await _log.ReadAsync();
        Assert.Null(state.FindHolder(state.Dropped.Single(), DateTimeOffset.MaxValue));
        await AppendAsync(s_dev, Drop("t", s_stays));
        await _branches.MergeAsync("dev", "main");
        Assert.False((await _log.ReadAsync()).Dropped.Values.Single(d => d.At == CatalogAddress.Default).Retention.IsPurged);
    }

    /// <summary>Of what went with a branch nobody knows where that came from, whatever another one of its name comes from.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("main")]
    [InlineData("dev")]
    public async Task FindHolder_OfWhatADeletedBranchCanBringBack_IsThat(string? nameIsUsedAgainFor)
    {
        var feature = s_dev with { Branch = "feature" };
        await CreateAsync(s_uuid);
        await AppendAsync(s_dev, new CatalogChange.PutTable(Name("t"), s_uuid, "m2"));
        await _branches.CreateAsync("feature", "dev");
        await AppendAsync(feature, new CatalogChange.PutTable(Name("t"), s_uuid, "m3"));
        await AppendAsync(s_dev, Drop("t", s_purged));
        await _branches.MergeAsync("dev", "main");
        await _branches.DeleteAsync("feature");
        if (nameIsUsedAgainFor is not null)
            await _branches.CreateAsync("feature", nameIsUsedAgainFor);
        var state = await _log.ReadAsync();
        Assert.Equal(feature, state.FindHolder(state.Dropped.First(d => d.Value.At == s_dev), DateTimeOffset.UtcNow));
    }

    /// <summary>A branch takes over what the one that it came from has purged, and so its own files of that go.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Merge_OfMainIntoABranch_PurgesThereWhatMainHasPurged(bool isPurged)
    {
        await CreateAsync(s_uuid);
        await AppendAsync(s_dev, new CatalogChange.RenameTable(Name("other"), Name("renamed")));
        await AppendAsync(CatalogAddress.Default, Drop("t", isPurged ? s_purged : s_stays));
        await _branches.MergeAsync("main", "dev");
        Assert.Equal([(CatalogAddress.Default, "t", isPurged), (s_dev, "t", isPurged)], await DroppedAsync());
    }

    private async Task CreateAsync(Guid? uuid)
    {
        await AppendAsync(
            CatalogAddress.Default, new CatalogChange.PutNamespace(Name("t").Namespace, ImmutableSortedDictionary<string, string>.Empty),
            new CatalogChange.PutTable(Name("t"), uuid, "m1"), new CatalogChange.PutTable(Name("other"), Guid.NewGuid(), "o1"), new CatalogChange.PutTable(Name("gone"), Guid.NewGuid(), "g1"),
            new CatalogChange.PutView(Name("v"), Guid.NewGuid(), "v1"));
        await _branches.CreateAsync("dev");
    }

    private async Task AppendAsync(CatalogAddress at, params CatalogChange[] changes)
    {
        foreach (var put in changes.OfType<CatalogChange.PutTable>())
            await _store.PutAsync(put.MetadataLocation, default, PutCondition.Overwrite);
        await _log.AppendAsync(new CommitRequest("ada", [], changes) { At = at });
    }

    private async Task<List<(CatalogAddress At, string Name, bool IsPurged)>> DroppedAsync() => Of(await _log.ReadAsync());

    private static List<(CatalogAddress At, string Name, bool IsPurged)> Of(LogState state) => [.. state.Dropped.Values.Select(d => (d.At, d.Name.Name, d.Retention.IsPurged))];

    private static CatalogChange.DropTable Drop(string table, Retention? retention) => new(Name(table)) { Retention = retention };

    private static TableIdentifier Name(string name) => TableIdentifier.Of("sales", name);
}
