using Tarn.Engine.Sessions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;

namespace Tarn.Engine.Tests;

/// <summary>A whole lake in a folder: local store, embedded catalog, embedded engine, one session.</summary>
internal sealed class TestLake : IAsyncDisposable
{
    private readonly LocalObjectStore store;
    private readonly EmbeddedCommitLog log;

    private TestLake(string folder)
    {
        var data = DataFolder.OpenOrCreate(folder);
        store = new LocalObjectStore(data.Path);
        log = new EmbeddedCommitLog(data.MetastoreFolder);
        Catalog = new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation });
        Engine = new LakeEngine([Catalog], store);
        Session = Engine.OpenSession();
    }

    public EmbeddedCatalog Catalog { get; }

    public LakeEngine Engine { get; }

    public ISqlSession Session { get; }

    public static TestLake Open(string folder) => new(folder);

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        Engine.Dispose();
        log.Dispose();
        store.Dispose();
    }
}
