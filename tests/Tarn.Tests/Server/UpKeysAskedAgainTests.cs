using System.Net;
using System.Text;
using System.Text.Json;
using Tarn.Testing.S3;

namespace Tarn.Tests.Server;

/// <summary>Keys for the files of a table are good for an hour, and open what their holder may have in its folder at each request: not what has come there since.</summary>
public sealed class UpKeysAskedAgainTests : IDisposable
{
    private const string Vended = "vended-credentials", Secret = "what nobody else may read";

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Theory]
    [InlineData("staged")]
    [InlineData("dropped")]
    [InlineData("moved away")]
    public async Task Keys_ForAFolderThatIsLeftEmpty_DoNotOpenTheTableThatComesThere(string way)
    {
        await using var server = await StartAsync();
        using var root = await ConnectRootAsync(server);
        using var owner = new S3Client(server.Listeners["s3"], RootKey.Id, RootKey.Secret);
        using var dan = await ConnectAsync(server, "dan", CatalogUser.Allow("\"catalog:*\"", "lake*") + """,{"Effect":"Deny","Action":"catalog:*","Resource":"arn:tarn:catalog:::lake/deny/*"}""");
        var given = await dan.RequireAsync("POST", "namespaces/ns/tables", Table("mine", $""","location":"s3://lake/deny"{(way == "staged" ? ""","stage-create":true""" : "")}"""), Vended);
        using var keys = VendedKeys.Of(server, given);
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", "deny/own", "own"u8.ToArray())).Status);
        if (way == "dropped")
            Assert.Equal(204, (await dan.SendAsync("DELETE", "namespaces/ns/tables/mine")).Status);
        if (way == "moved away")
            await dan.RequireAsync("POST", "namespaces/ns/tables/mine", """{"requirements":[],"updates":[{"action":"set-location","location":"s3://lake/ns/mine"}]}""");
        Assert.Equal(HttpStatusCode.OK, (await keys.GetAsync("lake", "deny/own")).Status);

        await root.RequireAsync("POST", "namespaces", """{"namespace":["deny"]}""");
        await root.RequireAsync("POST", "namespaces/deny/tables", Table("secret", ""","location":"s3://lake/deny/secret" """));
        Assert.Equal(HttpStatusCode.OK, (await owner.PutAsync("lake", "deny/secret/x", Encoding.UTF8.GetBytes(Secret))).Status);
        await AssertClosedAsync(keys, "deny/secret/x");
        Assert.Equal(Secret, Encoding.UTF8.GetString((await owner.GetAsync("lake", "deny/secret/x")).Body));
    }

    [Fact]
    public async Task Keys_OfADroppedTable_DoNotOpenTheNamespaceThatComesThere()
    {
        await using var server = await StartAsync();
        using var root = await ConnectRootAsync(server);
        using var eve = await ConnectAsync(server, "eve", CatalogUser.Allow("\"catalog:*\"", "lake/ns/eve"));
        var given = await eve.RequireAsync("POST", "namespaces/ns/tables", Table("eve"), Vended);
        string folder = given.GetProperty("metadata").GetProperty("location").GetString()!, key = folder["s3://lake/".Length..] + "/x";
        using var keys = VendedKeys.Of(server, given);
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", key, "own"u8.ToArray())).Status);
        Assert.Equal(204, (await eve.SendAsync("DELETE", "namespaces/ns/tables/eve")).Status);
        Assert.Equal(HttpStatusCode.OK, (await keys.GetAsync("lake", key)).Status);

        // What is written for a table before it is committed is closed too.
        await root.RequireAsync("POST", "namespaces", $$"""{"namespace":["closed"],"properties":{"location":"{{folder}}"} }""");
        await AssertClosedAsync(keys, key);
    }

    [Fact]
    public async Task Keys_StagedOnABranch_DoNotOpenWhatComesToMain()
    {
        await using var server = await StartAsync();
        using var root = await ConnectRootAsync(server);
        Assert.Equal(0, (await _tarn.RunAsync("branch", "create", "dev")).ExitCode);
        using var brad = await ConnectAsync(server, "brad", CatalogUser.Allow("\"catalog:*\"", "lake@dev*"), "lake@dev");
        var given = await brad.RequireAsync("POST", "namespaces/ns/tables", Table("fut", ""","stage-create":true"""), Vended);
        string folder = given.GetProperty("metadata").GetProperty("location").GetString()!, key = folder["s3://lake/".Length..] + "/x";
        using var keys = VendedKeys.Of(server, given);
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", key, "own"u8.ToArray())).Status);
        await root.RequireAsync("POST", "namespaces/ns/tables", Table("sec", $""","location":"{folder}" """));
        await AssertClosedAsync(keys, key);
    }

    [Fact]
    public async Task Keys_OfABranch_AfterAMerge_ChangeNoFileOfMain()
    {
        await using var server = await StartAsync();
        using var root = await ConnectRootAsync(server);
        Assert.Equal(0, (await _tarn.RunAsync("branch", "create", "dev")).ExitCode);
        using var brad = await ConnectAsync(server, "brad", CatalogUser.Allow("\"catalog:*\"", "lake@dev*"), "lake@dev");
        using var both = await ConnectAsync(server, "both", CatalogUser.Allow("\"catalog:*\"", "lake*"), "lake@dev");
        await brad.RequireAsync("POST", "namespaces/ns/tables", Table("t", ""","location":"s3://lake/ns/t" """));
        using var keys = VendedKeys.Of(server, await brad.RequireAsync("GET", "namespaces/ns/tables/t", delegation: Vended));
        using var full = VendedKeys.Of(server, await both.RequireAsync("GET", "namespaces/ns/tables/t", delegation: Vended));
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", "ns/t/x", "first"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", "ns/t/x", "merged"u8.ToArray())).Status);

        Assert.Equal(0, (await _tarn.RunAsync("branch", "merge", "dev")).ExitCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.PutAsync("lake", "ns/t/x", "changed"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.DeleteAsync("lake", "ns/t/x")).Status);
        Assert.Equal("merged", Encoding.UTF8.GetString((await keys.GetAsync("lake", "ns/t/x")).Body));
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", "ns/t/more", "new"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.OK, (await full.PutAsync("lake", "ns/t/x", "changed"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await full.DeleteAsync("lake", "ns/t/x")).Status);
    }

    [Fact]
    public async Task Keys_InOrdinaryUse_StayGood()
    {
        await using var server = await StartAsync();
        using var root = await ConnectRootAsync(server);
        using var ada = await ConnectAsync(server, "ada", CatalogUser.Allow("\"catalog:*\"", "lake/ns/*"));
        var staged = await ada.RequireAsync("POST", "namespaces/ns/tables", Table("t", ""","stage-create":true"""), Vended);
        var metadata = staged.GetProperty("metadata");
        string folder = metadata.GetProperty("location").GetString()!["s3://lake/".Length..];
        using var keys = VendedKeys.Of(server, staged);
        await AssertOpenAsync(keys, folder);
        await ada.RequireAsync("POST", "namespaces/ns/tables/t", Creation(metadata));
        await AssertOpenAsync(keys, folder);
        // Tables beside it, and commits to it and to them.
        using var others = VendedKeys.Of(server, await ada.RequireAsync("POST", "namespaces/ns/tables", Table("t2"), Vended));
        await ada.RequireAsync("POST", "namespaces/ns/tables/t", """{"requirements":[],"updates":[{"action":"set-properties","updates":{"a":"b"} }]}""");
        await AssertOpenAsync(keys, folder);
        Assert.Equal(204, (await ada.SendAsync("POST", "tables/rename", """{"source":{"namespace":["ns"],"name":"t"},"destination":{"namespace":["ns"],"name":"t3"} }""")).Status);
        await AssertOpenAsync(keys, folder);
        Assert.Equal(204, (await ada.SendAsync("DELETE", "namespaces/ns/tables/t3")).Status);
        await AssertOpenAsync(keys, folder);
        Assert.Equal(0, (await _tarn.RunAsync("catalog", "undrop", "ns.t3")).ExitCode);
        await AssertOpenAsync(keys, folder);
        Assert.Equal(0, (await _tarn.RunAsync("branch", "create", "dev")).ExitCode);
        await AssertOpenAsync(keys, folder);
        Assert.Equal(0, (await _tarn.RunAsync("branch", "merge", "dev")).ExitCode);
        await AssertOpenAsync(keys, folder);
    }

    /// <summary>The way of the guide to bring a table to another state: its rows of before stay readable.</summary>
    [Fact]
    public async Task Keys_OfATableThatHasMovedAndIsRegisteredAgain_OpenItsFormerFolder()
    {
        await using var server = await StartAsync();
        using var root = await ConnectRootAsync(server);
        using var owner = new S3Client(server.Listeners["s3"], RootKey.Id, RootKey.Secret);
        using var ada = await ConnectAsync(server, "ada", CatalogUser.Allow("\"catalog:*\"", "lake/ns/*"));
        var before = await ada.RequireAsync("POST", "namespaces/ns/tables", Table("t", ""","location":"s3://lake/ns/t" """), Vended);
        Assert.Equal(0, (await _tarn.RunAsync("sql", "-c", "INSERT INTO ns.t VALUES (1)")).ExitCode);
        var moved = await ada.RequireAsync("POST", "namespaces/ns/tables/t", """{"requirements":[],"updates":[{"action":"set-location","location":"s3://lake/ns/t-abcdefgh"}]}""");
        Assert.Equal(204, (await ada.SendAsync("DELETE", "namespaces/ns/tables/t")).Status);
        await ada.RequireAsync("POST", "namespaces/ns/register", $$"""{"name":"t","metadata-location":"{{moved.GetProperty("metadata-location").GetString()}}"} """);

        string file = (await owner.ListAsync("lake", "ns/t/data/"))[0].Key;
        using var keys = VendedKeys.Of(server, await ada.RequireAsync("GET", "namespaces/ns/tables/t", delegation: Vended));
        Assert.Equal(HttpStatusCode.OK, (await keys.GetAsync("lake", file)).Status);
        // Those of before were the table's own, and are again.
        using var former = VendedKeys.Of(server, before);
        Assert.Equal(HttpStatusCode.OK, (await former.GetAsync("lake", file)).Status);
    }

    // Everything that such keys are good for.
    private static async Task AssertOpenAsync(S3Client keys, string folder)
    {
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", folder + "/data/x", "x"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", folder + "/data/x", "y"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.OK, (await keys.GetAsync("lake", folder + "/data/x")).Status);
        Assert.Contains(await keys.ListAsync("lake", folder + "/data/"), o => o.Key == folder + "/data/x");
        Assert.Equal(HttpStatusCode.NoContent, (await keys.DeleteAsync("lake", folder + "/data/x")).Status);
    }

    private static async Task AssertClosedAsync(S3Client keys, string key)
    {
        string folder = key[..key.LastIndexOf('/')];
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.GetAsync("lake", key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.SendAsync(HttpMethod.Head, "/lake/" + key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.SendAsync(HttpMethod.Get, "/lake?list-type=2&prefix=" + Uri.EscapeDataString(folder + "/"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.PutAsync("lake", folder + "/new", "new"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.SendAsync(HttpMethod.Put, $"/lake/{folder}/copied", copySource: "/lake/" + key)).Status);
        Assert.Contains("Load the table again", Encoding.UTF8.GetString((await keys.DeleteAsync("lake", key)).Body), StringComparison.Ordinal);
        byte[] removal = Encoding.UTF8.GetBytes($"<Delete><Object><Key>{key}</Key></Object></Delete>");
        Assert.DoesNotContain("<Deleted>", Encoding.UTF8.GetString((await keys.SendAsync(HttpMethod.Post, "/lake?delete=", removal)).Body), StringComparison.Ordinal);
    }

    private static string Table(string name, string more = "") => $$"""{"name":"{{name}}","schema":{"type":"struct","fields":[{"id":1,"name":"id","type":"long","required":false}]}{{more}}}""";

    // As clients commit what they have staged.
    private static string Creation(JsonElement metadata) => $$"""
        {"requirements":[{"type":"assert-create"}],"updates":[{"action":"assign-uuid","uuid":"{{metadata.GetProperty("table-uuid").GetString()}}"},{"action":"upgrade-format-version","format-version":2},
        {"action":"add-schema","schema":{"type":"struct","fields":[{"id":1,"name":"id","type":"long","required":false}]} },{"action":"set-current-schema","schema-id":-1},
        {"action":"add-spec","spec":{"fields":[]} },{"action":"set-default-spec","spec-id":-1},{"action":"add-sort-order","sort-order":{"order-id":0,"fields":[]} },{"action":"set-default-sort-order","sort-order-id":-1},
        {"action":"set-location","location":"{{metadata.GetProperty("location").GetString()}}"}]}
        """;

    private Task<RunningServer> StartAsync()
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), RootKey.Settings);
        return RunningServer.StartAsync(_tarn);
    }

    private static async Task<RestCatalogClient> ConnectRootAsync(RunningServer server)
    {
        var root = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret);
        await root.RequireAsync("POST", "namespaces", """{"namespace":["ns"]}""");
        return root;
    }

    private async Task<RestCatalogClient> ConnectAsync(RunningServer server, string name, string statements, string warehouse = "lake")
    {
        var (id, secret) = await CatalogUser.AddAsync(_tarn, name, statements);
        return await RestCatalogClient.ConnectAsync(server, id, secret, warehouse);
    }
}
