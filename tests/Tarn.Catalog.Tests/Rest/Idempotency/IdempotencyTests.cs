using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Idempotency;
using Tarn.Catalog.Tests.Rest.Hosting;
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
    public async Task LongAnswers_Repeated_AreOfTheTableThatIsThereOrRefused()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await server.ConnectAsync();
        (await client.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        var (table, view, last) = (Key(), Key(), Key());
        string isLong = $$""","properties":{"comment":"{{new string('x', IdempotencyStore.MaxBodyBytes)}}"}""";
        string wideView = Bodies.View("v").Replace("""
            ,"properties":{}
            """, isLong, StringComparison.Ordinal);
        string uuid = Uuid(await client.PostAsync(Tables, Bodies.Table("t", isLong), table));
        Assert.Equal(uuid, Uuid(await client.PostAsync(Tables, Bodies.Table("t", isLong), table)));
        (await client.PostAsync("/v1/lake/namespaces/a/views", wideView, view)).Require(200);
        (await client.PostAsync("/v1/lake/namespaces/a/views", wideView, view)).Require(200);
        string gone = (await client.PostAsync(Tables + "/t/unregister", "", last)).Require(200).ToString();
        Assert.Equal(gone, (await client.PostAsync(Tables + "/t/unregister", "", last)).Require(200).ToString());
        (await client.PostAsync(Tables, Bodies.Table("t", isLong), table)).RequireError(404, "NoSuchTableException");
        (await client.DeleteAsync("/v1/lake/namespaces/a/views/v")).Require(204);
        (await client.PostAsync("/v1/lake/namespaces/a/views", wideView, view)).RequireError(404, "NoSuchViewException");
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
        var store = new IdempotencyStore(TimeSpan.FromMinutes(30), TimeProvider.System);
        var work = new TaskCompletionSource<RestAnswer>();
        int runs = 0;
        var calls = Enumerable.Range(0, 8).Select(_ => store.RunAsync(
            "k", "r", async () => { runs++; return await work.Task; }, ValueTask.FromResult).AsTask()).ToList();
        work.SetResult(RestAnswer.NoContent);
        Assert.All(await Task.WhenAll(calls), answer => Assert.Equal(204, answer.Status));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Store_UnknownOutcome_IsNotKept()
    {
        var store = new IdempotencyStore(TimeSpan.FromMinutes(30), TimeProvider.System);
        await Assert.ThrowsAsync<RestException>(() => store.RunAsync("k", "r", () => throw new RestException(RestError.CommitStateUnknown, "lost"), ValueTask.FromResult).AsTask());
        Assert.Equal(204, (await store.RunAsync("k", "r", () => ValueTask.FromResult(RestAnswer.NoContent), ValueTask.FromResult)).Status);
    }

    [Fact]
    public async Task Store_LongAnswer_IsMadeAnew()
    {
        var store = new IdempotencyStore(TimeSpan.FromMinutes(30), TimeProvider.System);
        var big = new RestAnswer(200, [new byte[IdempotencyStore.MaxBodyBytes + 1]]) { Reload = (_, _) => throw new InvalidOperationException() };
        Assert.Same(big, await store.RunAsync("k", "r", () => ValueTask.FromResult(big), ValueTask.FromResult));
        bool isRemade = false;
        await store.RunAsync("k", "r", () => throw new InvalidOperationException(), kept =>
        {
            isRemade = kept is { Reload: not null, Body.Count: 0 };
            return ValueTask.FromResult(kept);
        });
        Assert.True(isRemade);
    }

    private static (string, string) Key() => ("Idempotency-Key", Guid.CreateVersion7().ToString());

    private static string Uuid(CatalogTestAnswer answer) => answer.Require(200).GetProperty("metadata").GetProperty("table-uuid").GetString()!;
}
