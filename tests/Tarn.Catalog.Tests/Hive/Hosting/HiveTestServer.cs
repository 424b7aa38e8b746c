using System.Net;
using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Catalog.Hive;
using Tarn.Catalog.Tests.Hosting;
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
    public const string AccessKey = TestDoor.AccessKey, Secret = TestDoor.Secret;

    private readonly TemporaryFolder _folder;
    private readonly TestDoor _door;
    private readonly EmbeddedCommitLog _log;
    private readonly AccessServices _access;

    private HiveTestServer(TemporaryFolder folder, TestDoor door, EmbeddedCommitLog log, AccessServices access, EmbeddedCatalog catalog, MemoryObjectStore store) =>
        (_folder, _door, _log, _access, Catalog, Store) = (folder, door, log, access, catalog, store);

    public IPEndPoint Address => IPEndPoint.Parse(_door.Address.Authority);

    public EmbeddedCatalog Catalog { get; }

    public MemoryObjectStore Store { get; }

    public AccessAdministration Administration => _access.Administration;

    public AccessServices Access => _access;

    public string Folder => _folder.Path;

    public static async Task<HiveTestServer> StartAsync(bool allowsAnonymous = true, string policy = "catalog")
    {
        var folder = new TemporaryFolder();
        var store = new MemoryObjectStore();
        var log = new EmbeddedCommitLog(folder["metastore"]);
        var catalogs = new EmbeddedCatalogs(log, store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" });
        var access = new AccessServices(new MemoryAccessStore(), new() { DataFolder = folder.Path });
        await access.Administration.EnsureRootAsync(new RootCredential(AccessKey, Secret));
        await access.Administration.EnsureRoleAsync(new NewRole(HiveOptions.LocalRole, Policies: [policy]));
        var door = await TestDoor.OpenAsync(
            new EmbeddedWarehouses(catalogs, access.Control, AllowedLocations.OfWarehouse), access, TimeProvider.System,
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseTarnHive()),
            services => services.AddTarnHive(new HiveOptions { WarehouseLocation = "s3://lake", AllowsAnonymous = allowsAnonymous }));
        return new(folder, door, log, access, catalogs.Default, store);
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _access.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }
}
