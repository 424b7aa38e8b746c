using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;

namespace Tarn.Testing.Contracts;

public abstract partial class CommitLogContract
{
    private static readonly CatalogAddress Dev = new("lake", "dev"), Other = new("other", "main");
    private static readonly DateTimeOffset Later = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Branch_Created_SharesEverythingAndChangesAlone()
    {
        var log = await WithBranchAsync();
        var state = await Open().ReadAsync();
        Assert.Same(state.Main, state.RequireCatalog(Dev));
        Assert.Equal(("main", 3L, 3L), (state.FindBranch(Dev)!.Origin!.Parent, state.FindBranch(Dev)!.Origin!.CreatedNumber, state.FindBranch(Dev)!.HeadNumber));
        await log.AppendAsync(Put("t", "m1", "m2") with { At = Dev });
        await log.AppendAsync(Put("u", null, "u1"));
        foreach (var seen in (LogState[])[await log.ReadAsync(), await Open().ReadAsync()])
        {
            Assert.Equal(("m1", "m2"), (seen.Main.FindTable(Name("t"))!.MetadataLocation, seen.RequireCatalog(Dev).FindTable(Name("t"))!.MetadataLocation));
            Assert.Null(seen.RequireCatalog(Dev).FindTable(Name("u")));
            Assert.Equal((4L, 5L), (seen.FindBranch(Dev)!.HeadNumber, seen.FindBranch(CatalogAddress.Default)!.HeadNumber));
        }

        Assert.Equal([Dev, Dev, CatalogAddress.Default], (await HistoryAsync(Open(), 3)).Select(c => c.At));
        await AssertKindAsync(ErrorKind.AlreadyExists, log, Branch("dev", "main"));
        await AssertKindAsync(ErrorKind.NotFound, log, Branch("x", "none"));
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Branch("a@b", "main"));
    }

    [Fact]
    public async Task Branch_Merged_HasTheOtherSideAsItsBase()
    {
        var log = await WithBranchAsync();
        await log.AppendAsync(Put("t", "m1", "m2") with { At = Dev });
        await log.AppendAsync(new CommitRequest("ada", [new CommitCondition.BranchIs(Dev, 4)], [PutChange("t", "m2"), new CatalogChange.MergeBranch("dev")]));
        var state = await Open().ReadAsync();
        Assert.Equal("m2", state.Main.FindTable(Name("t"))!.MetadataLocation);
        Assert.Equal("m2", state.FindBranch(Dev)!.Origin!.Base.FindTable(Name("t"))!.MetadataLocation);
        Assert.Equal((5L, 4L), (state.FindBranch(Dev)!.Origin!.BaseNumber, state.FindBranch(Dev)!.HeadNumber));
        await log.AppendAsync(Put("t", "m2", "m3") with { At = Dev });
        await Assert.ThrowsAsync<CommitConflictException>(() => log.AppendAsync(new CommitRequest("ada", [new CommitCondition.BranchIs(Dev, 4)], [new CatalogChange.MergeBranch("dev")])).AsTask());
        await log.AppendAsync(Branch("dev2", "main"));
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.MergeBranch("dev2")) with { At = Dev });
    }

    [Fact]
    public async Task Branch_Deleted_KeepsWhatOnlyItHas()
    {
        var log = await WithBranchAsync();
        await log.AppendAsync(Put("own", null, "o1") with { At = Dev });
        await log.AppendAsync(Branch("child", "dev"));
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.DeleteBranch(null)) with { At = Dev });
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.DeleteBranch(null)));
        await log.AppendAsync(Change(new CatalogChange.DeleteBranch(null)) with { At = Dev with { Branch = "child" } });
        await log.AppendAsync(Change(new CatalogChange.DeleteBranch(new Retention(Later, true))) with { At = Dev });
        foreach (var state in (LogState[])[await log.ReadAsync(), await Open().ReadAsync()])
        {
            Assert.Null(state.FindBranch(Dev));
            var kept = Assert.Single(state.Dropped);
            Assert.Equal((new DroppedKey(7, 0), Name("own"), "o1", true), (kept.Key, kept.Value.Name, kept.Value.MetadataLocation, kept.Value.Retention.IsPurged));
        }
    }

    [Fact]
    public async Task Dropped_WithRetention_ComesBackUntilItExpires()
    {
        var log = await WithBranchAsync();
        var view = new CatalogChange.PutView(Name("v"), Guid.NewGuid(), "v1");
        await log.AppendAsync(new CommitRequest("ada", [], [view, PutChange("u", "u1")]));
        await log.AppendAsync(new CommitRequest("ada", [], [
            new CatalogChange.DropTable(Name("t")) { Retention = new Retention(Later, false) },
            new CatalogChange.DropView(Name("v")) { Retention = new Retention(Later, false) },
            new CatalogChange.DropTable(Name("u")) { Retention = new Retention(Later, true) }]));
        var state = await Open().ReadAsync();
        Assert.Equal([new DroppedKey(5, 0), new DroppedKey(5, 1), new DroppedKey(5, 2)], state.Dropped.Keys);
        Assert.Equal([false, true, false], state.Dropped.Values.Select(d => d.IsView));
        Assert.Empty(state.Main.Pointers);
        await log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.Undrop(new(5, 0), Name("t2")), new CatalogChange.Undrop(new(5, 1), Name("v")), new CatalogChange.ExpireDropped(new(5, 2))]));
        await AssertKindAsync(ErrorKind.NotFound, log, Change(new CatalogChange.Undrop(new(5, 0), Name("t3"))));
        await AssertKindAsync(ErrorKind.NotFound, log, Change(new CatalogChange.Undrop(new(5, 2), Name("u"))));
        var retaken = new CommitRequest("ada", [new CommitCondition.NotExpiring(null, "u1")], [PutChange("u", "u1")]);
        await AssertKindAsync(ErrorKind.Unavailable, log, retaken);
        state = await Open().ReadAsync();
        Assert.Equal(["m1", "v1"], state.Main.Pointers.Select(p => p.MetadataLocation));
        Assert.True(Assert.Single(state.Dropped).Value.IsExpiring);
        await log.AppendAsync(Change(new CatalogChange.ForgetDropped(new(5, 2))));
        Assert.Empty((await Open().ReadAsync()).Dropped);
        await log.AppendAsync(retaken);
    }

    [Fact]
    public async Task Protected_UntilLifted_IsNotDropped()
    {
        var log = await WithBranchAsync();
        await log.AppendAsync(new CommitRequest("ada", [], [
            new CatalogChange.PutNamespace(Namespace.Of("sales", "eu"), NoProperties),
            new CatalogChange.PutTable(new TableIdentifier(Namespace.Of("sales", "eu"), "t"), null, "e1"),
            new CatalogChange.PutView(Name("v"), Guid.NewGuid(), "v1"),
            new CatalogChange.ProtectTable(Name("t"), true), new CatalogChange.ProtectView(Name("v"), true)]));
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.DropTable(Name("t"))));
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.DropView(Name("v"))));
        await log.AppendAsync(Put("t", "m1", "m2"));
        await log.AppendAsync(Change(new CatalogChange.RenameTable(Name("t"), Name("t2"))));
        Assert.True((await Open().ReadAsync()).Main.FindTable(Name("t2"))!.IsProtected);
        await log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.ProtectTable(Name("t2"), false), new CatalogChange.ProtectView(Name("v"), false), new CatalogChange.ProtectNamespace(Sales, true)]));
        var inside = new TableIdentifier(Namespace.Of("sales", "eu"), "t");
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.DropTable(inside)));
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.RenameTable(inside, Name("t3"))));
        await log.AppendAsync(Change(new CatalogChange.ProtectNamespace(Sales, false)));
        await log.AppendAsync(Change(new CatalogChange.DropTable(inside)));
    }

    [Fact]
    public async Task Warehouse_Created_HasItsOwnNames()
    {
        var log = Open();
        await log.AppendAsync(CreateSales());
        var create = new CommitRequest("ada", [new CommitCondition.WarehouseIs(null)], [new CatalogChange.PutWarehouse("s3://lake/other", NoProperties.Add("k", "v"))]) { At = Other };
        await log.AppendAsync(create);
        await AssertKindAsync(ErrorKind.AlreadyExists, log, create);
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.PutWarehouse("s3://lake/moved", NoProperties)) with { At = Other });
        await log.AppendAsync(CreateSales() with { At = Other });
        await log.AppendAsync(Put("t", null, "o1") with { At = Other });
        foreach (var state in (LogState[])[await log.ReadAsync(), await Open().ReadAsync()])
        {
            Assert.Equal(["lake", "other"], state.Warehouses.Keys);
            Assert.Equal(("s3://lake/other", "v"), (state.Warehouses["other"].Location, state.Warehouses["other"].Properties["k"]));
            Assert.Null(state.Main.FindTable(Name("t")));
            Assert.Equal("o1", state.RequireCatalog(Other).FindTable(Name("t"))!.MetadataLocation);
        }

        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.DropWarehouse()) with { At = Other });
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.DropWarehouse()));
        await log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.DropTable(Name("t")), new CatalogChange.DropNamespace(Sales), new CatalogChange.DropWarehouse()]) { At = Other });
        Assert.Equal(["lake"], (await Open().ReadAsync()).Warehouses.Keys);
    }

    /// <summary>Commits 1 to 3: the namespace, a table <c>t</c> at <c>m1</c>, the branch <c>dev</c>.</summary>
    private async Task<ICommitLog> WithBranchAsync()
    {
        var log = Open();
        await log.AppendAsync(CreateSales());
        await log.AppendAsync(Put("t", null, "m1"));
        await log.AppendAsync(Branch("dev", "main"));
        return log;
    }

    private static CommitRequest Branch(string name, string from) => Change(new CatalogChange.CreateBranch(from)) with { At = new CatalogAddress("lake", name) };
}
