using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;

namespace Tarn.Testing.Contracts;

public abstract partial class IcebergCatalogContract
{
    [Fact]
    public virtual async Task UnregisterTable_AfterCommits_GivesTheLastStateAndLeavesTheFiles()
    {
        var catalog = await WithSalesAsync();
        var created = await CreateAsync(catalog, Orders);
        var last = await catalog.CommitAsync([SetProperty(created, "k", "1")]);
        var gone = await Open().UnregisterTableAsync(Orders);
        Assert.Equal(last[0].MetadataLocation, gone!.MetadataLocation);
        Assert.Equal("1", gone.Metadata.Properties["k"]);
        Assert.Null(await catalog.LoadTableAsync(Orders));
        Assert.Null(await catalog.UnregisterTableAsync(Orders));
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.CommitAsync([SetProperty(created, "k", "2")]).AsTask());
        Assert.Equal("1", (await catalog.RegisterTableAsync(Orders, gone.MetadataLocation)).Metadata.Properties["k"]);
    }

    [Fact]
    public virtual async Task Tables_Created_LoadEverywhereWithTheirMetadata()
    {
        var catalog = await WithSalesAsync();
        Assert.Null(await catalog.LoadTableAsync(Orders));
        var created = await CreateAsync(catalog, Orders, NoProperties.Add("k", "v"));
        var loaded = await Open().LoadTableAsync(Orders);
        Assert.Equal((created.Identifier, created.MetadataLocation), (loaded!.Identifier, loaded.MetadataLocation));
        Assert.Equal(created.Metadata.TableUuid, loaded.Metadata.TableUuid);
        Assert.Equal("v", loaded.Metadata.Properties["k"]);
        Assert.Equal(["id", "note"], loaded.Metadata.CurrentSchema.Fields.Select(f => f.Name));
        Assert.StartsWith(loaded.Metadata.Location + "/metadata/00000-", loaded.MetadataLocation, StringComparison.Ordinal);
        Assert.EndsWith(".metadata.json", loaded.MetadataLocation, StringComparison.Ordinal);
        Assert.NotNull(await Store.HeadAsync(loaded.MetadataLocation));
        Assert.Null(await catalog.LoadTableAsync(TableIdentifier.Of("sales", "Orders")));
        Assert.Null(await catalog.LoadTableAsync(TableIdentifier.Of("none", "orders")));
    }

    [Fact]
    public virtual async Task Tables_CreatedTwice_AreAlreadyThere()
    {
        var catalog = await WithSalesAsync();
        var first = await CreateAsync(catalog, Orders);
        await AssertKindAsync(ErrorKind.AlreadyExists, () => CreateAsync(Open(), Orders));
        Assert.Equal(first.MetadataLocation, (await catalog.LoadTableAsync(Orders))!.MetadataLocation);
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.CommitAsync([Creation(TableIdentifier.Of("none", "t"), "s3://lake/none/t")]).AsTask());
    }

    [Fact]
    public virtual async Task Tables_CreatedByManyAtOnce_OneWins()
    {
        await WithSalesAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => TryAsync(() => CreateAsync(Open(), Orders, NoProperties.Add("i", $"{i}"))))));
        var winner = Assert.Single(outcomes, o => o.Error is null).Value!;
        Assert.All(outcomes.Where(o => o.Error is not null), o => Assert.Equal(ErrorKind.AlreadyExists, o.Error!.Kind));
        Assert.Equal(winner.MetadataLocation, (await Open().LoadTableAsync(Orders))!.MetadataLocation);
    }

    [Fact]
    public virtual async Task NewTableLocation_EachCall_IsAnotherPlaceBelowTheNamespace()
    {
        var catalog = await WithSalesAsync();
        string one = await catalog.NewTableLocationAsync(Orders), two = await catalog.NewTableLocationAsync(Orders);
        Assert.NotEqual(one, two);
        Assert.Matches("/sales/orders-[a-z0-9]+$", one);
        string odd = await catalog.NewTableLocationAsync(TableIdentifier.Of("sales", "../a/b?"));
        Assert.Matches("/sales/[^/]+$", odd);
        Assert.DoesNotContain("..", odd, StringComparison.Ordinal);
        Assert.Matches("/sales/odd_N_s__-[a-z0-9]+$", await catalog.NewTableLocationAsync(TableIdentifier.Of("sales", "odd N/s ü")));
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.NewTableLocationAsync(TableIdentifier.Of("none", "t")).AsTask());
    }

    [Fact]
    public virtual async Task Commit_Updates_MovesToANewMetadataFileAndKeepsTheOld()
    {
        var catalog = await WithSalesAsync();
        var created = await CreateAsync(catalog, Orders);
        var changed = (await catalog.CommitAsync([SetProperty(created, "k", "1")]))[0];
        Assert.NotEqual(created.MetadataLocation, changed.MetadataLocation);
        Assert.Contains("/metadata/00001-", changed.MetadataLocation, StringComparison.Ordinal);
        Assert.Equal([created.MetadataLocation], changed.Metadata.MetadataLog.Select(e => e.MetadataFile));
        Assert.NotNull(await Store.HeadAsync(created.MetadataLocation));
        var loaded = await Open().LoadTableAsync(Orders);
        Assert.Equal((changed.MetadataLocation, "1"), (loaded!.MetadataLocation, loaded.Metadata.Properties["k"]));
    }

    [Fact]
    public virtual async Task Commit_ThatChangesNothing_KeepsTheMetadata()
    {
        var catalog = await WithSalesAsync();
        var created = await CreateAsync(catalog, Orders, NoProperties.Add("k", "1"));
        var same = (await catalog.CommitAsync([SetProperty(created, "k", "1")]))[0];
        Assert.Equal(created.MetadataLocation, same.MetadataLocation);
    }

    [Fact]
    public virtual async Task Commit_RequirementFails_IsAConflictAndChangesNothing()
    {
        var catalog = await WithSalesAsync();
        var table = (await catalog.CommitAsync([AddSnapshot(await CreateAsync(catalog, Orders), 1)]))[0];
        var stale = AddSnapshot(table, 2);
        var moved = (await catalog.CommitAsync([AddSnapshot(table, 3)]))[0];
        await Assert.ThrowsAsync<CommitConflictException>(() => Open().CommitAsync([stale]).AsTask());
        var wrongTable = stale with { Requirements = [new TableRequirement.AssertTableUuid(Guid.NewGuid())] };
        await Assert.ThrowsAsync<CommitConflictException>(() => catalog.CommitAsync([wrongTable]).AsTask());
        Assert.Equal(moved.MetadataLocation, (await catalog.LoadTableAsync(Orders))!.MetadataLocation);
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.CommitAsync([stale with { Table = TableIdentifier.Of("sales", "none") }]).AsTask());
        Assert.Equal(3, (await ListAsync(moved.Metadata.Location + "/metadata/")).Count);
    }

    [Fact]
    public async Task Commit_ByManyAtOnce_EveryIndependentChangeLands()
    {
        const int writers = 6, each = 5;
        var created = await CreateAsync(await WithSalesAsync(), Orders);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(async () =>
        {
            var catalog = Open();
            for (int i = 0; i < each; i++)
                await catalog.CommitAsync([SetProperty(created, $"w{w}-{i}", "x")]);
        })));
        var loaded = await Open().LoadTableAsync(Orders);
        Assert.Equal(writers * each, loaded!.Metadata.Properties.Keys.Except([GovernanceProperties.Owner]).Count());
        AssertVersions(writers, each, loaded.Metadata.MetadataLog.Count);
        AssertVersions(writers, each, (await ListAsync(loaded.Metadata.Location + "/metadata/")).Count - 1);
    }

    [Fact]
    public virtual async Task Commit_SnapshotsByManyAtOnce_OneOfEachRoundWins()
    {
        var table = await CreateAsync(await WithSalesAsync(), Orders);
        for (int round = 1; round <= 5; round++)
        {
            var based = table;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(() => TryAsync(async () => (await Open().CommitAsync([AddSnapshot(based, (round * 10) + w)]))[0]))));
            table = Assert.Single(outcomes, o => o.Error is null).Value!;
            Assert.All(outcomes.Where(o => o.Error is not null), o => Assert.IsType<CommitConflictException>(o.Error));
        }

        Assert.Equal(5, (await Open().LoadTableAsync(Orders))!.Metadata.Snapshots.Count);
    }

    [Fact]
    public virtual async Task Commit_SeveralTables_IsAllOrNothing()
    {
        var catalog = await WithSalesAsync();
        var (a, b) = (TableIdentifier.Of("sales", "a"), TableIdentifier.Of("sales", "b"));
        var both = await catalog.CommitAsync([Creation(a, await catalog.NewTableLocationAsync(a)), Creation(b, await catalog.NewTableLocationAsync(b))]);
        Assert.Equal([a, b], both.Select(t => t.Identifier));
        var bad = SetProperty(both[1], "k", "2") with { Requirements = [new TableRequirement.AssertTableUuid(Guid.NewGuid())] };
        await Assert.ThrowsAsync<CommitConflictException>(() => catalog.CommitAsync([SetProperty(both[0], "k", "2"), bad]).AsTask());
        Assert.Empty((await catalog.LoadTableAsync(a))!.Metadata.Properties.Keys.Except([GovernanceProperties.Owner]));
        var c = TableIdentifier.Of("sales", "c");
        var changed = await catalog.CommitAsync([SetProperty(both[1], "k", "3"), SetProperty(both[0], "k", "3"), Creation(c, await catalog.NewTableLocationAsync(c))]);
        Assert.Equal([b, a, c], changed.Select(t => t.Identifier));
        foreach (var table in changed)
            Assert.Equal(table.MetadataLocation, (await Open().LoadTableAsync(table.Identifier))!.MetadataLocation);
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.CommitAsync([SetProperty(both[0], "k", "4"), SetProperty(both[0], "k", "5")]).AsTask());
    }

    [Fact]
    public virtual async Task Commit_IllegalUpdate_IsInvalidAndLeavesNoFile()
    {
        var catalog = await WithSalesAsync();
        var created = await CreateAsync(catalog, Orders);
        var illegal = new TableCommit(Orders, [], [new TableUpdate.SetCurrentSchema(99)]);
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.CommitAsync([illegal]).AsTask());
        Assert.Single(await ListAsync(created.Metadata.Location + "/metadata/"));
    }

    [Fact]
    public virtual async Task Commit_ManyTimes_MetadataLogKeepsAsManyAsAskedFor()
    {
        var catalog = await WithSalesAsync();
        var table = await CreateAsync(catalog, Orders, NoProperties.Add("write.metadata.previous-versions-max", "3"));
        var locations = new List<string> { table.MetadataLocation };
        for (int i = 0; i < 6; i++)
        {
            table = (await catalog.CommitAsync([SetProperty(table, "k", $"{i}")]))[0];
            locations.Add(table.MetadataLocation);
        }

        Assert.Equal(locations[3..6], table.Metadata.MetadataLog.Select(e => e.MetadataFile));
        await Assert.AllAsync(locations, async l => Assert.NotNull(await Store.HeadAsync(l)));
        table = (await catalog.CommitAsync([SetProperty(table, "write.metadata.delete-after-commit.enabled", "true")]))[0];
        table = (await catalog.CommitAsync([SetProperty(table, "k", "last")]))[0];
        Assert.Null(await Store.HeadAsync(locations[4]));
        Assert.Equal(3, table.Metadata.MetadataLog.Count);
        await Assert.AllAsync(table.Metadata.MetadataLog, async e => Assert.NotNull(await Store.HeadAsync(e.MetadataFile)));
    }

    [Fact]
    public async Task Register_MetadataFile_IsUsedAsItIs()
    {
        var catalog = await WithSalesAsync();
        var created = await CreateAsync(catalog, Orders);
        await catalog.DropTableAsync(Orders, purge: false);
        var other = TableIdentifier.Of("sales", "again");
        var registered = await catalog.RegisterTableAsync(other, created.MetadataLocation);
        Assert.Equal((other, created.MetadataLocation), (registered.Identifier, registered.MetadataLocation));
        Assert.Equal(created.Metadata.TableUuid, (await Open().LoadTableAsync(other))!.Metadata.TableUuid);
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.RegisterTableAsync(other, created.MetadataLocation).AsTask());
        await AssertKindAsync(KindOfUnfitFile(ErrorKind.NotFound), () => catalog.RegisterTableAsync(Orders, created.Metadata.Location + "/metadata/none.metadata.json").AsTask());
        string damaged = created.Metadata.Location + "/metadata/damaged.metadata.json";
        await Store.PutAsync(damaged, Encoding.UTF8.GetBytes("{\"format-version\": 2"));
        await AssertKindAsync(KindOfUnfitFile(ErrorKind.DataCorrupted), () => catalog.RegisterTableAsync(Orders, damaged).AsTask());
        Assert.Null(await catalog.LoadTableAsync(Orders));
    }

    [Fact]
    public virtual async Task Register_InPlaceOfAState_ReplacesExactlyThat()
    {
        var catalog = await WithSalesAsync();
        var first = await CreateAsync(catalog, Orders);
        var second = (await catalog.CommitAsync([SetProperty(first, "k", "1")]))[0];
        await AssertKindAsync(ErrorKind.Conflict, () => catalog.RegisterTableAsync(Orders, first.MetadataLocation, replaced: first).AsTask());
        await catalog.RegisterTableAsync(Orders, first.MetadataLocation, replaced: second);
        Assert.Equal(first.MetadataLocation, (await Open().LoadTableAsync(Orders))!.MetadataLocation);
    }

    [Fact]
    public virtual async Task Rename_Table_KeepsItsMetadata()
    {
        var catalog = await WithSalesAsync();
        await catalog.CreateNamespaceAsync(Namespace.Of("old"), NoProperties);
        var created = await CreateAsync(catalog, Orders);
        var target = TableIdentifier.Of("old", "orders_2023");
        await catalog.RenameTableAsync(Orders, target);
        Assert.Null(await catalog.LoadTableAsync(Orders));
        Assert.Equal(created.MetadataLocation, (await Open().LoadTableAsync(target))!.MetadataLocation);
        await CreateAsync(catalog, Orders);
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.RenameTableAsync(Orders, target).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.RenameTableAsync(TableIdentifier.Of("sales", "none"), TableIdentifier.Of("sales", "x")).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.RenameTableAsync(Orders, TableIdentifier.Of("none", "x")).AsTask());
        var changed = (await catalog.CommitAsync([SetProperty(created with { Identifier = target }, "k", "1")]))[0];
        Assert.StartsWith(created.Metadata.Location, changed.MetadataLocation, StringComparison.Ordinal);
    }

    [Fact]
    public virtual async Task Drop_WithoutPurge_KeepsTheFiles()
    {
        var catalog = await WithSalesAsync();
        var created = await CreateAsync(catalog, Orders);
        Assert.True(await catalog.DropTableAsync(Orders, purge: false));
        Assert.False(await catalog.DropTableAsync(Orders, purge: false));
        Assert.Null(await Open().LoadTableAsync(Orders));
        Assert.NotNull(await Store.HeadAsync(created.MetadataLocation));
        await Assert.ThrowsAnyAsync<TarnException>(() => catalog.CommitAsync([SetProperty(created, "k", "1")]).AsTask());
    }

    [Fact]
    public virtual async Task Drop_WithPurge_DeletesTheTablesFilesAndNoOthers()
    {
        var catalog = await WithSalesAsync();
        var table = await CreateAsync(catalog, Orders);
        table = (await catalog.CommitAsync([SetProperty(table, "k", "1")]))[0];
        string foreign = table.Metadata.Location + "/notes.txt";
        await Store.PutAsync(foreign, "not the table's"u8.ToArray());
        Assert.True(await catalog.DropTableAsync(Orders, purge: true));
        Assert.Equal([foreign], await ListAsync(table.Metadata.Location + "/"));
    }

    [Fact]
    public virtual async Task Drop_WithPurgeOfProtectedOrSharedFiles_IsRefused()
    {
        var catalog = await WithSalesAsync();
        var table = await CreateAsync(catalog, Orders);
        await catalog.RegisterTableAsync(TableIdentifier.Of("sales", "twin"), table.MetadataLocation);
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.DropTableAsync(Orders, purge: true).AsTask());
        await catalog.DropTableAsync(TableIdentifier.Of("sales", "twin"), purge: false);
        await catalog.CommitAsync([SetProperty(table, "gc.enabled", "false")]);
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.DropTableAsync(Orders, purge: true).AsTask());
        Assert.NotNull(await catalog.LoadTableAsync(Orders));
    }

    [Fact]
    public virtual async Task Load_MetadataFileGone_SaysWhichAndTheTableCanBeDropped()
    {
        var created = await CreateAsync(await WithSalesAsync(), Orders);
        await Store.DeleteAsync(created.MetadataLocation);
        var catalog = Open();
        var error = await Assert.ThrowsAsync<MetadataFileException>(() => catalog.LoadTableAsync(Orders).AsTask());
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.True(error.IsMissing);
        Assert.Equal(created.MetadataLocation, error.Location);
        Assert.Contains(created.MetadataLocation, error.Message, StringComparison.Ordinal);
        Assert.True(await catalog.DropTableAsync(Orders, purge: false));
    }

    [Fact]
    public virtual async Task Evolution_OverManyCommits_ReadsBackEqual()
    {
        var catalog = await WithSalesAsync();
        var table = await CreateAsync(catalog, Orders);
        for (int i = 0; i < 4; i++)
        {
            table = (await catalog.CommitAsync([AddSnapshot(table, i + 1)]))[0];
            var fields = table.Metadata.CurrentSchema.Fields.Append(new NestedField(table.Metadata.LastColumnId + 1, $"c{i}", false, SimpleType.Date));
            table = (await catalog.CommitAsync([new TableCommit(
                Orders,
                [new TableRequirement.AssertCurrentSchemaId(table.Metadata.CurrentSchemaId)],
                [new TableUpdate.AddSchema(new Schema(-1, [.. fields])), new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded)])]))[0];
        }

        var loaded = (await Open().LoadTableAsync(Orders))!.Metadata;
        Assert.Equal(["id", "note", "c0", "c1", "c2", "c3"], loaded.CurrentSchema.Fields.Select(f => f.Name));
        Assert.Equal([1L, 2, 3, 4], loaded.SnapshotLog.Select(e => e.SnapshotId));
        Assert.Equal(5, loaded.Schemas.Count);
        Assert.Equal(4, loaded.LastSequenceNumber);
    }

    private async Task<List<string>> ListAsync(string prefix)
    {
        var found = new List<string>();
        await foreach (ObjectStat stat in Store.ListAsync(prefix))
            found.Add(stat.Location);
        return found;
    }

    private static async Task<(T? Value, TarnException? Error)> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return (await call(), null);
        }
        catch (TarnException error)
        {
            return (default, error);
        }
    }
}
