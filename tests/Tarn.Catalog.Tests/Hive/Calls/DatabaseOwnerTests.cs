using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Catalog.Tests.Hive.Hosting;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Tests.Hive.Calls;

/// <summary>The owner of a database is that of its namespace.</summary>
public sealed class DatabaseOwnerTests : IDisposable
{
    private static readonly Namespace s_sales = Namespace.Of("sales");
    private readonly HiveTestDoor _door = new();

    public void Dispose() => _door.Dispose();

    [Fact]
    public async Task Owner_SaidAtAnyDoor_IsTheSameAtAll()
    {
        Assert.Empty((await _door.CallAsync("create_database", new HiveDatabase { Name = "sales", OwnerName = "ada" }.ToThrift())).Body.Fields);
        Assert.Equal(("ada", "ada"), ((await GetAsync()).OwnerName, await PropertyAsync()));
        await _door.Catalog.UpdateNamespaceAsync(s_sales, new Dictionary<string, string> { ["owner"] = "eve" }, []);
        Assert.Equal(("eve", "eve"), ((await GetAsync()).OwnerName, await PropertyAsync()));
    }

    [Fact]
    public async Task Owner_OfAnAlteration_IsTheOneThatIsAnother()
    {
        Assert.Empty((await _door.CallAsync("create_database", new HiveDatabase { Name = "sales", OwnerName = "ada" }.ToThrift())).Body.Fields);
        await AlterAsync(await GetAsync() with { OwnerName = "eve" });
        Assert.Equal(("eve", "eve"), ((await GetAsync()).OwnerName, await PropertyAsync()));
        await AlterAsync(await GetAsync() with { Parameters = new Dictionary<string, string> { ["owner"] = "bob" } });
        Assert.Equal(("bob", "bob"), ((await GetAsync()).OwnerName, await PropertyAsync()));
        await AlterAsync(await GetAsync() with { OwnerName = null });
        Assert.Equal((null, null), ((await GetAsync()).OwnerName, await PropertyAsync()));
        await AlterAsync(await GetAsync() with { OwnerName = "ada" });
        // Spark makes the structure anew, without the catalog, and keeps the owner out of the parameters; who sends back what it has read takes him away.
        var sentBack = await GetAsync() with { Parameters = new Dictionary<string, string> { ["k"] = "v" } };
        await AlterAsync(sentBack, isAnew: true);
        Assert.Equal(("ada", "ada"), ((await GetAsync()).OwnerName, await PropertyAsync()));
        await AlterAsync(sentBack);
        Assert.Equal((null, null), ((await GetAsync()).OwnerName, await PropertyAsync()));
    }

    private async Task AlterAsync(HiveDatabase next, bool isAnew = false)
    {
        var sent = next.ToThrift().Fields.Where(f => !isAnew || f.Key != 8).Aggregate(new ThriftStruct(), (made, field) => made.With(field.Key, field.Value));
        Assert.Empty((await _door.CallAsync("alter_database", "sales", sent)).Body.Fields);
    }

    private async Task<HiveDatabase> GetAsync() => HiveDatabase.Read((await _door.CallAsync("get_database", "sales")).Body.Struct(0)!);

    private async Task<string?> PropertyAsync() => (await _door.Catalog.LoadNamespaceAsync(s_sales))!.GetValueOrDefault("owner");
}
