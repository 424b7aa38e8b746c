using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Composition;
using Tarn.Core.Files;
using Tarn.Core.Storage;
using Tarn.Metastore.Access;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Lineage;
using Tarn.Metastore.Postgres;
using Tarn.Storage.Local;

namespace Tarn.Server;

/// <summary>What all parts of a server stand on: the data folder under its lock, the files in it, the commit log, and identity.</summary>
internal sealed class ServerGround : IAsyncDisposable
{
    private readonly DataFolderLock _lock;
    private readonly LakeLog _log;

    private ServerGround(DataFolder folder, DataFolderLock folderLock, ServerOptions options, TimeProvider time)
    {
        (Folder, _lock) = (folder, folderLock);
        Storage = new LakeStorage(folder, new LocationMap(options.Map), options.Remote, options.CacheSizeBytes);
        _log = LakeLog.Open(folder.MetastoreFolder, options.Postgres, time);
        Catalogs = new EmbeddedCatalogs(
            _log.Log, Storage.Store,
            new EmbeddedCatalogOptions
            {
                WarehouseLocation = Storage.WarehouseLocation,
                Principal = "server",
                LooksForFiles = options.Remote is null,
                Undrop = options.CatalogUndrop,
                LineageFolder = LineageOptions.FolderOf(folder.Path),
                OnUnpurged = error => Unpurged?.Invoke(error.Message),
            },
            time);
        Access = new AccessServices(new LogAccessStore(_log.Log), new AccessOptions { DataFolder = folder.Path, Principal = "server", Time = time });
        Lineage = new LineageWriter(LineageOptions.FolderOf(folder.Path), new LineageOptions(), time);
        Warehouses = new EmbeddedWarehouses(Catalogs, Access.Control, new AllowedLocations(options.CatalogLocations), Lineage, time);
    }

    /// <summary>Told why the files of a purged table are still there after its drop.</summary>
    public event Action<string>? Unpurged;

    /// <summary>The metastore where it is in PostgreSQL; else null.</summary>
    public PostgresCommitLog? Postgres => _log.Postgres;

    /// <summary>The data folder.</summary>
    public DataFolder Folder { get; }

    /// <summary>The objects of the lake by location, as the engine reads and writes them.</summary>
    public LakeStorage Storage { get; }

    /// <summary>The tables of all warehouses, on all branches. Doors use them through <see cref="Warehouses"/>, in somebody's name.</summary>
    public EmbeddedCatalogs Catalogs { get; }

    /// <summary>The tables in somebody's name.</summary>
    public IWarehouses Warehouses { get; }

    /// <summary>Takes what was read and written.</summary>
    public LineageWriter Lineage { get; }

    /// <summary>Who may do what.</summary>
    public AccessServices Access { get; }

    /// <summary>Takes the data folder, making it when there is none.</summary>
    /// <exception cref="Core.Errors.TarnException">The folder cannot be used, or another server has it.</exception>
    public static ServerGround Open(ServerOptions options, TimeProvider time)
    {
        var folder = DataFolder.OpenOrCreate(options.DataFolder, options.WarehouseLocation);
        return new ServerGround(folder, DataFolderLock.Take(folder.Path, PhysicalFileSystem.Instance), options, time);
    }

    /// <summary>Makes sure that root exists and has a key.</summary>
    /// <param name="chosen">The operator's key, or null to keep what is there or draw one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What was found or made.</returns>
    public ValueTask<RootStart> EnsureRootAsync(RootCredential? chosen, CancellationToken cancellationToken) => Access.Administration.EnsureRootAsync(chosen, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Access.DisposeAsync();
        await Lineage.DisposeAsync();
        _log.Dispose();
        Storage.Dispose();
        _lock.Dispose();
    }
}
