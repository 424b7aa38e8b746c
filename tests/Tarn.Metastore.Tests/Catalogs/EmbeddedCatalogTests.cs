using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Faults;
using Tarn.Storage.Local;
using Tarn.Testing.Contracts;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Catalogs;

public class EmbeddedCatalogTests : CatalogContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _store;
    private readonly List<EmbeddedCommitLog> _opened = [];

    public EmbeddedCatalogTests()
    {
        _store = new LocalObjectStore(_folder.Path);
    }

    protected override IObjectStore Store => _store;

    /// <summary>The warehouse and branch that the tests run on.</summary>
    protected virtual CatalogAddress At => CatalogAddress.Default;

    [Fact]
    public async Task NewTableLocation_NamespaceWithLocation_IsBelowIt()
    {
        var catalog = Open();
        await catalog.CreateNamespaceAsync(Namespace.Of("a"), NoProperties.Add("location", "file:///srv/a/"));
        await catalog.CreateNamespaceAsync(Namespace.Of("a", "b"), NoProperties);
        Assert.StartsWith("file:///srv/a/b/t-", await catalog.NewTableLocationAsync(TableIdentifier.Of("a", "b", "t")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Creating_MissingNamespace_IsThereWithItsFirstTable()
    {
        var catalog = (EmbeddedCatalog)Open();
        var (name, rejected) = (Namespace.Of("sales"), TableIdentifier.Of("sales", "orders__rejected"));
        var creating = (await catalog.CreatingAsync(name))!;
        string one = await creating.NewTableLocationAsync(Orders), two = await creating.NewTableLocationAsync(rejected);
        Assert.Null(await catalog.LoadNamespaceAsync(name));
        long before = (await catalog.Log.ReadAsync()).Number;
        await creating.CommitAsync([Creation(Orders, one), Creation(rejected, two)]);
        Assert.Equal(before + 1, (await catalog.Log.ReadAsync()).Number);
        Assert.Equal("ada", (await catalog.LoadNamespaceAsync(name))!["owner"]);
        Assert.Equal(["sales.orders", "sales.orders__rejected"], (await catalog.ListTablesAsync(name)).Items.Select(t => t.ToString()));
    }

    [Fact]
    public async Task Creating_NamespaceThatIsMadeMeanwhile_KeepsItsProperties()
    {
        var catalog = (EmbeddedCatalog)Open();
        var log = new MeddledLog(OpenLog(), () => catalog.CreateNamespaceAsync(Namespace.Of("sales"), NoProperties.Add("k", "v")).AsTask());
        var creating = (await new EmbeddedCatalog(log, _store, Options()).CreatingAsync(Namespace.Of("sales")))!;
        await creating.CommitAsync([Creation(Orders, await creating.NewTableLocationAsync(Orders))]);
        Assert.Equal("v", (await catalog.LoadNamespaceAsync(Namespace.Of("sales")))!["k"]);
        Assert.NotNull(await catalog.LoadTableAsync(Orders));
        // What was created once and dropped is created again.
        await catalog.DropTableAsync(Orders, purge: false);
        await catalog.DropNamespaceAsync(Namespace.Of("sales"));
        await creating.CommitAsync([Creation(Orders, await creating.NewTableLocationAsync(Orders))]);
        Assert.NotNull(await catalog.LoadTableAsync(Orders));
    }

    [Fact]
    public async Task Creating_CommitThatIsRefused_LeavesNoNamespace()
    {
        var catalog = (EmbeddedCatalog)Open();
        var creating = (await catalog.CreatingAsync(Namespace.Of("sales")))!;
        var (created, other) = (Creation(Orders, await creating.NewTableLocationAsync(Orders)), TableIdentifier.Of("sales", "none"));
        await AssertKindAsync(ErrorKind.NotFound, () => creating.CommitAsync([created, created with { Table = other, Requirements = [] }]).AsTask());
        Assert.Null(await catalog.LoadNamespaceAsync(Namespace.Of("sales")));
        await AssertKindAsync(ErrorKind.NotFound, () => creating.NewTableLocationAsync(TableIdentifier.Of("none", "t")).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, () => catalog.CreatingAsync(Namespace.Of("none", "deep")).AsTask());
    }

    [Fact]
    public async Task Commit_MetadataCannotBeWritten_ChangesNothing()
    {
        var created = await CreateAsync(await WithSalesAsync(), Orders);
        var full = new FaultInjectingObjectStore(_store, (operation, _) => operation == StoreOperation.Put ? new StoreFault(ErrorKind.ResourceExhausted) : null);
        var catalog = new EmbeddedCatalog(OpenLog(), full, Options());
        await AssertKindAsync(ErrorKind.ResourceExhausted, () => catalog.CommitAsync([SetProperty(created, "k", "1")]).AsTask());
        Assert.Equal(created.MetadataLocation, (await Open().LoadTableAsync(Orders))!.MetadataLocation);
    }

    [Fact]
    public async Task Commit_ReplyLost_KeepsTheFilesAndIsFoundAgain()
    {
        var created = await CreateAsync(await WithSalesAsync(), Orders);
        var catalog = new EmbeddedCatalog(new MeddledLog(OpenLog(), after: new CommitStateUnknownException("The reply was lost.")), _store, Options());
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => catalog.CommitAsync([SetProperty(created, "k", "1")]).AsTask());
        var found = await Open().LoadTableAsync(Orders);
        Assert.Equal("1", found!.Metadata.Properties["k"]);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => catalog.CommitViewAsync(TableIdentifier.Of("sales", "v"), null, View()).AsTask());
        Assert.NotNull(await Open().LoadViewAsync(TableIdentifier.Of("sales", "v")));
    }

    [Fact]
    public async Task Log_AfterCommits_TellsWhoDidWhat()
    {
        var catalog = (EmbeddedCatalog)await WithSalesAsync();
        await CreateAsync(catalog, Orders);
        var history = new List<CommitRecord>();
        await foreach (var commit in catalog.Log.ReadHistoryAsync())
            history.Add(commit);
        history.RemoveAll(c => c.Principal != "ada");
        Assert.All(history, c => Assert.Equal(At, c.At));
        Assert.IsType<CatalogChange.PutNamespace>(Assert.Single(history[0].Changes));
        Assert.Equal(Orders, Assert.IsType<CatalogChange.PutTable>(Assert.Single(history[1].Changes)).Table);
    }

    [Theory]
    [InlineData("{\"format-version\": 99}")]
    [InlineData("{\"format-version\": 2")]
    public async Task FindOwners_MetadataThatCannotBeUsed_IsWhereItLies(string damage)
    {
        var created = await CreateAsync(await WithSalesAsync(), Orders);
        await Store.DeleteAsync(created.MetadataLocation);
        await Store.PutAsync(created.MetadataLocation, Encoding.UTF8.GetBytes(damage));
        var catalog = Open();
        var placement = await ((EmbeddedCatalog)catalog).ReadPlacementAsync(default);
        Assert.Equal([Orders], (await placement.FindOwnersAsync([created.Metadata.Location], default)).Select(o => o.Name));
        Assert.Empty(await placement.FindOwnersAsync(["s3://lake/elsewhere"], default));
    }

    // Whoever may register a metadata file writes its log, too.
    [Fact]
    public async Task Commit_RegisteredLogNamesAForeignFile_LeavesIt()
    {
        var catalog = await WithSalesAsync();
        var first = await CreateAsync(catalog, Orders, NoProperties.Add("write.metadata.previous-versions-max", "1").Add("write.metadata.delete-after-commit.enabled", "true"));
        var second = (await catalog.CommitAsync([SetProperty(first, "k", "1")]))[0];
        const string foreign = "s3://lake/elsewhere/metadata/00001.metadata.json";
        await Store.PutAsync(foreign, "not the table's"u8.ToArray());
        var forged = second.Metadata with { MetadataLog = [new MetadataLogEntry(first.Metadata.LastUpdatedMs, foreign), new MetadataLogEntry(first.Metadata.LastUpdatedMs, first.MetadataLocation)] };
        string location = first.Metadata.Location + "/metadata/00009.metadata.json";
        await Store.PutAsync(location, TableMetadataJson.Write(forged));
        var registered = await catalog.RegisterTableAsync(Orders, location, replaced: second);
        var last = (await catalog.CommitAsync([SetProperty(registered, "k", "2")]))[0];
        Assert.Equal([location], last.Metadata.MetadataLog.Select(e => e.MetadataFile));
        // On a branch none is deleted.
        Assert.Equal(At.IsMain, await Store.HeadAsync(first.MetadataLocation) is null);
        Assert.NotNull(await Store.HeadAsync(foreign));
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (var log in _opened)
            log.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    protected override ICatalog Open() => new EmbeddedCatalog(OpenLog(), _store, Options());

    private EmbeddedCatalogOptions Options() => new() { WarehouseLocation = "s3://lake", Principal = "ada", Undrop = TimeSpan.Zero, At = At };

    protected EmbeddedCommitLog OpenLog()
    {
        var log = new EmbeddedCommitLog(_folder[".metastore"]);
        _opened.Add(log);
        return log;
    }

    /// <summary>Every commit lands, and nobody is told.</summary>
    /// <summary>A log that something happens to before a commit or after it.</summary>
    private sealed class MeddledLog(ICommitLog inner, Func<Task>? before = null, Exception? after = null) : ICommitLog
    {
        private Func<Task>? _before = before;

        public ValueTask<LogState> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public async ValueTask<CommitRecord> AppendAsync(CommitRequest request, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref _before, null) is { } meddle)
                await meddle();
            var record = await inner.AppendAsync(request, cancellationToken);
            return after is null ? record : throw after;
        }

        public IAsyncEnumerable<CommitRecord> ReadHistoryAsync(long fromNumber = 1, CancellationToken cancellationToken = default) =>
            inner.ReadHistoryAsync(fromNumber, cancellationToken);
    }
}
