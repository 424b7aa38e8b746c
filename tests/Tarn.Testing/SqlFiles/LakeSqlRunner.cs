using Tarn.Engine;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;

namespace Tarn.Testing.SqlFiles;

/// <summary>Opens lakes in data folders for <see cref="SessionSqlRunner"/>: local store, embedded catalog, embedded engine.</summary>
public static class LakeSqlRunner
{
    /// <summary>A runner over the lake in a folder, which is created when it does not exist.</summary>
    public static SessionSqlRunner Over(string folder) => new(_ => Task.FromResult(Open(folder)));

    private static SqlSessionLease Open(string folder)
    {
        var data = DataFolder.OpenOrCreate(folder);
        var store = new LocalObjectStore(data.Path);
        var log = new EmbeddedCommitLog(data.MetastoreFolder);
        var catalog = new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation });
        var engine = new LakeEngine([catalog], store);
        return new SqlSessionLease(engine.OpenSession(), () =>
        {
            engine.Dispose();
            log.Dispose();
            store.Dispose();
            return ValueTask.CompletedTask;
        });
    }
}
