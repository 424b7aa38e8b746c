using Tarn.Access.Store;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Access;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Postgres;
using Tarn.Storage.Memory;
using Tarn.Testing.Contracts;

namespace Tarn.Metastore.Tests.Postgres;

/// <summary>The suites that the embedded log passes.</summary>
[Collection(PostgresFixture.Name)]
public sealed class PostgresContractTests(PostgresFixture fixture)
{
    public static TheoryData<string, int> LogTests => ContractMethods.Of<CommitLogContract>();

    public static TheoryData<string, int> CatalogTests => ContractMethods.Of<CatalogContract>();

    public static TheoryData<string, int> AccessTests => ContractMethods.Of<AccessStoreContract>();

    [Theory]
    [MemberData(nameof(LogTests))]
    public Task CommitLog(string test, int row) => RunAsync(() => new LogContract(NewLogs()), test, row);

    [Theory]
    [MemberData(nameof(LogTests))]
    public Task CommitLog_CheckpointAtEveryCommit(string test, int row) => RunAsync(() => new LogContract(new Logs(fixture.Server!.NewSchema(), checkpointEveryBytes: 0)), test, row);

    [Theory]
    [MemberData(nameof(CatalogTests))]
    public Task Catalog(string test, int row) => RunAsync(() => new Catalogs(NewLogs()), test, row);

    [Theory]
    [MemberData(nameof(AccessTests))]
    public Task AccessStore(string test, int row) => RunAsync(() => new AccessStores(NewLogs()), test, row);

    private Logs NewLogs() => new(fixture.Server!.NewSchema(), 256 << 10);

    private Task RunAsync<TContract>(Func<TContract> create, string test, int row)
        where TContract : class, IDisposable => fixture.Server is null ? Task.CompletedTask : ContractMethods.RunAsync(create(), test, row);

    /// <summary>Logs of one schema, each as another process would have it.</summary>
    private sealed class Logs(PostgresOptions options, long checkpointEveryBytes) : IDisposable
    {
        private readonly List<PostgresCommitLog> _opened = [];

        public PostgresCommitLog Open()
        {
            var log = new PostgresCommitLog(options) { CheckpointEveryBytes = checkpointEveryBytes };
            lock (_opened)
                _opened.Add(log);
            return log;
        }

        public void Dispose() => _opened.ForEach(l => l.Dispose());
    }

    private sealed class LogContract(Logs logs) : CommitLogContract, IDisposable
    {
        public void Dispose() => logs.Dispose();

        protected override ICommitLog Open() => logs.Open();
    }

    private sealed class Catalogs(Logs logs) : CatalogContract, IDisposable
    {
        private readonly MemoryObjectStore _store = new();

        protected override IObjectStore Store => _store;

        public void Dispose() => logs.Dispose();

        protected override ICatalog Open() =>
            new EmbeddedCatalog(logs.Open(), _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake", Principal = "ada", Undrop = TimeSpan.Zero });
    }

    private sealed class AccessStores(Logs logs) : AccessStoreContract, IDisposable
    {
        public void Dispose() => logs.Dispose();

        protected override IAccessStore Open() => new LogAccessStore(logs.Open());
    }
}
