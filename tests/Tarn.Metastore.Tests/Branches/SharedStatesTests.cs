using System.Collections.Immutable;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Branches;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Serialization;
using Tarn.Storage.Memory;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Branches;

/// <summary>What something on a branch has in common with where it came from, whatever has become of it there: no branch deletes that.</summary>
public sealed class SharedStatesTests : IDisposable
{
    private static readonly CatalogAddress s_main = CatalogAddress.Default, s_dev = s_main with { Branch = "dev" }, s_feature = s_main with { Branch = "feature" };
    private static readonly Retention s_purged = new(DateTimeOffset.MaxValue, true);
    private static readonly Guid s_uuid = Guid.NewGuid();
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryObjectStore _store = new();
    private readonly EmbeddedCommitLog _log;
    private readonly CatalogBranches _branches;

    public SharedStatesTests()
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
    [InlineData(false)]
    [InlineData(true)]
    public async Task Merge_OfMainThatDroppedWhatABranchHasRenamed_LeavesItInCommon(bool hasOwnState)
    {
        await CreateAsync(Table("t", "m1"), new CatalogChange.PutView(Name("v"), Guid.NewGuid(), "v1"));
        await AppendAsync(s_dev, new CatalogChange.RenameTable(Name("t"), Name("u")), new CatalogChange.RenameView(Name("v"), Name("w")));
        if (hasOwnState)
            await AppendAsync(s_dev, Table("u", "m2"));
        await AppendAsync(s_main, new CatalogChange.DropTable(Name("t")), new CatalogChange.DropView(Name("v")));
        await _branches.MergeAsync("main", "dev");
        await AppendAsync(s_main, Table("late", "l1", Guid.NewGuid()));
        await _branches.MergeAsync("main", "dev");
        Assert.Equal(["m1"], await CommonOfPurgedAsync(s_dev, new CatalogChange.DropTable(Name("u")) { Retention = s_purged }));
        Assert.Equal(["v1"], await CommonOfPurgedAsync(s_dev, new CatalogChange.DropView(Name("w")) { Retention = s_purged }));
    }

    /// <summary>A branch that is brought up to date every day remembers no more for that.</summary>
    [Fact]
    public async Task Merge_OfMainAgainAndAgain_KeepsItsLastStateAlone()
    {
        await CreateAsync(Table("t", "m1"), Table("own", "o1", Guid.NewGuid()));
        await AppendAsync(s_dev, Table("own", "o2", (await _log.ReadAsync()).RequireCatalog(s_dev).FindTable(Name("own"))!.Uuid));
        foreach (string file in (string[])["m2", "m3", "m4"])
        {
            await AppendAsync(s_main, Table("t", file));
            await _branches.MergeAsync("main", "dev");
        }

        Assert.All((await _log.ReadAsync()).RequireCatalog(s_dev).Pointers, p => Assert.Empty(p.Common));
        Assert.Equal(["m4"], await CommonOfPurgedAsync(s_dev, new CatalogChange.DropTable(Name("t")) { Retention = s_purged }));
        Assert.Equal(["o1"], await CommonOfPurgedAsync(s_dev, new CatalogChange.DropTable(Name("own")) { Retention = s_purged }));
    }

    [Fact]
    public async Task Drop_OfARenamedSecondName_HasTheStatesOfBothInCommon()
    {
        await CreateAsync(Table("t", "m5"), Table("u", "m1"));
        await AppendAsync(s_dev, new CatalogChange.RenameTable(Name("u"), Name("w")));
        Assert.Equal(["m1", "m5"], (await CommonOfPurgedAsync(s_dev, new CatalogChange.DropTable(Name("w")) { Retention = s_purged })).Order());
    }

    /// <summary>What was brought to a branch of a branch is not the elder one's own by a merge.</summary>
    [Fact]
    public async Task Merge_OfABranchWhereATableWasRegistered_LeavesItInCommon()
    {
        await CreateAsync(Table("t", "m1"));
        await AppendAsync(s_main, Table("t", "m9"));
        await _branches.CreateAsync("feature", "dev");
        await AppendAsync(s_feature, Table("t", "m9") with { IsRegistered = true }, Table("new", "n1", Guid.NewGuid()));
        await _branches.MergeAsync("feature", "dev");
        Assert.Equal(["m1", "m9"], (await CommonOfPurgedAsync(s_dev, new CatalogChange.DropTable(Name("t")) { Retention = s_purged })).Order());
        Assert.Empty(await CommonOfPurgedAsync(s_dev, new CatalogChange.DropTable(Name("new")) { Retention = s_purged }));
    }

    private async Task CreateAsync(params CatalogChange[] changes)
    {
        await AppendAsync(s_main, [new CatalogChange.PutNamespace(Name("t").Namespace, ImmutableSortedDictionary<string, string>.Empty), .. changes]);
        await _branches.CreateAsync("dev");
    }

    private async Task AppendAsync(CatalogAddress at, params CatalogChange[] changes)
    {
        foreach (var put in changes.OfType<CatalogChange.PutTable>())
            await _store.PutAsync(put.MetadataLocation, default, PutCondition.Overwrite);
        await _log.AppendAsync(new CommitRequest("ada", [], changes) { At = at });
    }

    // As a process knows it that begins with a checkpoint.
    private async Task<IReadOnlyList<string>> CommonOfPurgedAsync(CatalogAddress at, CatalogChange drop)
    {
        var state = StateJson.Read(StateJson.Write(await _log.ReadAsync()));
        await AppendAsync(at, drop);
        await foreach (var commit in _log.ReadHistoryAsync(state.Number + 1))
            state = state.Apply(commit);
        var (known, read) = ((await _log.ReadAsync()).Dropped.Values.Last(), state.Dropped.Values.Last());
        Assert.Equal(known.Common, read.Common);
        return known.Common;
    }

    private static CatalogChange.PutTable Table(string name, string file, Guid? uuid = null) => new(Name(name), uuid ?? s_uuid, file);

    private static TableIdentifier Name(string name) => TableIdentifier.Of("sales", name);
}
