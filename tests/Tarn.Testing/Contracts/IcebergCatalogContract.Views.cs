using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Testing.Contracts;

public abstract partial class IcebergCatalogContract
{
    protected static readonly TableIdentifier Report = TableIdentifier.Of("sales", "report");

    [Fact]
    public virtual async Task Views_CreateLoadReplaceDrop_Work()
    {
        var catalog = await WithSalesAsync();
        Assert.Null(await catalog.LoadViewAsync(Report));
        var created = await catalog.CommitViewAsync(Report, null, View());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.CommitViewAsync(Report, null, View()).AsTask());
        var replaced = await catalog.CommitViewAsync(Report, created, View("SELECT 2 AS one", created.Metadata.ViewUuid));
        Assert.NotEqual(created.MetadataLocation, replaced.MetadataLocation);
        var loaded = await Open().LoadViewAsync(Report);
        Assert.Equal("SELECT 2 AS one", loaded!.Metadata.CurrentVersion.Representations[0].Sql);
        Assert.True(await catalog.DropViewAsync(Report));
        Assert.False(await catalog.DropViewAsync(Report));
        Assert.Null(await catalog.LoadViewAsync(Report));
    }

    [Fact]
    public virtual async Task Views_ReplacedFromAnOldState_IsAConflict()
    {
        var catalog = await WithSalesAsync();
        var created = await catalog.CommitViewAsync(Report, null, View());
        var uuid = created.Metadata.ViewUuid;
        await catalog.CommitViewAsync(Report, created, View("SELECT 2 AS one", uuid));
        await Assert.ThrowsAsync<CommitConflictException>(() => Open().CommitViewAsync(Report, created, View("SELECT 3 AS one", uuid)).AsTask());
        Assert.Equal("SELECT 2 AS one", (await catalog.LoadViewAsync(Report))!.Metadata.CurrentVersion.Representations[0].Sql);
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.CommitViewAsync(Report, created, View()).AsTask());
        await catalog.DropViewAsync(Report);
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.CommitViewAsync(Report, created, View("SELECT 4 AS one", uuid)).AsTask());
    }

    [Fact]
    public virtual async Task Views_AndTables_ShareOneNameSpace()
    {
        var catalog = await WithSalesAsync();
        await CreateAsync(catalog, Orders);
        await catalog.CommitViewAsync(Report, null, View());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => CreateAsync(catalog, Report));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.CommitViewAsync(Orders, null, View()).AsTask());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.RenameViewAsync(Report, Orders).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.RenameViewAsync(Orders, TableIdentifier.Of("sales", "x")).AsTask());
        Assert.Null(await catalog.LoadTableAsync(Report));
        Assert.Null(await catalog.LoadViewAsync(Orders));
        Assert.False(await catalog.DropTableAsync(Report, purge: false));
        Assert.False(await catalog.DropViewAsync(Orders));
        Assert.Equal([Orders], (await catalog.ListTablesAsync(Sales)).Items);
        Assert.Equal([Report], (await catalog.ListViewsAsync(Sales)).Items);
    }

    [Fact]
    public virtual async Task Views_Renamed_KeepTheirMetadata()
    {
        var catalog = await WithSalesAsync();
        var created = await catalog.CommitViewAsync(Report, null, View());
        var target = TableIdentifier.Of("sales", "summary");
        await catalog.RenameViewAsync(Report, target);
        Assert.Null(await catalog.LoadViewAsync(Report));
        Assert.Equal(created.MetadataLocation, (await Open().LoadViewAsync(target))!.MetadataLocation);
    }
}
