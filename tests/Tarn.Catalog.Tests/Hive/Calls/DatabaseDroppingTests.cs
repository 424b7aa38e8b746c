using System.Collections.Immutable;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Catalog.Tests.Hive.Hosting;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;
using Tarn.Testing.Catalogs;

namespace Tarn.Catalog.Tests.Hive.Calls;

/// <summary><c>drop_database</c> with cascade.</summary>
public sealed class DatabaseDroppingTests : IAsyncLifetime
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private readonly HiveTestDoor _door = new();

    public async Task InitializeAsync()
    {
        await _door.Catalog.CreateNamespaceAsync(Namespace.Of("sales"), s_none);
        foreach (string table in (string[])["a", "b", "c"])
            await NewTable.CreateAsync(_door.Catalog, TableIdentifier.Of("sales", table));
        await NewView.CreateAsync(_door.Catalog, TableIdentifier.Of("sales", "v"));
    }

    public Task DisposeAsync()
    {
        _door.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Drop_CascadeMeetsAProtectedTable_DropsNothing()
    {
        var catalog = (EmbeddedCatalog)_door.Catalog;
        await catalog.ProtectAsync(["sales", "b"], true);
        Assert.Contains("Table 'sales.b' is protected and is not dropped", await DropAsync(), StringComparison.Ordinal);
        Assert.Equal(3, (await catalog.ListTablesAsync(Namespace.Of("sales"))).Items.Count);
        await catalog.ProtectAsync(["sales", "b"], false);
        Assert.Equal("", await DropAsync());
        Assert.Null(await catalog.LoadNamespaceAsync(Namespace.Of("sales")));
        Assert.Equal(4, (await catalog.ListDroppedAsync()).Count);
    }

    [Fact]
    public async Task Drop_CascadeOverANamespaceThatTheProtocolDoesNotShow_DropsNothing()
    {
        await _door.Catalog.CreateNamespaceAsync(Namespace.Of("sales", "hidden"), s_none);
        Assert.Contains("sales.hidden", await DropAsync(), StringComparison.Ordinal);
        Assert.Equal(3, (await _door.Catalog.ListTablesAsync(Namespace.Of("sales"))).Items.Count);
        await _door.Catalog.DropNamespaceAsync(Namespace.Of("sales", "hidden"));
        Assert.Equal("", await DropAsync());
    }

    // The message of the exception, or nothing.
    private async Task<string> DropAsync()
    {
        var answer = await _door.CallAsync("drop_database", "sales", true, true);
        return answer.Body.Fields is [{ Value.Struct: { } fault }] ? fault.Text(1)! : "";
    }
}
