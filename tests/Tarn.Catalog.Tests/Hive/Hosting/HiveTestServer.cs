using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Catalog.Hive;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Memory;
using Tarn.Testing.Access;
using Tarn.Testing.Files;

namespace Tarn.Catalog.Tests.Hive.Hosting;

/// <summary>The Hive Metastore door on a port of its own, with identity.</summary>
internal sealed class HiveTestServer : IAsyncDisposable
{
    public const string AccessKey = "tarnroot", Secret = "tarnrootsecret";

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly EmbeddedCommitLog _log;
    private readonly AccessServices _access;

    private HiveTestServer(TemporaryFolder folder, WebApplication app, EmbeddedCommitLog log, AccessServices access, EmbeddedCatalog catalog, MemoryObjectStore store) =>
        (_folder, _app, _log, _access, Catalog, Store) = (folder, app, log, access, catalog, store);

    public IPEndPoint Address => IPEndPoint.Parse(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()["http://".Length..]);

    public EmbeddedCatalog Catalog { get; }

    public MemoryObjectStore Store { get; }

    public AccessAdministration Administration => _access.Administration;

    public static async Task<HiveTestServer> StartAsync(bool allowsAnonymous = true, string policy = "catalog")
    {
        var folder = new TemporaryFolder();
        var store = new MemoryObjectStore();
        var log = new EmbeddedCommitLog(folder["metastore"]);
        var catalogs = new EmbeddedCatalogs(log, store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" });
        var access = new AccessServices(new MemoryAccessStore(), new() { DataFolder = folder.Path });
        await access.Administration.EnsureRootAsync(new RootCredential(AccessKey, Secret));
        await access.Administration.EnsureRoleAsync(new NewRole(HiveOptions.LocalRole, Policies: [policy]));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseTarnHive()));
        builder.Services.AddMetrics().AddLogging().AddSingleton<IWarehouses>(new EmbeddedWarehouses(catalogs, access.Control, AllowedLocations.OfWarehouse)).AddSingleton(access.Control).AddSingleton(TimeProvider.System)
            .AddTarnHive(new HiveOptions { WarehouseLocation = "s3://lake", AllowsAnonymous = allowsAnonymous });
        var app = builder.Build();
        await app.StartAsync();
        return new(folder, app, log, access, catalogs.Default, store);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _access.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }
}
