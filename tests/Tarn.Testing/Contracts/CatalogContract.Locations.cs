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
}
