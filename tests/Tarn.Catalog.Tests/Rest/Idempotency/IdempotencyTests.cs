using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Idempotency;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Access.Administration;
using Tarn.Metastore.Requests;
using Tarn.Testing.Time;

namespace Tarn.Catalog.Tests.Rest.Idempotency;

public sealed class IdempotencyTests
{
    private const string Tables = "/v1/lake/namespaces/a/tables";

    [Fact]
    public async Task Requests_WithTheSameKey_AreDoneOnce()
    {
        var time = new ManualTimeProvider();
        await using var server = await CatalogTestServer.StartAsync(time: time);
        using var client = await server.ConnectAsync();
        var (first, second, third) = (Key(), Key(), Key());
        Assert.Equal("PT30M", (await client.GetAsync("/v1/config")).Require(200).GetProperty("idempotency-key-lifetime").GetString());
        for (int i = 0; i < 2; i++)
            (await client.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""", first)).Require(200);
        string uuid = Uuid(await client.PostAsync(Tables, Bodies.Table("t"), second));
        Assert.Equal(uuid, Uuid(await client.PostAsync(Tables, Bodies.Table("t"), second)));
        (await client.PostAsync(Tables, Bodies.Table("u"), second)).RequireError(422, "UnprocessableEntityException");
        for (int i = 0; i < 2; i++)
            (await client.DeleteAsync(Tables + "/t", third)).Require(204);
        (await client.DeleteAsync(Tables + "/t", Key())).RequireError(404, "NoSuchTableException");
        time.Advance(TimeSpan.FromMinutes(31));
        (await client.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""", first)).RequireError(409, "AlreadyExistsException");
        (await client.PostAsync("/v1/lake/namespaces", """{"namespace":["b"]}""", ("Idempotency-Key", "short"))).RequireError(400, "BadRequestException");
    }

    [Fact]
    public async Task Applied_AfterARestartAndAtAnotherServer_IsAnsweredAsTheFirstTime()
    {
        await using var one = await CatalogTestServer.StartAsync();
        await using var other = await CatalogTestServer.StartAsync(beside: one);
        using var first = await one.ConnectAsync();
        using var second = await other.ConnectAsync();
        foreach (var (method, path, body, status) in EveryChange())
        {
            var key = Key();
            var made = await first.SendAsync(method, path, body, key);
            made.Require(status);
            var again = await second.SendAsync(method, path, body, key);
            Assert.True(made.Body == again.Body && made.EntityTag == again.EntityTag, $"{method} {path}: {made.Body} {again.Body}");
            again.Require(status);
            (await second.SendAsync(method, path + "?x=1", body, key)).RequireError(422, "UnprocessableEntityException");
        }

        var state = await one.Catalog.Log.ReadAsync();
        Assert.Equal((EveryChange().Count(), state.Number), (state.Applied.Count, state.Applied.All.Max(a => a.Number)));
    }

    [Fact]
    public async Task Applied_ChangedNothing_IsNotAppliedLater()
    {
        await using var one = await CatalogTestServer.StartAsync();
        await using var other = await CatalogTestServer.StartAsync(beside: one);
        using var first = await one.ConnectAsync();
        using var second = await other.ConnectAsync();
        var (property, commit) = (Key(), Key());
        (await first.PostAsync("/v1/lake/namespaces", """{"namespace":["a"],"properties":{"k":"1"}}""")).Require(200);
        (await first.PostAsync(Tables, Bodies.Table("t"))).Require(200);
        (await first.PostAsync("/v1/lake/namespaces/a/properties", """{"updates":{"k":"1"}}""", property)).Require(200);
        (await first.PostAsync(Tables + "/t", SetProperty("k", "1"))).Require(200);
        (await first.PostAsync(Tables + "/t", SetProperty("k", "1"), commit)).Require(200);
        (await first.PostAsync("/v1/lake/namespaces/a/properties", """{"updates":{"k":"2"}}""")).Require(200);
        (await first.PostAsync(Tables + "/t", SetProperty("k", "2"))).Require(200);
        (await second.PostAsync("/v1/lake/namespaces/a/properties", """{"updates":{"k":"1"}}""", property)).Require(200);
        Assert.Equal("1", Property(await second.PostAsync(Tables + "/t", SetProperty("k", "1"), commit)));
        Assert.Equal("2", Property(await second.GetAsync(Tables + "/t")));
        Assert.Equal("2", (await second.GetAsync("/v1/lake/namespaces/a")).Require(200).GetProperty("properties").GetProperty("k").GetString());
    }

    /// <summary>Who may commit need not be allowed to load; a refusal of what stands would make a client delete files in use.</summary>
    [Fact]
    public async Task Applied_ByWhoMayOnlyCommit_IsAnsweredAgain()
    {
        await using var one = await CatalogTestServer.StartAsync();
        await using var other = await CatalogTestServer.StartAsync(beside: one);
        using var root = await one.ConnectAsync();
        (await root.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        (await root.PostAsync(Tables, Bodies.Table("t"))).Require(200);
        await one.Administration.PutPolicyAsync("commits", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"catalog:CommitTable","Resource":"*"}]}""");
        await one.Administration.CreateUserAsync(new NewUser("ada", Policies: ["commits"]));
        var access = await one.Administration.CreateKeyAsync(new KeyRequest("ada"));
        using var first = await one.ConnectAsync(access.Id, access.Secret);
        using var second = await other.ConnectAsync(access.Id, access.Secret);
        var key = Key();
        Assert.Equal("1", Property(await first.PostAsync(Tables + "/t", SetProperty("k", "1"), key)));
        Assert.Equal("1", Property(await second.PostAsync(Tables + "/t", SetProperty("k", "1"), key)));
        using var somebody = await other.ConnectAsUserAsync("bob", "readwrite");
        Assert.Equal("3", Property(await somebody.PostAsync(Tables + "/t", SetProperty("k", "3"), key)));
        (await root.DeleteAsync(Tables + "/t?purgeRequested=true")).Require(204);
        File.Delete(Directory.EnumerateFiles(one.Folder, "00001-*", SearchOption.AllDirectories).Single());
        await using var third = await CatalogTestServer.StartAsync(beside: one);
        using var late = await third.ConnectAsync(access.Id, access.Secret);
        (await late.PostAsync(Tables + "/t", SetProperty("k", "1"), key)).RequireError(500, "CommitStateUnknownException");
    }

    [Fact]
    public async Task Requests_WithTheSameKeyAtTwoServersAtOnce_AreAppliedOnce()
    {
        await using var one = await CatalogTestServer.StartAsync();
        await using var other = await CatalogTestServer.StartAsync(beside: one);
        using var first = await one.ConnectAsync();
        using var second = await other.ConnectAsync();
        (await first.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        for (int i = 0; i < 20; i++)
        {
            var (key, text) = (Key(), Bodies.Table($"t{i}"));
            var answers = await Task.WhenAll(first.PostAsync(Tables, text, key), second.PostAsync(Tables, text, key));
            Assert.Equal(Uuid(answers[0]), Uuid(answers[1]));
        }

        Assert.Equal(20, (await one.Catalog.Log.ReadAsync()).Applied.Count);
    }

    [Fact]
    public async Task Refusals_ThatAreFinal_AreRepeated()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await server.ConnectAsync();
        var key = Key();
        (await client.PostAsync(Tables, Bodies.Table("t"), key)).RequireError(404, "NoSuchNamespaceException");
        (await client.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        (await client.PostAsync(Tables, Bodies.Table("t"), key)).RequireError(404, "NoSuchNamespaceException");
        (await client.PostAsync(Tables, Bodies.Table("t"), Key())).Require(200);
    }

    [Fact]
    public async Task Store_SameKeyAtOnce_WaitsForTheFirst()
    {
        var store = new IdempotencyStore(TimeProvider.System);
        var work = new TaskCompletionSource<RestAnswer>();
        int runs = 0;
        var request = Request();
        var calls = Enumerable.Range(0, 8).Select(_ => store.RunAsync(request, async () => { runs++; return await work.Task; }).AsTask()).ToList();
        work.SetResult(RestAnswer.NoContent);
        Assert.All(await Task.WhenAll(calls), answer => Assert.Equal(204, answer.Status));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Store_UnknownOutcomeOrLongAnswer_IsNotKept()
    {
        var store = new IdempotencyStore(TimeProvider.System);
        var request = Request();
        await Assert.ThrowsAsync<RestException>(() => store.RunAsync(request, () => throw new RestException(RestError.CommitStateUnknown, "lost")).AsTask());
        await store.RunAsync(request, () => ValueTask.FromResult(new RestAnswer(200, [new byte[IdempotencyStore.MaxBodyBytes + 1]])));
        Assert.Equal(204, (await store.RunAsync(request, () => ValueTask.FromResult(RestAnswer.NoContent))).Status);
    }

    [Fact]
    public async Task Store_ManyAnswers_StayBelowTheLimitAndTheNewestAreKept()
    {
        var store = new IdempotencyStore(TimeProvider.System);
        var answer = new RestAnswer(200, [new byte[IdempotencyStore.MaxBodyBytes]]);
        var last = Request();
        for (long i = 0; i < (IdempotencyStore.MaxBytes / IdempotencyStore.MaxBodyBytes) + 100; i++)
            await store.RunAsync(last = Request(), () => ValueTask.FromResult(answer));
        Assert.InRange(store.SizeBytes, IdempotencyStore.MaxBytes / 2, IdempotencyStore.MaxBytes);
        Assert.Same(answer, await store.RunAsync(last, () => throw new InvalidOperationException()));
    }

    // Each is possible after those before it.
    private static IEnumerable<(string Method, string Path, string? Body, int Status)> EveryChange() =>
    [
        ("POST", "/v1/lake/namespaces", """{"namespace":["a"],"properties":{"k":"1","l":"2"}}""", 200),
        ("POST", "/v1/lake/namespaces/a/properties", """{"updates":{"m":"3"},"removals":["k","none"]}""", 200),
        ("POST", "/v1/lake/namespaces", """{"namespace":["b"]}""", 200),
        ("DELETE", "/v1/lake/namespaces/b", null, 204),
        ("POST", Tables, Bodies.Table("t", $$""","properties":{"comment":"{{new string('x', IdempotencyStore.MaxBodyBytes)}}"}"""), 200),
        ("POST", Tables + "/t", SetProperty("k", "1"), 200),
        ("POST", "/v1/lake/transactions/commit", """{"table-changes":[{"identifier":{"namespace":["a"],"name":"t"},"requirements":[],"updates":[{"action":"set-properties","updates":{"k":"2"}}]}]}""", 204),
        ("POST", "/v1/lake/tables/rename", """{"source":{"namespace":["a"],"name":"t"},"destination":{"namespace":["a"],"name":"u"}}""", 204),
        ("POST", Tables + "/u/unregister", "", 200),
        ("POST", Tables, Bodies.Table("t"), 200),
        ("DELETE", Tables + "/t", null, 204),
        ("POST", "/v1/lake/namespaces/a/views", Bodies.View("v"), 200),
        ("POST", "/v1/lake/namespaces/a/views/v", """{"updates":[{"action":"set-properties","updates":{"k":"2"}}]}""", 200),
        ("POST", "/v1/lake/views/rename", """{"source":{"namespace":["a"],"name":"v"},"destination":{"namespace":["a"],"name":"w"}}""", 204),
        ("DELETE", "/v1/lake/namespaces/a/views/w", null, 204),
    ];

    private static IdempotentRequest Request() => new(new RequestKey("ada", Guid.NewGuid()), "digest", DateTimeOffset.MaxValue);

    private static (string, string) Key() => ("Idempotency-Key", Guid.CreateVersion7().ToString());

    private static string SetProperty(string key, string value) => $$$"""{"requirements":[],"updates":[{"action":"set-properties","updates":{"{{{key}}}":"{{{value}}}"}}]}""";

    private static string Property(CatalogTestAnswer answer) => answer.Require(200).GetProperty("metadata").GetProperty("properties").GetProperty("k").GetString()!;

    private static string Uuid(CatalogTestAnswer answer) => answer.Require(200).GetProperty("metadata").GetProperty("table-uuid").GetString()!;
}
