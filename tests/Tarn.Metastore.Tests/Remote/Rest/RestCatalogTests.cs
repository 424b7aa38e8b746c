using System.Collections.Immutable;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Remote.Rest;
using Tarn.Testing.Time;
using static Tarn.Metastore.Tests.Remote.Rest.ScriptedCatalog;

namespace Tarn.Metastore.Tests.Remote.Rest;

/// <summary>What the client does with answers that servers, proxies and networks give.</summary>
public sealed class RestCatalogTests : IDisposable
{
    private const string KnowsKeys = """{ "defaults": {}, "overrides": {}, "idempotency-key-lifetime": "PT30M" }""";
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders");
    private static readonly ImmutableSortedDictionary<string, string> s_none = ImmutableSortedDictionary<string, string>.Empty;

    private readonly ScriptedServer _server = new();
    private readonly InstantTime _time = new();
    private readonly HttpClient _http;

    public RestCatalogTests() => _http = new HttpClient(_server);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Config_OverridesAndDefaults_MakePrefixSeparatorAndAddress()
    {
        _server.Config = """{ "defaults": { "prefix": "no", "namespace-separator": "." }, "overrides": { "prefix": "ws/lake%40dev", "uri": "http://other/iceberg/" } }""";
        _server.Then(200, """{ "properties": {} }""");
        await Open().LoadNamespaceAsync(Namespace.Of("a b", "c/d"));
        Assert.Equal("GET /iceberg/v1/ws/lake%40dev/namespaces/a%20b.c%2Fd", _server.Requests.Single().Line);
    }

    [Fact]
    public async Task List_InPagesOfAServer_GivesAllOfThemInOrder()
    {
        _server.Then(200, """{ "identifiers": [{ "namespace": ["sales"], "name": "b" }], "next-page-token": "n/1" }""")
            .Then(200, """{ "identifiers": [{ "namespace": ["sales"], "name": "a" }], "next-page-token": null }""");
        var page = await Open().ListTablesAsync(Namespace.Of("sales"));
        Assert.Equal(["a", "b"], page.Items.Select(t => t.Name));
        Assert.Equal("GET /v1/namespaces/sales/tables?pageToken=n%2F1&pageSize=1000", _server.Requests[1].Line);
    }

    [Fact]
    public async Task Read_ServerBusy_IsRepeatedAndThenGivenUp()
    {
        _server.Then(503, "", ("Retry-After", "3")).ThenFail(HttpRequestError.ResponseEnded).Then(200, """{ "properties": { "k": "v" } }""");
        Assert.Equal("v", (await Open().LoadNamespaceAsync(Namespace.Of("a")))!["k"]);
        Assert.Equal(TimeSpan.FromSeconds(3), _time.Waits[0]);
        Assert.InRange(_time.Waits[1], TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));
        for (int i = 0; i < 5; i++)
            _server.Then(502);
        var error = await Assert.ThrowsAsync<TarnException>(() => Open().LoadNamespaceAsync(Namespace.Of("a")).AsTask());
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Equal(8, _server.Requests.Count);
    }

    [Theory]
    [InlineData(409, "CommitFailedException", typeof(CommitConflictException), ErrorKind.Conflict)]
    [InlineData(409, "", typeof(CommitConflictException), ErrorKind.Conflict)]
    [InlineData(500, "CommitStateUnknownException", typeof(CommitStateUnknownException), ErrorKind.Internal)]
    [InlineData(502, "", typeof(CommitStateUnknownException), ErrorKind.Internal)]
    [InlineData(503, "ServiceUnavailableException", typeof(CommitStateUnknownException), ErrorKind.Internal)]
    [InlineData(504, "", typeof(CommitStateUnknownException), ErrorKind.Internal)]
    [InlineData(400, "BadRequestException", typeof(TarnException), ErrorKind.InvalidRequest)]
    [InlineData(401, "NotAuthorizedException", typeof(TarnException), ErrorKind.Unauthenticated)]
    [InlineData(403, "ForbiddenException", typeof(TarnException), ErrorKind.PermissionDenied)]
    [InlineData(404, "NoSuchTableException", typeof(TarnException), ErrorKind.NotFound)]
    [InlineData(406, "UnsupportedOperationException", typeof(TarnException), ErrorKind.Unsupported)]
    [InlineData(422, "UnprocessableEntityException", typeof(TarnException), ErrorKind.InvalidRequest)]
    public async Task Commit_Refused_IsWhatTheAnswerMeans(int status, string type, Type thrown, ErrorKind kind)
    {
        _server.ThenError(status, type, "because");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => Open().CommitAsync([Commit(s_orders)]).AsTask());
        Assert.Equal((thrown, kind), (error.GetType(), error.Kind));
        Assert.Contains("because", error.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Commit_AnswerLost_IsUnknownAndNotRepeated()
    {
        _server.ThenFail(HttpRequestError.ResponseEnded);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => Open().CommitAsync([Commit(s_orders)]).AsTask());
        Assert.Single(_server.Requests);
        _server.Then(200, "{ not json");
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => Open().CommitAsync([Commit(s_orders)]).AsTask());
    }

    [Fact]
    public async Task Commit_NoConnection_IsRepeatedAndCertain()
    {
        for (int i = 0; i < 5; i++)
            _server.ThenFail(HttpRequestError.ConnectionError);
        var error = await Assert.ThrowsAsync<TarnException>(() => Open().CommitAsync([Commit(s_orders)]).AsTask());
        Assert.Equal((ErrorKind.Unavailable, 5), (error.Kind, _server.Requests.Count));
    }

    [Fact]
    public async Task Commit_ServerKnowsKeys_IsRepeatedUnderOneKey()
    {
        _server.Config = KnowsKeys;
        _server.ThenFail(HttpRequestError.ResponseEnded).Then(503).Then(200, Table("s3://lake/t/metadata/2.metadata.json"));
        Assert.Equal("s3://lake/t/metadata/2.metadata.json", (await Open().CommitAsync([Commit(s_orders)]))[0].MetadataLocation);
        Assert.Equal(3, _server.Requests.Count);
        var keys = _server.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct();
        Assert.Equal(36, Assert.Single(keys).Length);
    }

    [Fact]
    public async Task Commit_UnknownAndThenNoConnection_StaysUnknown()
    {
        _server.Config = KnowsKeys;
        _server.ThenFail(HttpRequestError.ResponseEnded);
        for (int i = 0; i < 4; i++)
            _server.ThenFail(HttpRequestError.ConnectionError);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => Open().CommitAsync([Commit(s_orders)]).AsTask());
        _server.Then(504).Then(429).Then(429).Then(429).Then(429);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => Open().CommitAsync([Commit(s_orders)]).AsTask());
    }

    [Fact]
    public async Task Commit_UnknownAndThenNoTokenOrCancelled_StaysUnknown()
    {
        _server.Config = KnowsKeys;
        _server.Then(200, Token("one")).ThenFail(HttpRequestError.ResponseEnded).Then(401).ThenError(401, "", "no more tokens");
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => Open(credential: "ada:secret").CommitAsync([Commit(s_orders)]).AsTask());

        using var cancelled = new CancellationTokenSource();
        _server.ThenFail(HttpRequestError.ResponseEnded, cancelled.Cancel);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => Open().CommitAsync([Commit(s_orders)], cancelled.Token).AsTask());
    }

    [Fact]
    public async Task Commit_CreationOfATakenName_AlreadyExists()
    {
        _server.ThenError(409, "CommitFailedException", "Requirement failed: table already exists");
        var creation = new TableCommit(s_orders, [new TableRequirement.AssertCreate()], [new TableUpdate.AssignUuid(Guid.NewGuid())]);
        var error = await Assert.ThrowsAsync<TarnException>(() => Open().CommitAsync([creation]).AsTask());
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
    }

    [Fact]
    public async Task Commit_SeveralTablesWithoutTransactions_IsRefusedBeforeAnything()
    {
        _server.Config = """{ "endpoints": ["POST /v1/{prefix}/namespaces/{namespace}/tables/{table}"] }""";
        var error = await Assert.ThrowsAsync<TarnException>(() => Open().CommitAsync([Commit(s_orders), Commit(TableIdentifier.Of("sales", "b"))]).AsTask());
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("transactions/commit", error.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Commit_TransactionApplied_LaterFailureIsNoRefusal()
    {
        _server.Then(204).ThenError(404, "NoSuchTableException");
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => Open().CommitAsync([Commit(s_orders), Commit(TableIdentifier.Of("sales", "b"))]).AsTask());
    }

    [Fact]
    public async Task Load_SameEntityTag_IsTheKeptTable()
    {
        _server.Then(200, Table("s3://lake/t/metadata/1.metadata.json"), ("ETag", "\"one\"")).Then(304).ThenError(404, "NoSuchTableException").ThenError(404, "NotFoundException", "Location does not exist: s3://lake/1.metadata.json");
        var catalog = Open();
        var first = (await catalog.LoadTableAsync(s_orders))!;
        Assert.Contains("\"x-kept\"", Encoding.UTF8.GetString(first.Content.Span), StringComparison.Ordinal);
        Assert.Same(first, await catalog.LoadTableAsync(s_orders));
        Assert.Equal("\"one\"", _server.Requests[1].Headers["If-None-Match"]);
        Assert.Null(await catalog.LoadTableAsync(s_orders));
        var damaged = await Assert.ThrowsAsync<TarnException>(() => catalog.LoadTableAsync(s_orders).AsTask());
        Assert.Equal(ErrorKind.DataCorrupted, damaged.Kind);
    }

    [Fact]
    public async Task Token_OfCredential_IsRenewedBeforeItEndsAndWhenItIsRefused()
    {
        const string namespaces = """{ "namespaces": [] }""";
        _server.Then(200, Token("one")).Then(200, namespaces).Then(200, Token("two")).Then(419).Then(200, Token("three")).Then(200, namespaces);
        var catalog = Open(credential: "ada:p w:d&");
        await catalog.ListNamespacesAsync(Namespace.Root);
        Assert.Equal(("POST /v1/oauth/tokens", "grant_type=client_credentials&client_id=ada&client_secret=p+w%3Ad%26&scope=catalog"), (_server.Requests[0].Line, _server.Requests[0].Body));
        _time.Advance(TimeSpan.FromMinutes(59.5));
        await catalog.ListNamespacesAsync(Namespace.Root);
        Assert.Equal(["Bearer one", "Bearer two", "Bearer three"], _server.Requests.Where(r => r.Line.StartsWith("GET", StringComparison.Ordinal)).Select(r => r.Headers["Authorization"]));
    }

    [Fact]
    public async Task Token_Refused_TellsNoSecret()
    {
        _server.Then(401, """{ "error": "invalid_client", "error_description": "who are you" }""");
        var error = await Assert.ThrowsAsync<TarnException>(() => Open(credential: "ada:hush").ListNamespacesAsync(Namespace.Root).AsTask());
        Assert.Equal(ErrorKind.Unauthenticated, error.Kind);
        Assert.Contains("who are you", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namespace_NotEmpty_IsInvalid()
    {
        _server.ThenError(409, "NamespaceNotEmptyException").ThenError(409, "AlreadyExistsException").Then(500);
        var catalog = Open();
        Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<TarnException>(() => catalog.DropNamespaceAsync(Namespace.Of("a")).AsTask())).Kind);
        Assert.Equal(ErrorKind.AlreadyExists, (await Assert.ThrowsAsync<TarnException>(() => catalog.CreateNamespaceAsync(Namespace.Of("a"), s_none).AsTask())).Kind);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => catalog.RenameTableAsync(s_orders, TableIdentifier.Of("sales", "b")).AsTask());
    }

    private RestCatalog Open(string? credential = null) => ScriptedCatalog.Open(_http, _time, credential);
}
