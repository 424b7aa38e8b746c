using System.Text.Json;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Testing.Time;

namespace Tarn.Catalog.Tests.Rest.Planning;

public sealed class PlanTableScanTests
{
    private const string Table = "/v1/lake/namespaces/ns/tables/orders", Plan = Table + "/plan", Tasks = Table + "/tasks";

    private static readonly TableIdentifier s_orders = TableIdentifier.Of("ns", "orders");

    private static async Task<CatalogTestClient> CreateAsync(CatalogTestServer server)
    {
        var client = await server.ConnectAsync();
        (await client.PostAsync("/v1/lake/namespaces", """{"namespace":["ns"]}""")).Require(200);
        (await client.PostAsync("/v1/lake/namespaces/ns/tables", """
            {"name":"orders","schema":{"type":"struct","fields":[{"id":1,"name":"id","type":"long","required":true},{"id":2,"name":"region","type":"string","required":false}]},
             "partition-spec":{"spec-id":0,"fields":[{"source-id":2,"field-id":1000,"name":"region","transform":"identity"}]}}
            """)).Require(200);
        return client;
    }

    // A file of 10 rows whose ids begin at a number.
    private static DataFile File(string name, string region, long first) => new()
    {
        FilePath = $"s3://lake/ns/orders/data/{name}.parquet", Format = FileFormat.Parquet, Partition = [region], RecordCount = 10, FileSizeInBytes = 1000, SplitOffsets = [4],
        ValueCounts = new Dictionary<int, long> { [1] = 10, [2] = 10 }, NullValueCounts = new Dictionary<int, long> { [1] = 0, [2] = 0 },
        LowerBounds = new Dictionary<int, byte[]> { [1] = BitConverter.GetBytes(first) }, UpperBounds = new Dictionary<int, byte[]> { [1] = BitConverter.GetBytes(first + 9) },
    };

    private static async Task<TableHandle> AppendAsync(CatalogTestServer server, params DataFile[] files)
    {
        var transaction = new Transaction(new TransactionContext(server.Catalog, server.Store), (await server.Catalog.LoadTableAsync(s_orders))!);
        transaction.Add(new FastAppend()).Add(files);
        return await transaction.CommitAsync();
    }

    private static string[] Names(JsonElement answer) => [.. answer.GetProperty("file-scan-tasks").EnumerateArray()
        .Select(t => Path.GetFileNameWithoutExtension(t.GetProperty("data-file").GetProperty("file-path").GetString()!)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Plan_QuickOne_IsCompletedAtOnceWithItsFiles()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await CreateAsync(server);
        Assert.Empty(Names((await client.PostAsync(Plan, "{}")).Require(200)));
        await AppendAsync(server, File("a", "north", 0), File("b", "south", 10));
        var answer = (await client.PostAsync(Plan, """{"stats-fields":["id"],"select":["id","_file"]}""")).Require(200);
        Assert.Equal("completed", answer.GetProperty("status").GetString());
        Assert.Equal(["a", "b"], Names(answer));
        Assert.Empty(answer.GetProperty("plan-tasks").EnumerateArray());
        Assert.False(answer.TryGetProperty("delete-files", out _));
        var file = answer.GetProperty("file-scan-tasks").EnumerateArray().First(t => t.GetProperty("data-file").GetProperty("partition")[0].GetString() == "south").GetProperty("data-file");
        Assert.Equal(
            """{"spec-id":0,"content":"data","file-path":"s3://lake/ns/orders/data/b.parquet","file-format":"parquet","partition":["south"],"file-size-in-bytes":1000,"record-count":10,"value-counts":{"keys":[1],"values":[10]},"null-value-counts":{"keys":[1],"values":[0]},"lower-bounds":{"keys":[1],"values":["0A00000000000000"]},"upper-bounds":{"keys":[1],"values":["1300000000000000"]},"split-offsets":[4]}""",
            file.GetRawText());
        string id = answer.GetProperty("plan-id").GetString()!;
        Assert.Equal(["a", "b"], Names((await client.GetAsync($"{Plan}/{id}")).Require(200)));
        (await client.DeleteAsync($"{Plan}/{id}")).Require(204);
        (await client.GetAsync($"{Plan}/{id}")).RequireError(404, "NoSuchPlanIdException");
        (await client.DeleteAsync($"{Plan}/{id}")).RequireError(404, "NoSuchPlanIdException");
    }

    [Theory]
    [InlineData("""{"type":"eq","term":"region","value":"north"}""", "a", "true")]
    [InlineData("""{"type":"eq","left":{"type":"reference","name":"region"},"right":"north"}""", "a", "true")]
    [InlineData("""{"type":"lt","term":"id","value":5}""", "a", """{"type":"lt","term":"id","value":5}""")]
    [InlineData("""{"type":"lt","left":{"type":"reference","id":1},"right":{"type":"literal","value":5,"data-type":"long"}}""", "a", """{"type":"lt","term":"id","value":5}""")]
    [InlineData("""{"type":"and","left":{"type":"gt-eq","term":"id","value":12},"right":{"type":"eq","term":"region","value":"south"}}""", "b", """{"type":"gt-eq","term":"id","value":12}""")]
    [InlineData("false", "", "")]
    public async Task Plan_FilterInEitherForm_LeavesOutFilesAndTellsWhatIsLeft(string filter, string names, string residual)
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await CreateAsync(server);
        await AppendAsync(server, File("a", "north", 0), File("b", "south", 10));
        var answer = (await client.PostAsync(Plan, $$"""{"filter":{{filter}}}""")).Require(200);
        Assert.Equal(names.Length == 0 ? [] : [names], Names(answer));
        if (names.Length > 0)
            Assert.Equal(residual, answer.GetProperty("file-scan-tasks")[0].GetProperty("residual-filter").GetRawText());
    }

    [Fact]
    public async Task Plan_OfASnapshotOrARange_HasWhatWasThereOrWasAppended()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await CreateAsync(server);
        long one = (await AppendAsync(server, File("a", "north", 0))).Metadata.CurrentSnapshotId!.Value;
        long two = (await AppendAsync(server, File("b", "south", 10))).Metadata.CurrentSnapshotId!.Value;
        long three = (await AppendAsync(server, File("c", "south", 20))).Metadata.CurrentSnapshotId!.Value;
        Assert.Equal(["a", "b"], Names((await client.PostAsync(Plan, $$"""{"snapshot-id":{{two}},"use-snapshot-schema":true}""")).Require(200)));
        Assert.Equal(["b", "c"], Names((await client.PostAsync(Plan, $$"""{"start-snapshot-id":{{one}},"end-snapshot-id":{{three}},"use-snapshot-schema":true}""")).Require(200)));
        Assert.Equal(["b"], Names((await client.PostAsync(Plan, $$"""{"start-snapshot-id":{{one}},"end-snapshot-id":{{two}}}""")).Require(200)));
        Assert.Empty(Names((await client.PostAsync(Plan, $$"""{"start-snapshot-id":{{two}},"end-snapshot-id":{{two}}}""")).Require(200)));
        Assert.Single(Names((await client.PostAsync(Plan, """{"min-rows-requested":5}""")).Require(200)));
        (await client.PostAsync(Plan, $$"""{"start-snapshot-id":{{three}},"end-snapshot-id":{{one}}}""")).RequireError(400, "BadRequestException");
        (await client.PostAsync(Plan, $$"""{"snapshot-id":{{one}},"start-snapshot-id":{{one}},"end-snapshot-id":{{two}}}""")).RequireError(400, "BadRequestException");
        Assert.Equal(404, (await client.PostAsync(Plan, """{"snapshot-id":17}""")).Status);
    }

    [Theory]
    [InlineData("""{"filter":null}""")]
    [InlineData("""{"filter":{"type":"eq","term":"none","value":1}}""")]
    [InlineData("""{"filter":{"type":"what"}}""")]
    [InlineData("""{"select":["none"]}""")]
    [InlineData("""{"stats-fields":["none"]}""")]
    [InlineData("""{"select":"id"}""")]
    [InlineData("""{"snapshot-id":"1"}""")]
    [InlineData("""{"start-snapshot-id":1}""")]
    [InlineData("""{"min-rows-requested":-1}""")]
    [InlineData("""{"case-sensitive":3}""")]
    [InlineData("[]")]
    public async Task Plan_WrongRequest_IsRefused(string body)
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await CreateAsync(server);
        (await client.PostAsync(Plan, body)).RequireError(400, "BadRequestException");
    }

    [Fact]
    public async Task Plan_ManyFiles_ComesInPagesEachNamedByTheOneBefore()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await CreateAsync(server);
        await AppendAsync(server, [.. Enumerable.Range(0, 1203).Select(i => File($"f{i:D4}", "north", i * 10))]);
        var page = (await client.PostAsync(Plan, "{}")).Require(200);
        var names = new List<string>(Names(page));
        string? before = null;
        while (page.GetProperty("plan-tasks").EnumerateArray().Select(t => t.GetString()).SingleOrDefault() is { } task)
        {
            if (before is not null)
                Assert.Equal(names[^500..], Names((await client.PostAsync(Tasks, $$"""{"plan-task":"{{before}}"}""")).Require(200)));
            page = (await client.PostAsync(Tasks, $$"""{"plan-task":"{{task}}"}""")).Require(200);
            names.AddRange(Names(page));
            if (before is not null)
                (await client.PostAsync(Tasks, $$"""{"plan-task":"{{before}}"}""")).RequireError(404, "NoSuchPlanTaskException");
            before = task;
        }

        Assert.Equal(1203, names.Distinct().Count());
        (await client.PostAsync(Tasks, """{"plan-task":"none.1"}""")).RequireError(404, "NoSuchPlanTaskException");
    }

    [Fact]
    public async Task Plan_SlowOne_IsPolledCancelledOrForgotten()
    {
        var gate = new TaskCompletionSource();
        var time = new ManualTimeProvider();
        await using var server = await CatalogTestServer.StartAsync(new CatalogOptions { PlanningWait = TimeSpan.Zero }, time, planning: gate.Task);
        using var client = await CreateAsync(server);
        await AppendAsync(server, File("a", "north", 0));
        async Task<string> SubmitAsync()
        {
            var answer = (await client.PostAsync(Plan, "{}")).Require(200);
            Assert.Equal("submitted", answer.GetProperty("status").GetString());
            return $"{Plan}/{answer.GetProperty("plan-id").GetString()}";
        }

        string one = await SubmitAsync(), two = await SubmitAsync(), three = await SubmitAsync();
        Assert.Equal("submitted", (await client.GetAsync(one)).Require(200).GetProperty("status").GetString());
        (await client.DeleteAsync(two)).Require(204);
        (await client.GetAsync(two)).RequireError(404, "NoSuchPlanIdException");
        using var other = await server.ConnectAsUserAsync("other", "catalog");
        (await other.GetAsync(one)).RequireError(404, "NoSuchPlanIdException");
        gate.SetResult();
        JsonElement answer;
        do
            answer = (await client.GetAsync(one)).Require(200);
        while (answer.GetProperty("status").GetString() == "submitted");
        Assert.Equal(["a"], Names(answer));
        time.Advance(TimeSpan.FromMinutes(16));
        (await client.GetAsync(three)).RequireError(404, "NoSuchPlanIdException");
    }

    /// <summary>Engines that stop early fetch no more and say nothing: their next plan must not wait for that.</summary>
    [Fact]
    public async Task Plan_BeyondTheLimitOfACaller_TakesThePlaceOfTheirOwnThatWasNotAskedForLongest()
    {
        var time = new ManualTimeProvider();
        await using var server = await CatalogTestServer.StartAsync(time: time);
        using var client = await CreateAsync(server);
        await AppendAsync(server, [.. Enumerable.Range(0, 501).Select(i => File($"f{i:D4}", "north", i * 10))]);
        async Task<string> BeginAsync(CatalogTestClient by)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (await by.PostAsync(Plan, "{}")).Require(200).GetProperty("plan-tasks")[0].GetString()!;
        }

        async Task<CatalogTestAnswer> FetchAsync(CatalogTestClient by, string task) => await by.PostAsync(Tasks, $$"""{"plan-task":"{{task}}"}""");
        using var other = await server.ConnectAsUserAsync("other", "catalog");
        string others = await BeginAsync(other);
        var held = new List<string>();
        for (int i = 0; i < 64; i++)
            held.Add(await BeginAsync(client));
        // Asked for again, the first one is not the longest forgotten any more.
        (await client.GetAsync($"{Plan}/{held[0].Split('.')[0]}")).Require(200);
        string next = await BeginAsync(client);
        (await FetchAsync(client, held[1])).RequireError(404, "NoSuchPlanTaskException");
        foreach (string task in new[] { held[0], held[2], held[63], next })
            Assert.Single(Names((await FetchAsync(client, task)).Require(200)));
        Assert.Single(Names((await FetchAsync(other, others)).Require(200)));
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(4, 64)]
    public async Task Plan_WhereEachOneIsStillAskedFor_WaitsUntilOneIsForgotten(int callers, int each)
    {
        var time = new ManualTimeProvider();
        await using var server = await CatalogTestServer.StartAsync(time: time);
        using var client = await CreateAsync(server);
        await AppendAsync(server, [.. Enumerable.Range(0, 501).Select(i => File($"f{i:D4}", "north", i * 10))]);
        var held = new List<(CatalogTestClient By, string Task)>();
        for (int i = 0; i < callers; i++)
        {
            var by = i == 0 ? client : await server.ConnectAsUserAsync($"user{i}", "catalog");
            for (int j = 0; j < each; j++)
                held.Add((by, (await by.PostAsync(Plan, "{}")).Require(200).GetProperty("plan-tasks")[0].GetString()!));
        }

        using var late = callers == 1 ? await server.ConnectAsync() : await server.ConnectAsUserAsync("late", "catalog");
        time.Advance(TimeSpan.FromSeconds(59));
        var refusal = await late.PostAsync(Plan, "{}");
        refusal.RequireError(503, "ServiceUnavailableException");
        Assert.Equal("1", refusal.RetryAfter);
        (await held[0].By.GetAsync($"{Plan}/{held[0].Task.Split('.')[0]}")).Require(200);
        time.Advance(TimeSpan.FromSeconds(1));
        (await late.PostAsync(Plan, "{}")).Require(200);
        (await held[0].By.GetAsync($"{Plan}/{held[0].Task.Split('.')[0]}")).Require(200);
        foreach (var (by, _) in held.Where(h => h.By != client))
            by.Dispose();
    }

    [Fact]
    public async Task Plan_MissingManifest_FailsWithTheReason()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await CreateAsync(server);
        var table = await AppendAsync(server, File("a", "north", 0));
        await server.Store.DeleteAsync(table.Metadata.CurrentSnapshot!.ManifestList!);
        (await client.PostAsync(Plan, "{}")).RequireError(500, "InternalServerError");
    }

    [Theory]
    [InlineData("diagnostics", 403)]
    [InlineData("readonly", 200)]
    [InlineData("catalog", 200)]
    public async Task Plan_ByRight_IsAllowedToWhoMayRead(string policy, int status)
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await CreateAsync(server);
        using var user = await server.ConnectAsUserAsync("user", policy);
        Assert.Equal(status, (await user.PostAsync(Plan, "{}")).Status);
        Assert.Equal(status == 200 ? 404 : 403, (await user.PostAsync(Tasks, """{"plan-task":"x.1"}""")).Status);
        Assert.Equal(status == 200 ? 404 : 403, (await user.DeleteAsync(Plan + "/x")).Status);
        Assert.Equal(status == 200 ? 404 : 403, (await user.GetAsync(Plan + "/x")).Status);
        using var nobody = server.ConnectAnonymously();
        Assert.Equal(401, (await nobody.PostAsync(Plan, "{}")).Status);
    }

    [Fact]
    public async Task Plan_SeesMetadataOnly_IsRefused()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await CreateAsync(server);
        await server.Administration.PutPolicyAsync("metadata", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:Get*","Resource":"*"}}""");
        using var user = await server.ConnectAsUserAsync("user", "metadata");
        (await user.GetAsync(Table)).Require(200);
        (await user.PostAsync(Plan, "{}")).RequireError(403, "ForbiddenException");
    }
}
