using Tarn.Iceberg.Catalogs;

namespace Tarn.Testing.Contracts;

public abstract partial class CatalogContract
{
    [Fact]
    public async Task FindTablesAt_Folders_AreThoseWithFilesInThem()
    {
        var catalog = await WithSalesAsync();
        string orders = (await CreateAsync(catalog, Orders)).Metadata.Location;
        var apart = TableIdentifier.Of("sales", "apart");
        await CreateAsync(catalog, apart, NoProperties.Add("write.data.path", "s3a://lake/elsewhere/apart/"));
        Assert.Equal([Orders], await catalog.FindTablesAtAsync([orders]));
        Assert.Equal([Orders], await catalog.FindTablesAtAsync([orders + "/data/x"]));
        Assert.Empty(await catalog.FindTablesAtAsync([orders + "-x"]));
        Assert.Empty(await catalog.FindTablesAtAsync([orders[..^1]]));
        Assert.Equal([apart], await catalog.FindTablesAtAsync(["s3://lake/elsewhere"]));
        Assert.Equal([apart, Orders], (await catalog.FindTablesAtAsync(["s3://lake"])).OrderBy(t => t.Name, StringComparer.Ordinal));
        await catalog.DropTableAsync(Orders, purge: false);
        Assert.Empty(await catalog.FindTablesAtAsync([orders]));
    }

    [Fact]
    public async Task FindTablesAt_FoldersOfForeignTables_AreFound()
    {
        var catalog = await WithSalesAsync();
        var table = Foreign("s3a://lake/raw/", "day=1");
        await catalog.CommitForeignTableAsync(Raw, null, table with { Partitions = table.Partitions.Add("day=2", NoProperties.Add("sd.location", "s3://lake/late/day=2")) });
        Assert.Equal([Raw], await catalog.FindTablesAtAsync(["s3://lake/raw/day=1"]));
        Assert.Equal([Raw], await catalog.FindTablesAtAsync(["s3://lake/late"]));
        Assert.Empty(await catalog.FindTablesAtAsync(["s3://lake/rawer"]));
    }
}
