using Tarn.DuckDb;
using Tarn.Engine;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;

namespace Tarn.Benchmarks.Sql;

/// <summary>A lake in a temporary folder and, beside it, raw DuckDB in the same process with the same settings.</summary>
internal sealed class BenchLake : IAsyncDisposable
{
    private readonly LocalObjectStore store;
    private readonly EmbeddedCommitLog log;
    private readonly DuckDbDatabase database;
    private readonly List<(LakeEngine Engine, ISqlSession Session)> fresh = [];

    private BenchLake(string folder)
    {
        Folder = folder;
        var data = DataFolder.OpenOrCreate(Path.Combine(folder, "lake"));
        store = new LocalObjectStore(data.Path);
        log = new EmbeddedCommitLog(data.MetastoreFolder);
        Catalog = new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation });
        Engine = new LakeEngine(new FixedCatalogs(Catalog), store);
        Session = Engine.OpenSession();
        LakeFolder = data.Path;
        database = DuckDbDatabase.Open(settings: new Dictionary<string, string> { ["preserve_insertion_order"] = "true" });
        Raw = database.Connect();
        Raw.Execute("SET GLOBAL parquet_metadata_cache = true");
    }

    /// <summary>Scratch folder; gone on dispose.</summary>
    public string Folder { get; }

    /// <summary>The data folder of the lake.</summary>
    public string LakeFolder { get; }

    /// <summary>Its tables.</summary>
    public EmbeddedCatalog Catalog { get; }

    /// <summary>Its files.</summary>
    public LocalObjectStore Store => store;

    /// <summary>The engine.</summary>
    public LakeEngine Engine { get; }

    /// <summary>A session of the engine.</summary>
    public ISqlSession Session { get; }

    /// <summary>Raw DuckDB.</summary>
    public DuckDbConnection Raw { get; }

    /// <summary>A lake in a new folder.</summary>
    public static BenchLake Open() => new(Directory.CreateTempSubdirectory("tarn-bench").FullName);

    /// <summary>Runs a statement of Tarn to its end.</summary>
    /// <returns>The number of rows it answered.</returns>
    public Task<long> RunAsync(string sql) => RunAsync(Session, sql);

    /// <summary>A session of an engine that has read nothing of the lake but what a query names. Both end with the lake, or before.</summary>
    public async Task<ISqlSession> OpenFreshAsync(string firstQuery)
    {
        var engine = new LakeEngine(new FixedCatalogs(Catalog), store);
        var session = engine.OpenSession();
        fresh.Add((engine, session));
        await RunAsync(session, firstQuery).ConfigureAwait(false);
        return session;
    }

    /// <summary>Ends the engines that <see cref="OpenFreshAsync"/> made.</summary>
    public async Task CloseFreshAsync()
    {
        foreach (var (engine, session) in fresh)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            engine.Dispose();
        }

        fresh.Clear();
    }

    /// <summary>Runs a statement in a session to its end.</summary>
    /// <returns>The number of rows it answered.</returns>
    public static async Task<long> RunAsync(ISqlSession session, string sql)
    {
        await using var result = await session.ExecuteAsync(sql).ConfigureAwait(false);
        long rows = 0;
        await foreach (var batch in result.ReadBatchesAsync().ConfigureAwait(false))
            rows += batch.RowCount;
        return rows;
    }

    /// <summary>The rows of a statement of Tarn.</summary>
    public async Task<IReadOnlyList<object?[]>> RowsAsync(string sql)
    {
        await using var result = await Session.ExecuteAsync(sql).ConfigureAwait(false);
        var rows = new List<object?[]>();
        await foreach (var batch in result.ReadBatchesAsync().ConfigureAwait(false))
        {
            for (int row = 0; row < batch.RowCount; row++)
                rows.Add([.. Enumerable.Range(0, result.Columns.Count).Select(column => batch.GetValue(column, row))]);
        }

        return rows;
    }

    /// <summary>Runs a statement of raw DuckDB to its end.</summary>
    /// <returns>The number of rows it answered.</returns>
    public long RunRaw(string sql)
    {
        using var result = Raw.Query(sql);
        return result.Chunks().Sum(chunk => (long)chunk.RowCount);
    }

    /// <summary>The local paths of the data files of a table.</summary>
    public async Task<IReadOnlyList<string>> DataFilesAsync(string schema, string table)
    {
        var paths = new List<string>();
        foreach (object?[] row in await RowsAsync($"SELECT file_path FROM {schema}.\"{table}$files\"").ConfigureAwait(false))
        {
            var lease = await store.LeaseAsync((string)row[0]!).ConfigureAwait(false);
            using (lease)
                paths.Add(lease.Path);
        }

        return paths;
    }

    /// <summary>Makes a view of raw DuckDB over the very data files of a table.</summary>
    public async Task ShareAsync(string schema, string table, string view)
    {
        var files = await DataFilesAsync(schema, table).ConfigureAwait(false);
        Raw.Execute($"CREATE OR REPLACE VIEW {view} AS SELECT * FROM read_parquet([{string.Join(", ", files.Select(f => $"'{f}'"))}])");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseFreshAsync().ConfigureAwait(false);
        await Session.DisposeAsync().ConfigureAwait(false);
        Engine.Dispose();
        Raw.Dispose();
        database.Dispose();
        log.Dispose();
        store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
