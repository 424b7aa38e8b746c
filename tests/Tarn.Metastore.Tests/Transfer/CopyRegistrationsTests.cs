using System.Collections.Immutable;
using System.Net;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Tests.Remote.Rest;
using Tarn.Metastore.Transfer;
using Tarn.Storage.Memory;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Transfer;

public sealed class CopyRegistrationsTests : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private readonly MemoryObjectStore _store = new();
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedCommitLog _sourceLog;
    private readonly EmbeddedCommitLog _targetLog;
    private readonly EmbeddedCatalog _source;
    private readonly EmbeddedCatalog _target;

    public CopyRegistrationsTests()
    {
        (_sourceLog, _targetLog) = (new EmbeddedCommitLog(_folder["source"]), new EmbeddedCommitLog(_folder["target"]));
        (_source, _target) = (Catalog(_sourceLog), Catalog(_targetLog));
    }

    public void Dispose()
    {
        _sourceLog.Dispose();
        _targetLog.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_CatalogWithEverything_RegistersAllOfItOnce()
    {
        await _source.CreateNamespaceAsync(Namespace.Of("a"), s_none.Add("owner", "ada").Add("location", "s3://there/a"));
        await _source.CreateNamespaceAsync(Namespace.Of("a", "b"), s_none);
        var orders = await CreateAsync(_source, TableIdentifier.Of("a", "b", "orders"));
        var view = await _source.CommitViewAsync(TableIdentifier.Of("a", "report"), null, View());
        Assert.All(await RunAsync(new CatalogSource(_source), isDryRun: true), r => Assert.Equal(RegistrationOutcome.Planned, r.Outcome));
        Assert.Null(await _target.LoadNamespaceAsync(Namespace.Of("a")));

        var first = await RunAsync(new CatalogSource(_source));
        Assert.Equal([(RegistrationOutcome.Registered, "a.b.orders"), (RegistrationOutcome.Registered, "a.report")], first.Select(r => (r.Outcome, r.Name.ToString())).Order());
        Assert.Equal(s_none.Add("owner", "ada"), await _target.LoadNamespaceAsync(Namespace.Of("a")));
        Assert.Equal(orders.MetadataLocation, (await _target.LoadTableAsync(orders.Identifier))!.MetadataLocation);
        Assert.Equal(view.MetadataLocation, (await _target.LoadViewAsync(view.Identifier))!.MetadataLocation);
        Assert.All(await RunAsync(new CatalogSource(_source)), r => Assert.Equal(RegistrationOutcome.Present, r.Outcome));
    }

    [Fact]
    public async Task Run_NameTakenOrFileGone_IsAnOutcomeAndTheRestGoesOn()
    {
        await _source.CreateNamespaceAsync(Namespace.Of("a"), s_none);
        await _target.CreateNamespaceAsync(Namespace.Of("a"), s_none);
        var taken = await CreateAsync(_source, TableIdentifier.Of("a", "taken"));
        var gone = await CreateAsync(_source, TableIdentifier.Of("a", "gone"));
        await CreateAsync(_source, TableIdentifier.Of("a", "well"));
        var kept = await CreateAsync(_target, taken.Identifier);
        await _store.DeleteAsync(gone.MetadataLocation);
        var outcomes = (await RunAsync(new CatalogSource(_source))).ToDictionary(r => r.Name.Name);
        Assert.Equal((RegistrationOutcome.Taken, RegistrationOutcome.Failed, RegistrationOutcome.Registered), (outcomes["taken"].Outcome, outcomes["gone"].Outcome, outcomes["well"].Outcome));
        Assert.Contains(kept.MetadataLocation, outcomes["taken"].Reason, StringComparison.Ordinal);
        Assert.Contains(gone.MetadataLocation, outcomes["gone"].Reason, StringComparison.Ordinal);
        Assert.Equal(kept.MetadataLocation, (await _target.LoadTableAsync(taken.Identifier))!.MetadataLocation);
    }

    [Theory]
    [InlineData(false, false, RegistrationOutcome.Failed)]
    [InlineData(true, false, RegistrationOutcome.Registered)]
    [InlineData(false, true, RegistrationOutcome.Failed)]
    public async Task Run_TargetFailsAtOneTable_ReportsItAndTheRestGoesOn(bool stands, bool cannotBeLoaded, RegistrationOutcome outcome)
    {
        var bad = await CreateTwoAsync();
        bool isSent = false;
        var done = await RunAsync(new CatalogSource(_source), request =>
        {
            if (request.IsFor("register"))
                return request.Body!.Contains("\"bad\"", StringComparison.Ordinal) ? (isSent = true, Failure).Item2 : (200, ScriptedCatalog.Table("s3://lake/well.json"));
            return request.IsFor("tables/bad") && isSent
                ? cannotBeLoaded ? Failure : stands ? (200, ScriptedCatalog.Table(bad.MetadataLocation)) : Missing
                : request.IsFor("namespaces/a") ? (200, """{ "properties": {} }""") : Missing;
        });
        Assert.Equal([("a.bad", outcome), ("a.well", RegistrationOutcome.Registered)], done.Select(r => (r.Name.ToString(), r.Outcome)));
        Assert.Equal(outcome == RegistrationOutcome.Failed, done[0].Reason.Contains("cannot read it (HTTP 500, ServerError)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_TargetFailsAtEverything_EndsWithItsError()
    {
        await CreateTwoAsync();
        bool isSent = false;
        var error = await Assert.ThrowsAsync<CommitStateUnknownException>(() => RunAsync(new CatalogSource(_source), request =>
            request.IsFor("register") ? (isSent = true, Failure).Item2 : isSent ? Failure : request.IsFor("namespaces/a") ? (200, """{ "properties": {} }""") : Missing));
        Assert.Contains("a.bad", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SourceFailsAtOneTable_ReportsItAndTheRestGoesOn()
    {
        var bad = await CreateTwoAsync();
        string well = (await _source.LoadTableAsync(TableIdentifier.Of("a", "well")))!.MetadataLocation;
        using var http = new HttpClient(new AnsweringServer(request => request switch
        {
            _ when request.IsFor("tables/bad") => Failure,
            _ when request.IsFor("tables/well") => (200, ScriptedCatalog.Table(well)),
            _ when request.IsFor("a/tables") => (200, """{ "identifiers": [{ "namespace": ["a"], "name": "bad" }, { "namespace": ["a"], "name": "well" }] }"""),
            _ when request.IsFor("namespaces/a") => (200, """{ "properties": {} }"""),
            _ when request.IsFor("views") => (200, """{ "identifiers": [] }"""),
            _ => (200, """{ "namespaces": [] }"""),
        }));
        var done = await RunAsync(new CatalogSource(ScriptedCatalog.Open(http, TimeProvider.System, null)), Namespace.Of("a"));
        Assert.Equal([(bad.Identifier, RegistrationOutcome.Failed), (TableIdentifier.Of("a", "well"), RegistrationOutcome.Registered)], done.Select(r => (r.Name, r.Outcome)));
    }

    [Fact]
    public async Task Run_NamespaceAlone_LeavesOutItsNeighbours()
    {
        foreach (string[] levels in (string[][])[["a"], ["a", "b"], ["ab"]])
        {
            await _source.CreateNamespaceAsync(new Namespace(levels), s_none);
            await CreateAsync(_source, new TableIdentifier(new Namespace(levels), "t"));
        }

        Assert.Equal(["a.b.t", "a.t"], (await RunAsync(new CatalogSource(_source), Namespace.Of("a"))).Select(r => r.Name.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_Folder_FindsTheNewestMetadataOfEachTable()
    {
        await PutAsync("s3://w/x/numbered/metadata/00000-b.metadata.json", Table("s3://w/x/numbered"));
        await PutAsync("s3://w/x/numbered/metadata/00010-a.metadata.json", Table("s3://w/x/numbered"));
        await PutAsync("s3://w/x/numbered/metadata/00009-c.metadata.json", Table("s3://w/x/numbered"));
        await PutAsync("s3://w/x/numbered/data/1.parquet", "PAR1");
        await PutAsync("s3://w/x/hinted/metadata/v1.metadata.json", Table("s3://w/x/hinted"));
        await PutAsync("s3://w/x/hinted/metadata/v2.metadata.json", Table("s3://w/x/hinted"));
        await PutAsync("s3://w/x/hinted/metadata/v3.metadata.json", Table("s3://w/x/hinted"));
        await PutAsync("s3://w/x/hinted/metadata/version-hint.text", "2\n");
        await PutAsync("s3://w/x/y/report/metadata/00000-v.metadata.json", Encoding.UTF8.GetString(ViewMetadataJson.Write(View())));
        await PutAsync("s3://w/x/damaged/metadata/00000-d.metadata.json", "{ no");
        await PutAsync("s3://w/lone/metadata/00000-l.metadata.json", Table("s3://w/lone"));
        await PutAsync("s3://w2/x/other/metadata/00000-o.metadata.json", Table("s3://w2/x/other"));

        var outcomes = (await RunAsync(new FolderSource(_store, "s3://w/", Namespace.Root))).ToDictionary(r => r.Name.ToString());
        Assert.Equal(["lone", "x.damaged", "x.hinted", "x.numbered", "x.y.report"], outcomes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("s3://w/x/numbered/metadata/00010-a.metadata.json", (await _target.LoadTableAsync(TableIdentifier.Of("x", "numbered")))!.MetadataLocation);
        Assert.Equal("s3://w/x/hinted/metadata/v2.metadata.json", (await _target.LoadTableAsync(TableIdentifier.Of("x", "hinted")))!.MetadataLocation);
        Assert.NotNull(await _target.LoadViewAsync(TableIdentifier.Of("x", "y", "report")));
        Assert.Equal((RegistrationOutcome.Failed, RegistrationOutcome.Failed), (outcomes["lone"].Outcome, outcomes["x.damaged"].Outcome));

        var inside = (await RunAsync(new FolderSource(_store, "s3://w", Namespace.Of("from", "w")))).Select(r => (r.Name.ToString(), r.Outcome));
        Assert.Contains(("from.w.lone", RegistrationOutcome.Registered), inside);
    }

    private static (int Status, string Body) Failure => (500, """{ "error": { "message": "cannot read it", "type": "ServerError", "code": 500 } }""");

    private static (int Status, string Body) Missing => (404, """{ "error": { "message": "no", "type": "NoSuchTableException", "code": 404 } }""");

    private async Task<TableHandle> CreateTwoAsync()
    {
        await _source.CreateNamespaceAsync(Namespace.Of("a"), s_none);
        await CreateAsync(_source, TableIdentifier.Of("a", "well"));
        return await CreateAsync(_source, TableIdentifier.Of("a", "bad"));
    }

    private static async Task<List<Registration>> RunAsync(IRegistrationSource source, Func<Asked, (int Status, string Body)> answer)
    {
        using var http = new HttpClient(new AnsweringServer(answer));
        return await new CopyRegistrations(source, ScriptedCatalog.Open(http, TimeProvider.System, null)).RunAsync(Namespace.Root, isDryRun: false).ToListAsync();
    }

    private EmbeddedCatalog Catalog(EmbeddedCommitLog log) => new(log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" });

    private async Task<List<Registration>> RunAsync(IRegistrationSource source, Namespace? below = null, bool isDryRun = false)
    {
        var done = new List<Registration>();
        await foreach (var registration in new CopyRegistrations(source, _target).RunAsync(below ?? Namespace.Root, isDryRun))
            done.Add(registration);
        return done;
    }

    private async Task PutAsync(string location, string text) => await _store.PutAsync(location, Encoding.UTF8.GetBytes(text));

    private static TableMetadata Metadata(string location) => TableMetadata.New(
        new Schema(0, [new NestedField(1, "id", true, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, location, s_none, 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);

    private static string Table(string location = "s3://w/t") => Encoding.UTF8.GetString(TableMetadataJson.Write(Metadata(location)));

    private static async Task<TableHandle> CreateAsync(EmbeddedCatalog catalog, TableIdentifier table) => (await catalog.CommitAsync(
        [new TableCommit(table, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(Metadata($"s3://lake/{Guid.NewGuid():N}")))]))[0];

    private static ViewMetadata View() => new()
    {
        ViewUuid = Guid.NewGuid(),
        FormatVersion = 1,
        Location = $"s3://lake/{Guid.NewGuid():N}",
        Schemas = [new Schema(0, [new NestedField(1, "one", false, SimpleType.Int)])],
        CurrentVersionId = 1,
        Versions = [new ViewVersion { VersionId = 1, SchemaId = 0, TimestampMs = 1, Representations = [new ViewRepresentation("sql", "SELECT 1 AS one", "tarn")], DefaultNamespace = ["a"] }],
        VersionLog = [new ViewHistoryEntry(1, 1)],
    };

    private sealed record Asked(string Path, string? Body)
    {
        public bool IsFor(string end) => Path.EndsWith('/' + end, StringComparison.Ordinal);
    }

    /// <summary>Answers each request by its path and body.</summary>
    private sealed class AnsweringServer(Func<Asked, (int Status, string Body)> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string path = request.RequestUri!.AbsolutePath;
            var (status, body) = path.EndsWith("/v1/config", StringComparison.Ordinal)
                ? (200, """{ "defaults": {}, "overrides": {} }""")
                : answer(new Asked(path, request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : null));
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }
    }
}
