using Tarn.Core.Storage;
using Tarn.Engine;
using Tarn.Engine.Sessions;
using Tarn.Metastore;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;

namespace Tarn.Testing.Lakes;

/// <summary>A whole lake in a folder: local store, embedded catalog, embedded engine, one trusted session.</summary>
public sealed class LocalLake : IAsyncDisposable
{
    private readonly EmbeddedCommitLog _log;
    private readonly Lazy<ISqlSession> _session;

    private LocalLake(DataFolder folder, Func<IObjectStore, IObjectStore>? around, Func<ICommitLog, ICommitLog>? aroundLog)
    {
        Folder = folder;
        Store = new LocalObjectStore(folder.Path);
        var used = around?.Invoke(Store) ?? Store;
        _log = new EmbeddedCommitLog(folder.MetastoreFolder);
        Catalogs = new EmbeddedCatalogs(aroundLog?.Invoke(_log) ?? _log, used, new EmbeddedCatalogOptions { WarehouseLocation = folder.WarehouseLocation });
        Engine = new LakeEngine(Catalogs, used, options: new EngineOptions { DataDirectories = folder.DataDirectories });
        _session = new Lazy<ISqlSession>(() => Engine.OpenSession());
    }

    /// <summary>Where it lies.</summary>
    public DataFolder Folder { get; }

    /// <summary>Its files.</summary>
    public LocalObjectStore Store { get; }

    /// <summary>Its warehouses and their branches.</summary>
    public EmbeddedCatalogs Catalogs { get; }

    /// <summary>Its tables.</summary>
    public EmbeddedCatalog Catalog => Catalogs.Default;

    /// <summary>Its engine.</summary>
    public LakeEngine Engine { get; }

    /// <summary>A session with the rights of the process.</summary>
    public ISqlSession Session => _session.Value;

    /// <summary>Opens the lake in a folder; makes one when there is none.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="warehouse">Where tables of a new lake go; null for the default.</param>
    /// <param name="around">A store around the lake's own, e.g. one whose calls fail; null for none.</param>
    /// <param name="aroundLog">A log around the lake's own, e.g. one that lets others commit first; null for none.</param>
    public static LocalLake Open(string path, string? warehouse = null, Func<IObjectStore, IObjectStore>? around = null, Func<ICommitLog, ICommitLog>? aroundLog = null) =>
        new(DataFolder.OpenOrCreate(path, warehouse), around, aroundLog);

    /// <summary>Runs a statement in <see cref="Session"/>; answers its rows.</summary>
    public Task<IReadOnlyList<object?[]>> RunAsync(string sql) => RunAsync(Session, sql);

    /// <summary>Runs a statement in a session; answers its rows.</summary>
    public static async Task<IReadOnlyList<object?[]>> RunAsync(ISqlSession session, string sql)
    {
        await using var result = await session.ExecuteAsync(sql).ConfigureAwait(false);
        var rows = new List<object?[]>();
        await foreach (var batch in result.ReadBatchesAsync().ConfigureAwait(false))
        {
            for (int row = 0; row < batch.RowCount; row++)
                rows.Add([.. Enumerable.Range(0, result.Columns.Count).Select(column => batch.GetValue(column, row))]);
        }

        return rows;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_session.IsValueCreated)
            await Session.DisposeAsync().ConfigureAwait(false);
        Engine.Dispose();
        _log.Dispose();
        Store.Dispose();
    }
}
