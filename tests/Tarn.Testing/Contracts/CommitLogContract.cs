using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;

namespace Tarn.Testing.Contracts;

/// <summary>What every commit log does. Derive, say how to open the same log again, and the tests run.</summary>
public abstract partial class CommitLogContract
{
    protected static readonly ImmutableSortedDictionary<string, string> NoProperties = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> NoPartitions =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
    private static readonly Namespace Sales = Namespace.Of("sales");

    /// <summary>Opens the log of this test: each call a fresh object, as another process would have.</summary>
    protected abstract ICommitLog Open();

    [Fact]
    public async Task Read_NewLog_IsEmpty()
    {
        var state = await Open().ReadAsync();
        Assert.Equal(0, state.Number);
        Assert.Empty(state.Main.Namespaces);
    }

    [Fact]
    public async Task Append_Acknowledged_IsVisibleToEverybody()
    {
        var (one, other) = (Open(), Open());
        Assert.Equal(0, (await other.ReadAsync()).Number);
        var first = await one.AppendAsync(CreateSales());
        var second = await other.AppendAsync(Put("orders", null, "m1"));
        Assert.Equal((1L, 2L), (first.Number, second.Number));
        Assert.Equal("m1", (await one.ReadAsync()).Main.FindTable(Name("orders"))!.MetadataLocation);
        Assert.Equal("m1", (await Open().ReadAsync()).Main.FindTable(Name("orders"))!.MetadataLocation);
    }

    [Fact]
    public async Task Append_ConditionFails_ChangesNothing()
    {
        var log = Open();
        await log.AppendAsync(CreateSales());
        await log.AppendAsync(Put("orders", null, "m1"));
        await Assert.ThrowsAsync<CommitConflictException>(() => log.AppendAsync(Put("orders", "m0", "m2")).AsTask());
        await AssertKindAsync(ErrorKind.AlreadyExists, log, Put("orders", null, "m2"));
        await AssertKindAsync(ErrorKind.NotFound, log, Put("returns", "m0", "m2"));
        await AssertKindAsync(ErrorKind.NotFound, log, new CommitRequest("ada", [], [new CatalogChange.PutTable(TableIdentifier.Of("none", "t"), null, "m")]));
        await AssertKindAsync(ErrorKind.AlreadyExists, log, CreateSales());
        Assert.Equal(2, (await log.ReadAsync()).Number);
    }

    [Fact]
    public async Task Append_SeveralTables_IsAllOrNothing()
    {
        var log = Open();
        await log.AppendAsync(CreateSales());
        await log.AppendAsync(new CommitRequest("ada", [], [PutChange("a", "a1"), PutChange("b", "b1")]));
        var both = new CommitRequest(
            "ada",
            [new CommitCondition.TableIs(Name("a"), "a1"), new CommitCondition.TableIs(Name("b"), "b0")],
            [PutChange("a", "a2"), PutChange("b", "b2")]);
        await Assert.ThrowsAsync<CommitConflictException>(() => log.AppendAsync(both).AsTask());
        await AssertKindAsync(ErrorKind.NotFound, log, new CommitRequest("ada", [], [PutChange("a", "a3"), new CatalogChange.DropTable(Name("none"))]));
        var state = await log.ReadAsync();
        Assert.Equal(("a1", "b1"), (state.Main.FindTable(Name("a"))!.MetadataLocation, state.Main.FindTable(Name("b"))!.MetadataLocation));
        Assert.Equal(2, state.Number);
    }

    [Fact]
    public async Task Append_EveryKindOfChange_SurvivesReopening()
    {
        var log = Open();
        var uuid = Guid.NewGuid();
        var odd = Namespace.Of("sales", "é \"x\" \U0001F600");
        await log.AppendAsync(new CommitRequest("ada \"o'\"", [], [
            new CatalogChange.PutNamespace(Sales, NoProperties.Add("owner", "ä\n\0")),
            new CatalogChange.PutNamespace(odd, NoProperties),
            new CatalogChange.PutTable(new TableIdentifier(odd, "a.b"), null, "s3://lake/x y%20"),
            PutChange("gone", "m"),
            new CatalogChange.DropTable(Name("gone")),
            new CatalogChange.PutTable(Name("old"), uuid, "m2"),
            new CatalogChange.RenameTable(Name("old"), new TableIdentifier(odd, "new")),
            new CatalogChange.PutView(Name("v"), uuid, "v1"),
            new CatalogChange.RenameView(Name("v"), Name("w")),
            new CatalogChange.PutView(Name("x"), uuid, "v1"),
            new CatalogChange.DropView(Name("x")),
            new CatalogChange.PutTable(Name("noted"), uuid, "m3") { Annotations = NoProperties.Add("owner", "é"), FormerFolders = ["s3://lake/é", "s3://lake/b"] },
            new CatalogChange.PutTable(Name("noted"), uuid, "m4"),
            new CatalogChange.PutView(Name("notedview"), uuid, "v3") { Annotations = NoProperties.Add("owner", "ü") },
            new CatalogChange.PutForeignTable(Name("raw"), NoProperties.Add("sd.location", "s3://lake/raw"), NoPartitions.Add("day=1", NoProperties).Add("day=2", NoProperties.Add("a", "b")), []),
            new CatalogChange.PutForeignTable(Name("raw"), NoProperties.Add("sd.location", "s3://lake/raw2"), NoPartitions, ["day=1"]),
            new CatalogChange.RenameForeignTable(Name("raw"), new TableIdentifier(odd, "raw")),
            new CatalogChange.PutForeignTable(Name("raw"), NoProperties, NoPartitions, []),
            new CatalogChange.DropForeignTable(Name("raw")),
            new CatalogChange.PutNamespace(Namespace.Of("tmp"), NoProperties),
            new CatalogChange.DropNamespace(Namespace.Of("tmp"))]));
        foreach (var state in (LogState[])[await log.ReadAsync(), await Open().ReadAsync()])
        {
            Assert.Equal([Sales, odd], state.Main.Namespaces.Select(n => n.Key));
            Assert.Equal("ä\n\0", state.Main.FindNamespace(Sales)!.Properties["owner"]);
            Assert.Equal([odd], state.Main.Children(Sales));
            Assert.Equal(["a.b", "new"], state.Main.FindNamespace(odd)!.Tables.Keys);
            Assert.Equal(new TableEntry(uuid, "m2"), state.Main.FindTable(new TableIdentifier(odd, "new")));
            Assert.Equal("é", Assert.Single(state.Main.FindNamespace(Sales)!.Tables).Value.Annotations["owner"]);
            Assert.Equal(["s3://lake/é", "s3://lake/b"], Assert.Single(state.Main.FindNamespace(Sales)!.Tables).Value.FormerFolders);
            Assert.Equal(new ViewEntry(uuid, "v1"), state.Main.FindView(Name("w")));
            Assert.Equal("ü", state.Main.FindView(Name("notedview"))!.Annotations["owner"]);
            var raw = state.Main.FindForeignTable(new TableIdentifier(odd, "raw"))!;
            Assert.Equal((1, "s3://lake/raw2", "b"), (raw.Version, raw.Properties["sd.location"], Assert.Single(raw.Partitions).Value["a"]));
            Assert.Empty(state.Main.FindNamespace(Sales)!.ForeignTables);
        }
    }

    [Fact]
    public async Task Append_NamespaceRules_Hold()
    {
        var log = Open();
        await AssertKindAsync(ErrorKind.NotFound, log, Change(new CatalogChange.PutNamespace(Namespace.Of("a", "b"), NoProperties)));
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.PutNamespace(Namespace.Root, NoProperties)));
        await log.AppendAsync(Change(new CatalogChange.PutNamespace(Namespace.Of("a"), NoProperties)));
        await log.AppendAsync(Change(new CatalogChange.PutNamespace(Namespace.Of("a", "b"), NoProperties)));
        await AssertKindAsync(ErrorKind.InvalidRequest, log, Change(new CatalogChange.DropNamespace(Namespace.Of("a"))));
        await log.AppendAsync(Change(new CatalogChange.DropNamespace(Namespace.Of("a", "b"))));
        await log.AppendAsync(Change(new CatalogChange.DropNamespace(Namespace.Of("a"))));
        await AssertKindAsync(ErrorKind.NotFound, log, Change(new CatalogChange.DropNamespace(Namespace.Of("a"))));
    }

    [Fact]
    public async Task Append_PropertiesChangedMeanwhile_IsAConflict()
    {
        var log = Open();
        await log.AppendAsync(CreateSales());
        var update = new CommitRequest("ada", [new CommitCondition.NamespaceIs(Sales, NoProperties)], [new CatalogChange.PutNamespace(Sales, NoProperties.Add("k", "1"))]);
        await log.AppendAsync(update);
        await Assert.ThrowsAsync<CommitConflictException>(() => log.AppendAsync(update).AsTask());
    }

    [Fact]
    public async Task Append_TablesAndViews_ShareOneNameSpace()
    {
        var log = Open();
        await log.AppendAsync(CreateSales());
        await log.AppendAsync(Put("t", null, "m"));
        await log.AppendAsync(Change(new CatalogChange.PutView(Name("v"), Guid.NewGuid(), "m")));
        await AssertKindAsync(ErrorKind.AlreadyExists, log, Change(new CatalogChange.PutView(Name("t"), Guid.NewGuid(), "m")));
        await AssertKindAsync(ErrorKind.AlreadyExists, log, Change(PutChange("v", "m")));
        await AssertKindAsync(ErrorKind.AlreadyExists, log, Change(new CatalogChange.RenameTable(Name("t"), Name("v"))));
        await AssertKindAsync(ErrorKind.NotFound, log, Change(new CatalogChange.RenameTable(Name("v"), Name("u"))));
    }

    [Fact]
    public async Task History_FromANumber_GivesWhatWasCommitted()
    {
        var log = Open();
        Assert.Empty(await HistoryAsync(log, 1));
        await log.AppendAsync(CreateSales());
        for (int i = 0; i < 5; i++)
            await log.AppendAsync(Put("t", i == 0 ? null : $"m{i - 1}", $"m{i}"));
        var history = await HistoryAsync(Open(), 3);
        Assert.Equal([3L, 4, 5, 6], history.Select(c => c.Number));
        Assert.Equal(["m1", "m2", "m3", "m4"], history.Select(c => ((CatalogChange.PutTable)Assert.Single(c.Changes)).MetadataLocation));
        Assert.All(history, c => Assert.Equal(("ada", "main"), (c.Principal, c.At.Branch)));
        Assert.Equal(history.Select(c => c.Time).Order(), history.Select(c => c.Time));
        Assert.Empty(await HistoryAsync(log, 7));
    }

    [Fact]
    public async Task Append_ManyThreadsAndLogs_EveryCommitLandsOnce()
    {
        const int writers = 8, each = 25;
        await Open().AppendAsync(CreateSales());
        var logs = new[] { Open(), Open() };
        await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(async () =>
        {
            for (int i = 0; i < each; i++)
                await logs[w % 2].AppendAsync(Put($"t{w}", i == 0 ? null : $"m{i - 1}", $"m{i}"));
        })));
        var history = await HistoryAsync(Open(), 1);
        Assert.Equal(Enumerable.Range(1, 1 + (writers * each)).Select(n => (long)n), history.Select(c => c.Number));
        Assert.All(Enumerable.Range(0, writers), w => Assert.Equal(
            Enumerable.Range(0, each).Select(i => $"m{i}"),
            history.Select(c => c.Changes[0]).OfType<CatalogChange.PutTable>().Where(p => p.Table.Name == $"t{w}").Select(p => p.MetadataLocation)));
    }

    [Fact]
    public async Task Append_OneTableContended_OneOfEachRoundWins()
    {
        var log = Open();
        await log.AppendAsync(CreateSales());
        await log.AppendAsync(Put("t", null, "r0"));
        for (int round = 0; round < 10; round++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
            {
                try
                {
                    await log.AppendAsync(Put("t", $"r{round}", $"r{round + 1}"));
                    return 1;
                }
                catch (CommitConflictException)
                {
                    return 0;
                }
            }));
            Assert.Equal(1, outcomes.Sum());
        }
    }

    [Fact]
    public async Task Append_Cancelled_ThrowsAndChangesNothing()
    {
        var log = Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.AppendAsync(CreateSales(), new CancellationToken(true)).AsTask());
        Assert.Equal(0, (await log.ReadAsync()).Number);
    }

    [Fact]
    public async Task Append_UnknownBranchOrWarehouse_IsNotFound()
    {
        await AssertKindAsync(ErrorKind.NotFound, Open(), CreateSales() with { At = new CatalogAddress("lake", "dev") });
        await AssertKindAsync(ErrorKind.NotFound, Open(), CreateSales() with { At = new CatalogAddress("other", "main") });
    }

    protected static CommitRequest CreateSales() =>
        new("ada", [new CommitCondition.NamespaceIs(Sales, null)], [new CatalogChange.PutNamespace(Sales, NoProperties)]);

    protected static CommitRequest Put(string table, string? expected, string metadata) =>
        new("ada", [new CommitCondition.TableIs(Name(table), expected)], [PutChange(table, metadata)]);

    protected static TableIdentifier Name(string table) => new(Sales, table);

    protected static async Task<List<CommitRecord>> HistoryAsync(ICommitLog log, long from)
    {
        var found = new List<CommitRecord>();
        await foreach (var commit in log.ReadHistoryAsync(from))
            found.Add(commit);
        return found;
    }

    private static CatalogChange PutChange(string table, string metadata) => new CatalogChange.PutTable(Name(table), Guid.Empty, metadata);

    private static CommitRequest Change(CatalogChange change) => new("ada", [], [change]);

    private static async Task AssertKindAsync(ErrorKind kind, ICommitLog log, CommitRequest request) =>
        Assert.Equal(kind, (await Assert.ThrowsAnyAsync<TarnException>(() => log.AppendAsync(request).AsTask())).Kind);
}
