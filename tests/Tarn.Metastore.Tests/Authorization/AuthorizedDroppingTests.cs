using System.Collections.Immutable;
using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Memory;
using Tarn.Testing.Access;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Authorization;

/// <summary>Dropping a namespace with everything inside takes the right to drop each thing.</summary>
public sealed class AuthorizedDroppingTests : IAsyncLifetime
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly Namespace s_sales = Namespace.Of("sales");
    private readonly TemporaryFolder _folder = new();
    private readonly AccessServices _access;
    private readonly EmbeddedCommitLog _log;
    private readonly EmbeddedCatalog _catalog;

    public AuthorizedDroppingTests()
    {
        _access = new AccessServices(new MemoryAccessStore(), new() { DataFolder = _folder.Path });
        _log = new EmbeddedCommitLog(_folder["log"]);
        _catalog = new EmbeddedCatalog(_log, new MemoryObjectStore(), new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada" });
    }

    public async Task InitializeAsync()
    {
        await _access.Administration.EnsureRootAsync(new RootCredential("tarnroot", "tarnrootsecret"));
        foreach (var name in (Namespace[])[s_sales, Namespace.Of("sales", "old")])
            await _catalog.CreateNamespaceAsync(name, s_none);
        foreach (var table in (TableIdentifier[])[TableIdentifier.Of("sales", "a"), TableIdentifier.Of("sales", "old", "b")])
            await NewTable.CreateAsync(_catalog, table);
        await NewView.CreateAsync(_catalog, TableIdentifier.Of("sales", "v"));
        await _catalog.CommitForeignTableAsync(TableIdentifier.Of("sales", "f"), null, new ForeignTable(s_none, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty));
    }

    public async Task DisposeAsync()
    {
        await _access.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("sales")]
    [InlineData("sales/a")]
    [InlineData("sales/f")]
    [InlineData("sales/v")]
    [InlineData("sales/old")]
    [InlineData("sales/old/b")]
    [InlineData("none")]
    public async Task Drop_OneThingMayNotBeDropped_DropsNothing(string kept)
    {
        await _access.Administration.PutPolicyAsync("most", $$"""
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":["catalog:DropNamespace","catalog:DropTable","catalog:DropView"],"Resource":"*"},
              {"Effect":"Deny","Action":"catalog:Drop*","Resource":"arn:tarn:catalog:::lake/{{kept}}"}]}
            """);
        await _access.Administration.CreateUserAsync(new NewUser("eve", Policies: ["most"]));
        var key = await _access.Administration.CreateKeyAsync(new KeyRequest("eve"));
        var caller = (await _access.Control.FindAccessKeyAsync(key.Id)).Credential!.Caller;
        ICatalog catalog = new AuthorizedCatalog(_catalog, "lake", _access.Control, new CatalogSession(caller));
        long before = (await _log.ReadAsync()).Number;
        var refused = await Record.ExceptionAsync(() => catalog.DropNamespaceWithContentAsync(s_sales).AsTask());
        Assert.Equal(kept == "none" ? null : ErrorKind.PermissionDenied, (refused as TarnException)?.Kind);
        Assert.Equal(before + (kept == "none" ? 1 : 0), (await _log.ReadAsync()).Number);
    }
}
