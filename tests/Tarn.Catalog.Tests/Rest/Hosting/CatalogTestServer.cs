using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Catalog.Tests.Hosting;
using Tarn.Core.Storage;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Lineage;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;
using Tarn.Testing.Access;
using Tarn.Testing.Files;

namespace Tarn.Catalog.Tests.Rest.Hosting;

/// <summary>The Iceberg REST door on a port of its own, over a fresh data folder.</summary>
internal sealed class CatalogTestServer : IAsyncDisposable
{
    public const string AccessKey = TestDoor.AccessKey, Secret = TestDoor.Secret;

    private readonly TemporaryFolder _folder;
    private readonly TestDoor _door;
    private readonly LocalObjectStore _store;
    private readonly EmbeddedCommitLog _log;
    private readonly AccessServices _access;
    private readonly bool _isGuest;

    private CatalogTestServer(TemporaryFolder folder, TestDoor door, LocalObjectStore store, EmbeddedCommitLog log, EmbeddedCatalog catalog, AccessServices access, bool isGuest) =>
        (_folder, _door, _store, _log, Catalog, _access, _isGuest) = (folder, door, store, log, catalog, access, isGuest);

    /// <summary>Address of the door.</summary>
    public Uri Address => _door.Address;

    /// <summary>The catalog behind the door, in nobody's name.</summary>
    public EmbeddedCatalog Catalog { get; }

    public IObjectStore Store => _store;

    public AccessAdministration Administration => _access.Administration;

    public AccessServices Access => _access;

    public string Folder => _folder.Path;

    /// <summary>Starts it; root's key is <see cref="AccessKey"/>.</summary>
    /// <param name="options">Settings of the door; null for those of a lake at <c>s3://lake</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wrap">Puts something before the catalogs.</param>
    /// <param name="root">Another key of root.</param>
    /// <param name="planning">What planning waits for; null for nothing.</param>
    /// <param name="lineage">Takes what is read and written.</param>
    /// <param name="beside">Another server, whose data folder and identities this one shares; it must be disposed later.</param>
    public static async Task<CatalogTestServer> StartAsync(
        CatalogOptions? options = null, TimeProvider? time = null, Func<IWarehouses, IWarehouses>? wrap = null, RootCredential? root = null, Task? planning = null, CatalogTestServer? beside = null,
        ILineageLog? lineage = null)
    {
        time ??= TimeProvider.System;
        options ??= new CatalogOptions();
        var folder = beside?._folder ?? new TemporaryFolder();
        var data = DataFolder.OpenOrCreate(folder.Path, null);
        var store = new LocalObjectStore(folder.Path);
        var log = new EmbeddedCommitLog(data.MetastoreFolder, time: time);
        var catalogs = new EmbeddedCatalogs(log, store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" }, time);
        var access = beside?._access ?? new AccessServices(new MemoryAccessStore(), new() { DataFolder = folder.Path, Time = time });
        if (beside is null)
            await access.Administration.EnsureRootAsync(root ?? new RootCredential(AccessKey, Secret));
        IWarehouses warehouses = new EmbeddedWarehouses(catalogs, access.Control, AllowedLocations.OfWarehouse, lineage, time);
        var door = await TestDoor.OpenAsync(
            wrap?.Invoke(warehouses) ?? warehouses, access, time,
            kestrel =>
            {
                kestrel.Limits.ApplyTarnCatalog(options);
                kestrel.Listen(IPAddress.Loopback, 0);
            },
            services => services.AddSingleton(access.AccessTokens).AddSingleton(access.Tokens).AddSingleton(new ScanPlanner(new GatedStore(store, planning))).AddTarnCatalog(options),
            app => app.MapTarnCatalog());
        return new(folder, door, store, log, catalogs.Default, access, beside is not null);
    }

    /// <summary>A client with an access token of a key.</summary>
    public async Task<CatalogTestClient> ConnectAsync(string accessKey = AccessKey, string secret = Secret)
    {
        var client = new CatalogTestClient(Address);
        await client.LogInAsync(accessKey, secret);
        return client;
    }

    /// <summary>A client that shows nothing.</summary>
    public CatalogTestClient ConnectAnonymously() => new(Address);

    /// <summary>A client of a new user.</summary>
    public async Task<CatalogTestClient> ConnectAsUserAsync(string name, params string[] policies)
    {
        await Administration.CreateUserAsync(new NewUser(name, Policies: policies));
        var key = await Administration.CreateKeyAsync(new KeyRequest(name));
        return await ConnectAsync(key.Id, key.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        _log.Dispose();
        _store.Dispose();
        if (_isGuest)
            return;
        await _access.DisposeAsync();
        _folder.Dispose();
    }
}
