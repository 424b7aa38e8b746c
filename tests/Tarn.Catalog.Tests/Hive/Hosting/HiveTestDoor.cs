using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tarn.Access;
using Tarn.Access.Identities;
using Tarn.Catalog.Hive;
using Tarn.Catalog.Hive.Calls;
using Tarn.Catalog.Hive.Hosting;
using Tarn.Catalog.Hive.Locks;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Memory;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.Catalog.Tests.Hive.Hosting;

/// <summary>The door without a network, over a catalog in a temporary folder.</summary>
internal sealed class HiveTestDoor : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCommitLog _log;
    private readonly ServiceProvider _services;
    private readonly HiveTelemetry _telemetry;
    private readonly HiveSession _session;

    public HiveTestDoor(HiveOptions? options = null)
    {
        var used = options ?? new HiveOptions { WarehouseLocation = "s3://lake" };
        _log = new EmbeddedCommitLog(_folder.Path);
        Catalog = new EmbeddedCatalog(_log, Store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" }, Time);
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _telemetry = new HiveTelemetry(_services.GetRequiredService<IMeterFactory>());
        Locks = new LockTable(used.LockTimeout, Time, SystemRandom.Instance);
        var caller = new Caller { Kind = CallerKind.Root, Name = "root", Arn = "arn:aws:iam::000000000000:root", CanonicalId = new string('a', 64), DisplayName = "root", AccountId = "000000000000" };
        _session = new HiveSession(caller, IPAddress.Loopback, "test");
        Dispatcher = new HiveDispatcher(
            HiveMethods.All(used, Locks, Time, Random.Shared), new HiveSessions(new OpenWarehouses(Catalog), null!, used), _telemetry, Time, NullLogger<HiveDispatcher>.Instance);
    }

    public ManualTimeProvider Time { get; } = new();

    public MemoryObjectStore Store { get; } = new();

    public ICatalog Catalog { get; }

    public LockTable Locks { get; }

    public HiveDispatcher Dispatcher { get; }

    public async Task<ThriftMessage> SendAsync(ThriftMessage request) => (await Dispatcher.AnswerAsync(request, _session, CancellationToken.None)).Message!;

    /// <summary>Calls with arguments from 1 on.</summary>
    public Task<ThriftMessage> CallAsync(string method, params ThriftValue[] arguments)
    {
        var body = new ThriftStruct();
        for (short i = 0; i < arguments.Length; i++)
            body.With((short)(i + 1), arguments[i]);
        return SendAsync(new ThriftMessage(ThriftMessageKind.Call, method, 7, true, body));
    }

    public void Dispose()
    {
        _telemetry.Dispose();
        _services.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }
}
