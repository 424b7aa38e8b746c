using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Testing.Contracts;

/// <summary>What every catalog of Tarn's own does: beside <see cref="IcebergCatalogContract"/> it keeps annotations, and tables of other formats.</summary>
public abstract partial class CatalogContract : IcebergCatalogContract
{
    private static readonly TableIdentifier Raw = TableIdentifier.Of("sales", "raw");

    [Fact]
    public async Task Annotations_OfATable_FollowItUntilReplaced()
    {
        var catalog = await WithSalesAsync();
        var created = await CreateAsync(catalog, Orders);
        Assert.Empty(created.Annotations);
        var annotated = await catalog.RegisterTableAsync(Orders, created.MetadataLocation, created, m => NoProperties.Add("owner", m.TableUuid == created.Metadata.TableUuid ? "ada" : ""));
        Assert.Equal("ada", annotated.Annotations["owner"]);
        await Assert.ThrowsAsync<CommitConflictException>(() => catalog.RegisterTableAsync(Orders, created.MetadataLocation, created with { MetadataLocation = "s3://lake/no" }, _ => NoProperties).AsTask());
        await catalog.CommitAsync([SetProperty(annotated, "a", "1")]);
        var target = TableIdentifier.Of("sales", "orders2");
        await catalog.RenameTableAsync(Orders, target);
        var loaded = (await Open().LoadTableAsync(target))!;
        Assert.Equal(("ada", "1"), (loaded.Annotations["owner"], loaded.Metadata.Properties["a"]));
        await catalog.RegisterTableAsync(target, created.MetadataLocation, loaded);
        Assert.Equal("ada", (await Open().LoadTableAsync(target))!.Annotations["owner"]);
        await catalog.DropTableAsync(target, purge: false);
        Assert.Empty((await catalog.RegisterTableAsync(target, created.MetadataLocation)).Annotations);
    }

    [Fact]
    public async Task Views_Registered_KeepTheirFileAndAnnotations()
    {
        var catalog = await WithSalesAsync();
        var first = await catalog.CommitViewAsync(Report, null, View());
        var second = await catalog.CommitViewAsync(Report, first, View("SELECT 2 AS one", first.Metadata.ViewUuid));
        await Assert.ThrowsAsync<CommitConflictException>(() => catalog.RegisterViewAsync(Report, first.MetadataLocation, first).AsTask());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.RegisterViewAsync(Report, first.MetadataLocation).AsTask());
        await catalog.RegisterViewAsync(Report, first.MetadataLocation, second, _ => NoProperties.Add("owner", "ada"));
        var loaded = (await Open().LoadViewAsync(Report))!;
        Assert.Equal((first.MetadataLocation, "ada"), (loaded.MetadataLocation, loaded.Annotations["owner"]));
        await catalog.CommitViewAsync(Report, loaded, View("SELECT 3 AS one", first.Metadata.ViewUuid));
        Assert.Equal("ada", (await Open().LoadViewAsync(Report))!.Annotations["owner"]);
    }

    [Fact]
    public async Task ForeignTables_CreateReplaceRenameDrop_Work()
    {
        var catalog = await WithSalesAsync();
        Assert.Null(await catalog.LoadForeignTableAsync(Raw));
        var created = await catalog.CommitForeignTableAsync(Raw, null, Foreign("s3://lake/raw", "day=1", "day=2"));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.CommitForeignTableAsync(Raw, null, Foreign("x")).AsTask());
        var loaded = (await Open().LoadForeignTableAsync(Raw))!;
        Assert.Equal(("s3://lake/raw", 2), (loaded.Table.Properties["sd.location"], loaded.Table.Partitions.Count));
        var next = loaded.Table with { Partitions = loaded.Table.Partitions.Remove("day=1").Add("day=3", NoProperties.Add("sd.location", "there")) };
        await catalog.CommitForeignTableAsync(Raw, loaded, next);
        await Assert.ThrowsAsync<CommitConflictException>(() => catalog.CommitForeignTableAsync(Raw, created, Foreign("y")).AsTask());
        var target = TableIdentifier.Of("sales", "raw2");
        await catalog.RenameForeignTableAsync(Raw, target);
        Assert.Equal(["day=2", "day=3"], (await Open().LoadForeignTableAsync(target))!.Table.Partitions.Keys);
        Assert.Equal([target], (await catalog.ListForeignTablesAsync(Sales)).Items);
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.DropNamespaceAsync(Sales).AsTask());
        Assert.True(await catalog.DropForeignTableAsync(target));
        Assert.False(await catalog.DropForeignTableAsync(target));
        await catalog.DropNamespaceAsync(Sales);
    }

    [Fact]
    public async Task ForeignTables_TablesAndViews_ShareOneNameSpace()
    {
        var catalog = await WithSalesAsync();
        await catalog.CommitForeignTableAsync(Raw, null, Foreign("s3://lake/raw"));
        await CreateAsync(catalog, Orders);
        await catalog.CommitViewAsync(Report, null, View());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => CreateAsync(catalog, Raw));
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.CommitViewAsync(Raw, null, View()).AsTask());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.CommitForeignTableAsync(Orders, null, Foreign("x")).AsTask());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.RenameForeignTableAsync(Raw, Report).AsTask());
        await AssertKindAsync(ErrorKind.AlreadyExists, () => catalog.RenameTableAsync(Orders, Raw).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.RenameForeignTableAsync(Orders, TableIdentifier.Of("sales", "x")).AsTask());
        await AssertKindAsync(ErrorKind.InvalidRequest, () => catalog.CommitForeignTableAsync(TableIdentifier.Of("sales", ""), null, Foreign("x")).AsTask());
        Assert.Equal([Orders], (await catalog.ListTablesAsync(Sales)).Items);
    }

    private static ForeignTable Foreign(string location, params string[] partitions) => new(
        NoProperties.Add("sd.location", location),
        partitions.ToImmutableSortedDictionary(p => p, p => NoProperties.Add("sd.location", $"{location}/{p}"), StringComparer.Ordinal));
}
