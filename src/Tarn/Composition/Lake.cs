using Tarn.Commands;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Engine;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Lineage;
using Tarn.Storage.Local;

namespace Tarn.Composition;

/// <summary>The embedded lake: data folder → object store → catalog → engine → session, all in this process; the catalog may be one elsewhere instead.</summary>
internal sealed class Lake : ILake
{
    private readonly LakeStorage _storage;
    private readonly LakeLog _log;
    private readonly EmbeddedCatalogs _catalogs;
    private readonly ExternalCatalog? _external;
    private readonly LineageWriter? _lineage;
    private readonly string _externalKey;
    private readonly LakeEngine _engine;
    private readonly Lazy<ISqlSession> _session;

    private Lake(LakeOptions options, DataFolder? folder, Action<string> say)
    {
        var map = new LocationMap(options.Map);
        DataFolder = options.DataFolder;
        _storage = new LakeStorage(folder, map, options.Remote, options.CacheSizeBytes, isOfOtherCatalog: options.External is not null);
        _log = LakeLog.Open(folder?.MetastoreFolder ?? Path.Join(options.DataFolder, ".metastore"), options.Postgres, say: say);
        _catalogs = new EmbeddedCatalogs(_log.Log, _storage.Store, new EmbeddedCatalogOptions
        {
            WarehouseLocation = _storage.WarehouseLocation,
            At = CatalogAddress.Default with { Branch = options.Branch },
            Undrop = options.Undrop,
            LineageFolder = LineageOptions.FolderOf(options.DataFolder),
            OnUnpurged = error => say(error.Message),
        });
        // Without a folder there is no lake whose lineage could be told.
        _lineage = folder is null ? null : new LineageWriter(LineageOptions.FolderOf(folder.Path), new LineageOptions(), TimeProvider.System);
        _external = options.External is { } external ? ExternalCatalog.Open(external, _storage.Store) : null;
        _externalKey = options.External?.Hive is null ? ConfigurationKeys.CatalogRestUri.Path : ConfigurationKeys.CatalogHiveUri.Path;
        ICatalogs catalogs = _external is null ? _catalogs : new FixedCatalogs(_external.Catalog);
        Catalog = catalogs.Default;
        var engineOptions = new EngineOptions { DataDirectories = folder?.DataDirectories ?? [] };
        _engine = new LakeEngine(catalogs, _storage.Store, map, options.MemoryLimitBytes is { } bytes ? engineOptions with { MemoryLimitBytes = bytes } : engineOptions, lineage: _lineage);
        _session = new Lazy<ISqlSession>(() => _engine.OpenSession());
    }

    /// <inheritdoc/>
    public string DataFolder { get; }

    /// <inheritdoc/>
    public ICatalog Catalog { get; }

    /// <inheritdoc/>
    public EmbeddedCatalogs Catalogs => _external is null ? _catalogs : throw TarnException.Unsupported(
        $"Warehouses, branches, undrop, protection and history are in Tarn's own catalog, and {_externalKey} names another one. Remove it for this command.");

    /// <inheritdoc/>
    public IObjectStore Store => _storage.Store;

    /// <inheritdoc/>
    public ISqlSession Session => _session.Value;

    /// <summary>Opens a lake.</summary>
    /// <param name="options">Which one.</param>
    /// <param name="say">Told what the user waits for.</param>
    /// <exception cref="TarnException">NotFound when there is none and the command makes none; errors of the data folder.</exception>
    public static ILake Open(LakeOptions options, Action<string> say)
    {
        // With a catalog elsewhere the folder holds only what is being written and what was fetched: nothing is missing in a new one.
        var folder = options.Access == LakeAccess.Create || (options.Access == LakeAccess.Existing && options.External is not null)
            ? Storage.Local.DataFolder.OpenOrCreate(options.DataFolder, options.WarehouseLocation)
            : Storage.Local.DataFolder.OpenExisting(options.DataFolder, options.WarehouseLocation);
        if (folder is null && options.Access == LakeAccess.Existing)
            throw TarnException.NotFound($"There is no lake at '{options.DataFolder}'. 'tarn demo' or 'tarn ingest FILE --table schema.name' makes one; --data DIR or {ConfigurationKeys.Data.Variable} name another folder.");
        var lake = new Lake(options, folder, say);
        if (folder is not null)
            lake._storage.Local.RemoveDeadStaging();
        return lake;
    }

    /// <inheritdoc/>
    public async Task<(ICatalog Catalog, TableName Name)> ResolveAsync(TableName name, CancellationToken cancellationToken)
    {
        if (name.NamesCatalog || _external is not null || name.Identifier is not { Namespace.Levels: [var first, _, ..] levels, Name: var table })
            return (Catalog, name);
        var schema = new Namespace([.. levels.Skip(1)]);
        return await _catalogs.FindAsync(first, cancellationToken) is { } other && await other.LoadNamespaceAsync(schema, cancellationToken) is not null
            ? (other, new TableName(new TableIdentifier(schema, table), null) { In = other.Name, NamesCatalog = true })
            : (Catalog, name);
    }

    /// <inheritdoc/>
    public async Task<TableHandle> LoadTableAsync(TableName name, CancellationToken cancellationToken) => name.Identifier is not null
        ? await _engine.FindTableAsync(name.Parts, cancellationToken)
        : await _engine.OpenTableAsync(name.Path!, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long?> CountRowsAsync(TableHandle table, Snapshot snapshot, CancellationToken cancellationToken) =>
        _engine.CountRowsAsync(table, snapshot, cancellationToken);

    /// <inheritdoc/>
    public Task<IngestResult> IngestAsync(IngestRequest request, IProgress<StatementProgress> progress, CancellationToken cancellationToken) =>
        _engine.IngestAsync(request, progress, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_session.IsValueCreated)
            await _session.Value.DisposeAsync();
        _engine.Dispose();
        if (_lineage is not null)
            await _lineage.DisposeAsync();
        _external?.Dispose();
        _log.Dispose();
        _storage.Dispose();
    }
}
