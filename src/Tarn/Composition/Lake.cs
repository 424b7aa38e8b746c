using Tarn.Commands;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Engine;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;
using Tarn.Metastore.Catalogs;
using Tarn.Storage.Local;

namespace Tarn.Composition;

/// <summary>The embedded lake: data folder → object store → catalog → engine → session, all in this process.</summary>
internal sealed class Lake : ILake
{
    private readonly LakeStorage _storage;
    private readonly LakeLog _log;
    private readonly LakeEngine _engine;
    private readonly Lazy<ISqlSession> _session;

    private Lake(LakeOptions options, DataFolder? folder, Action<string> say)
    {
        var map = new LocationMap(options.Map);
        DataFolder = options.DataFolder;
        _storage = new LakeStorage(folder, map, options.Remote, options.CacheSizeBytes);
        _log = LakeLog.Open(folder?.MetastoreFolder ?? Path.Join(options.DataFolder, ".metastore"), options.Postgres, say: say);
        Catalogs = new EmbeddedCatalogs(_log.Log, _storage.Store, new EmbeddedCatalogOptions
        {
            WarehouseLocation = _storage.WarehouseLocation,
            At = CatalogAddress.Default with { Branch = options.Branch },
            Undrop = options.Undrop,
        });
        var engineOptions = new EngineOptions { DataDirectories = folder?.DataDirectories ?? [] };
        _engine = new LakeEngine(Catalogs, _storage.Store, map, options.MemoryLimitBytes is { } bytes ? engineOptions with { MemoryLimitBytes = bytes } : engineOptions);
        _session = new Lazy<ISqlSession>(() => _engine.OpenSession());
    }

    /// <inheritdoc/>
    public string DataFolder { get; }

    /// <inheritdoc/>
    public ICatalog Catalog => Catalogs.Default;

    /// <inheritdoc/>
    public EmbeddedCatalogs Catalogs { get; }

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
        var folder = options.Access == LakeAccess.Create
            ? Storage.Local.DataFolder.OpenOrCreate(options.DataFolder, options.WarehouseLocation)
            : Storage.Local.DataFolder.OpenExisting(options.DataFolder);
        if (folder is null && options.Access == LakeAccess.Existing)
            throw TarnException.NotFound($"There is no lake at '{options.DataFolder}'. 'tarn demo' or 'tarn ingest FILE --table schema.name' makes one; --data DIR or {Configuration.ConfigurationKeys.Data.Variable} name another folder.");
        var lake = new Lake(options, folder, say);
        if (folder is not null)
            lake._storage.Local.RemoveDeadStaging();
        return lake;
    }

    /// <inheritdoc/>
    public async Task<TableHandle> LoadTableAsync(TableName name, CancellationToken cancellationToken) => name.Identifier is { } table
        ? await _engine.FindTableAsync([.. table.Namespace.Levels, table.Name], cancellationToken)
        : await _engine.OpenTableAsync(name.Path!, cancellationToken);

    /// <inheritdoc/>
    public Task<IngestResult> IngestAsync(IngestRequest request, IProgress<StatementProgress> progress, CancellationToken cancellationToken) =>
        _engine.IngestAsync(request, progress, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_session.IsValueCreated)
            await _session.Value.DisposeAsync();
        _engine.Dispose();
        _log.Dispose();
        _storage.Dispose();
    }
}
