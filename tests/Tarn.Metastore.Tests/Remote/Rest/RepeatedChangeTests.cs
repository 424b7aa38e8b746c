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

/// <summary>What the answer to a repetition says of the attempt before, whose answer was lost: a success makes it known, a refusal does not.</summary>
public sealed class RepeatedChangeTests : IDisposable
{
    private static readonly TableIdentifier s_orders = TableIdentifier.Of("sales", "orders"), s_view = TableIdentifier.Of("sales", "v");
    private static readonly Guid s_viewUuid = Guid.NewGuid();

    private readonly ScriptedServer _server = new()
    {
        Config = """
            { "defaults": {}, "overrides": {}, "idempotency-key-lifetime": "PT30M", "endpoints": [
              "POST /v1/{prefix}/namespaces/{namespace}/tables/{table}", "POST /v1/{prefix}/transactions/commit", "POST /v1/{prefix}/namespaces/{namespace}/register",
              "POST /v1/{prefix}/namespaces/{namespace}/views", "GET /v1/{prefix}/namespaces/{namespace}/views/{view}", "POST /v1/{prefix}/namespaces/{namespace}/views/{view}"] }
            """,
    };

    private readonly InstantTime _time = new();
    private readonly HttpClient _http;

    public RepeatedChangeTests() => _http = new HttpClient(_server);

    public static TheoryData<string, int> Refusals
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string change in new[] { "commit", "create", "transaction", "transaction with creation", "create view", "replace view", "register", "drop", "rename" })
            {
                foreach (int status in new[] { 400, 401, 403, 404, 406, 409, 419, 422 })
                    cases.Add(change, status);
            }

            return cases;
        }
    }

    public void Dispose() => _http.Dispose();

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Change_UnknownAndThenRefused_StaysUnknown(string change, int status)
    {
        if (change == "replace view")
            _server.Then(200, ViewAnswer());
        _server.ThenFail(HttpRequestError.ResponseEnded).ThenError(status, "", "because");
        var error = await Assert.ThrowsAsync<CommitStateUnknownException>(() => MakeAsync(Open(), change));
        Assert.Contains("because", error.Message, StringComparison.Ordinal);
        Assert.Equal(change == "replace view" ? 3 : 2, _server.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Change_UnknownAndThenRefusedUnderAnotherToken_StaysUnknown(string change, int status)
    {
        _server.Then(200, Token("one"));
        if (change == "replace view")
            _server.Then(200, ViewAnswer());
        _server.Then(503).Then(401).Then(200, Token("two")).ThenError(status, "", "because");
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => MakeAsync(Open("ada:secret"), change));
    }

    [Fact]
    public async Task Change_UnknownAndRefusedToTheLastAttempt_IsNotSentUnderAnotherToken()
    {
        _server.Then(200, Token("one")).Then(503).Then(503).Then(503).Then(503).Then(401);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => MakeAsync(Open("ada:secret"), "commit"));
        Assert.Equal(6, _server.Requests.Count);
    }

    [Fact]
    public async Task NewTableLocation_AnswerLostAndThenRefused_TellsTheRefusal()
    {
        _server.ThenFail(HttpRequestError.ResponseEnded).ThenError(403, "ForbiddenException", "because");
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => Open().NewTableLocationAsync(s_orders).AsTask())).Kind);
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("create")]
    [InlineData("create view")]
    [InlineData("rename")]
    public async Task Change_StillAtWork_IsAskedForAgain(string change)
    {
        _server.ThenFail(HttpRequestError.ResponseEnded).Then(409, """{ "error": { "message": "busy", "type": "request_in_progress", "code": 409 } }""", ("Retry-After", "2"))
            .Then(409, "", ("Retry-After", "3600")).Then(200, change == "create view" ? ViewAnswer() : Table("s3://lake/t/1.metadata.json"));
        await MakeAsync(Open(), change);
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30)], _time.Waits.Skip(1));
        Assert.Single(_server.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_AtWorkForever_EndsUnknown(bool isLost)
    {
        if (isLost)
            _server.ThenFail(HttpRequestError.ResponseEnded);
        for (int i = isLost ? 1 : 0; i < 5; i++)
            _server.Then(409, """{ "error": { "message": "busy", "type": "request_in_progress", "code": 409 } }""", ("Retry-After", "1"));
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => MakeAsync(Open(), "commit"));
        Assert.Equal(5, _server.Requests.Count);
    }

    [Fact]
    public async Task Commit_ConflictThatAsksToWait_IsCertainWhenNothingWasLost()
    {
        _server.Then(409, """{ "error": { "message": "late", "type": "CommitFailedException", "code": 409 } }""", ("Retry-After", "1"));
        await Assert.ThrowsAsync<CommitConflictException>(() => MakeAsync(Open(), "commit"));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Change_UnknownAndThenCancelledOnTheWay_StaysUnknown()
    {
        using var cancelled = new CancellationTokenSource();
        _server.ThenFail(HttpRequestError.ResponseEnded).ThenCancel(cancelled);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => MakeAsync(Open(), "create view", cancelled.Token));
    }

    private static async Task MakeAsync(RestCatalog catalog, string change, CancellationToken cancellationToken = default)
    {
        var other = TableIdentifier.Of("sales", "b");
        switch (change)
        {
            case "commit":
                await catalog.CommitAsync([Commit(s_orders)], cancellationToken);
                break;
            case "create":
                await catalog.CommitAsync([Creation(s_orders)], cancellationToken);
                break;
            case "transaction":
                await catalog.CommitAsync([Commit(s_orders), Commit(other)], cancellationToken);
                break;
            case "transaction with creation":
                await catalog.CommitAsync([Commit(s_orders), Creation(other)], cancellationToken);
                break;
            case "create view":
                await catalog.CommitViewAsync(s_view, null, View(), cancellationToken);
                break;
            case "replace view":
                var view = View();
                await catalog.CommitViewAsync(s_view, new ViewHandle(s_view, "s3://lake/v/1.metadata.json", view), view, cancellationToken);
                break;
            case "register":
                await catalog.RegisterTableAsync(s_orders, "s3://lake/t/1.metadata.json", cancellationToken: cancellationToken);
                break;
            case "drop":
                await catalog.DropTableAsync(s_orders, purge: false, cancellationToken);
                break;
            default:
                await catalog.RenameTableAsync(s_orders, other, cancellationToken);
                break;
        }
    }

    private RestCatalog Open(string? credential = null) => ScriptedCatalog.Open(_http, _time, credential);

    private static TableCommit Creation(TableIdentifier table) => new(table, [new TableRequirement.AssertCreate()], [new TableUpdate.AssignUuid(Guid.NewGuid())]);

    private static string ViewAnswer() =>
        $$"""{ "metadata-location": "s3://lake/v/1.metadata.json", "metadata": {{Encoding.UTF8.GetString(ViewMetadataJson.Write(View()))}}, "config": {} }""";

    private static ViewMetadata View() => new()
    {
        ViewUuid = s_viewUuid,
        FormatVersion = ViewMetadata.MaxFormatVersion,
        Location = "s3://lake/v",
        Schemas = [new Schema(0, [new NestedField(1, "one", false, SimpleType.Int)])],
        CurrentVersionId = 1,
        Versions =
        [
            new ViewVersion
            {
                VersionId = 1, SchemaId = 0, TimestampMs = 1, Representations = [new ViewRepresentation("sql", "SELECT 1 AS one", "trino")], DefaultNamespace = ["sales"],
            },
        ],
        VersionLog = [new ViewHistoryEntry(1, 1)],
    };
}
