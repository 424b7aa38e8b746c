using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Memory;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs;

/// <summary>Namespaces that are dropped with everything inside: at once, or not at all.</summary>
public sealed class NamespaceDroppingTests : IAsyncLifetime
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly Namespace s_sales = Namespace.Of("sales"), s_old = Namespace.Of("sales", "old");
    private static readonly TableIdentifier s_a = TableIdentifier.Of("sales", "a"), s_b = TableIdentifier.Of("sales", "b"), s_deep = TableIdentifier.Of("sales", "old", "c"), s_view = TableIdentifier.Of("sales", "v"), s_foreign = TableIdentifier.Of("sales", "f");
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCommitLog _log;
    private readonly EmbeddedCatalog _catalog;

    public NamespaceDroppingTests()
    {
        _log = new EmbeddedCommitLog(_folder.Path);
        _catalog = new EmbeddedCatalog(_log, new MemoryObjectStore(), new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" });
    }

    public async Task InitializeAsync()
    {
        foreach (var name in (Namespace[])[s_sales, s_old, Namespace.Of("sales2")])
            await _catalog.CreateNamespaceAsync(name, s_none);
        foreach (var table in (TableIdentifier[])[s_a, s_b, s_deep, TableIdentifier.Of("sales2", "stays")])
            await NewTable.CreateAsync(_catalog, table);
        await NewView.CreateAsync(_catalog, s_view);
        await _catalog.CommitForeignTableAsync(s_foreign, null, new ForeignTable(s_none, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty));
    }

    public Task DisposeAsync()
    {
        _log.Dispose();
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Drop_WithContent_IsOneCommitAndEachTableComesBack()
    {
        long before = (await _log.ReadAsync()).Number;
        await _catalog.DropNamespaceWithContentAsync(s_sales);
        var state = await _log.ReadAsync();
        Assert.Equal(before + 1, state.Number);
        Assert.Equal([Namespace.Of("sales2")], state.Main.Namespaces.Select(n => n.Key));
        Assert.Equal(["sales.a", "sales.b", "sales.old.c", "sales.v"], state.Dropped.Values.Select(d => d.Name.ToString()).Order());
        await _catalog.CreateNamespaceAsync(s_sales, s_none);
        foreach (var table in (TableIdentifier[])[s_a, s_b])
            await _catalog.UndropTableAsync(table, table);
        await _catalog.UndropTableAsync(s_deep, TableIdentifier.Of("sales", "c"));
        await _catalog.UndropViewAsync(s_view, s_view);
        Assert.NotNull(await _catalog.LoadTableAsync(s_b));
        Assert.NotNull(await _catalog.LoadViewAsync(s_view));
    }

    [Theory]
    [InlineData("sales.b")]
    [InlineData("sales.v")]
    [InlineData("sales.old.c")]
    [InlineData("sales.old")]
    [InlineData("sales")]
    public async Task Drop_MeetsSomethingProtected_DropsNothing(string isProtected)
    {
        await _catalog.ProtectAsync(isProtected.Split('.'), true);
        var before = await _log.ReadAsync();
        var refused = await Assert.ThrowsAsync<TarnException>(() => _catalog.DropNamespaceWithContentAsync(s_sales).AsTask());
        Assert.Equal(ErrorKind.InvalidRequest, refused.Kind);
        Assert.Contains($"'{isProtected}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("protected", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before.Number, (await _log.ReadAsync()).Number);
        await _catalog.ProtectAsync(isProtected.Split('.'), false);
        await _catalog.DropNamespaceWithContentAsync(s_sales);
        Assert.Null(await _catalog.LoadNamespaceAsync(s_sales));
    }

    /// <summary>Nothing is dropped that nobody was asked about.</summary>
    [Fact]
    public async Task Drop_SomethingComesMeanwhile_IsAskedAboutAgain()
    {
        var added = TableIdentifier.Of("sales", "old", "d");
        var asked = new List<int>();
        await _catalog.DropNamespaceWithContentAsync(s_sales, async all =>
        {
            asked.Add(all.Sum(c => c.Tables.Count));
            if (asked.Count == 1)
                await NewTable.CreateAsync(_catalog, added);
        });
        Assert.Equal([3, 4], asked);
        Assert.Contains((await _log.ReadAsync()).Dropped.Values, d => d.Name == added);
    }
}
