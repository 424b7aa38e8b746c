using System.Net;
using System.Text;
using System.Text.Json;
using Tarn.Testing.S3;

namespace Tarn.Tests.Server;

/// <summary>Temporary keys that the catalog of a running server hands out, used against its S3 door: what they open, and above all what they do not.</summary>
public sealed class UpVendedCredentialsTests : IDisposable
{
    private const string Vended = "vended-credentials", Schema = """{"type":"struct","fields":[{"id":1,"name":"id","type":"long","required":false}]}""";

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    private Task<RunningServer> StartAsync()
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), RootKey.Settings);
        return RunningServer.StartAsync(_tarn);
    }

    // The rights of the catalog alone: neither user has any on buckets.
    private async Task<RestCatalogClient> ConnectAsUserAsync(RunningServer server, string name, string statements, string warehouse = "lake")
    {
        var (id, secret) = await CatalogUser.AddAsync(_tarn, name, statements);
        return await RestCatalogClient.ConnectAsync(server, id, secret, warehouse);
    }

    private static string Table(string name, string? location = null, string properties = "{}", bool isStaged = false) =>
        $$"""{"name":"{{name}}","schema":{{Schema}},"properties":{{properties}},"stage-create":{{(isStaged ? "true" : "false")}}{{(location is null ? "" : $",\"location\":\"{location}\"")}}}""";

    private static string Location(JsonElement table) => table.GetProperty("metadata").GetProperty("location").GetString()!;

    private static string Key(JsonElement table) => Location(table)["s3://lake/".Length..];

    private static S3Client Storage(RunningServer server, JsonElement answer)
    {
        var credential = Assert.Single(answer.GetProperty("storage-credentials").EnumerateArray().Select(c => c.GetProperty("config").GetRawText()).Distinct().Select(c => JsonElement.Parse(c)));
        string Value(string name) => credential.GetProperty(name).GetString()!;
        Assert.Equal(("http://" + server.Listeners["s3"], "true", "us-east-1"), (Value("s3.endpoint"), Value("s3.path-style-access"), Value("client.region")));
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Value("s3.session-token-expires-at-ms"), System.Globalization.CultureInfo.InvariantCulture)) - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(61));
        return new S3Client(server.Listeners["s3"], Value("s3.access-key-id"), Value("s3.secret-access-key"), Value("s3.session-token"));
    }

    private static IEnumerable<string?> Prefixes(JsonElement answer) => answer.GetProperty("storage-credentials").EnumerateArray().Select(c => c.GetProperty("prefix").GetString());

    private static async Task<HttpStatusCode> ListAsync(S3Client s3, string prefix) => (await s3.SendAsync(HttpMethod.Get, $"/lake?list-type=2&prefix={Uri.EscapeDataString(prefix)}")).Status;

    [Fact]
    public async Task Credentials_OfOneTable_OpenNeitherNeighboursNorTheBucket()
    {
        await using var server = await StartAsync();
        using var root = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret);
        await root.RequireAsync("POST", "namespaces", """{"namespace":["ns"]}""");
        var orders = await root.RequireAsync("POST", "namespaces/ns/tables", Table("orders"));
        var neighbour = await root.RequireAsync("POST", "namespaces/ns/tables", Table("neighbour", Location(orders) + "-x"));
        using var writer = await ConnectAsUserAsync(server, "writer", CatalogUser.Allow("\"catalog:*\"", "lake/ns/orders"));
        var loaded = await writer.RequireAsync("GET", "namespaces/ns/tables/orders", delegation: Vended);
        Assert.Equal(Location(orders), loaded.GetProperty("storage-credentials")[0].GetProperty("prefix").GetString());
        using var s3 = Storage(server, loaded);

        Assert.Equal(HttpStatusCode.OK, (await s3.PutAsync("lake", Key(orders) + "/data/a.parquet", [1, 2, 3])).Status);
        Assert.Equal(HttpStatusCode.OK, (await s3.PutPartsAsync("lake", Key(orders) + "/data/b.parquet", [new byte[5 << 20], [7]])).Status);
        Assert.Equal([1, 2, 3], (await s3.GetAsync("lake", Key(orders) + "/data/a.parquet")).Body);
        Assert.Equal(3, (await s3.ListAsync("lake", Key(orders) + "/")).Count);
        Assert.Equal(HttpStatusCode.NotFound, (await s3.GetAsync("lake", Key(orders) + "/data/none")).Status);

        string other = neighbour.GetProperty("metadata-location").GetString()!["s3://lake/".Length..];
        Assert.Equal(HttpStatusCode.Forbidden, (await s3.GetAsync("lake", other)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await s3.PutAsync("lake", Key(orders) + "-x/data/a.parquet", [1])).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await s3.DeleteAsync("lake", other)).Status);
        var many = await s3.SendAsync(HttpMethod.Post, "/lake?delete=", Encoding.UTF8.GetBytes($"<Delete><Object><Key>{other}</Key></Object></Delete>"));
        Assert.Contains("<Code>AccessDenied</Code>", Encoding.UTF8.GetString(many.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("<Deleted>", Encoding.UTF8.GetString(many.Body), StringComparison.Ordinal);
        foreach (string prefix in (string[])["", "ns", "ns/", Key(orders), Key(orders) + "-x/"])
            Assert.Equal(HttpStatusCode.Forbidden, await ListAsync(s3, prefix));
        Assert.Equal(HttpStatusCode.Forbidden, (await s3.SendAsync(HttpMethod.Get, "/lake")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await s3.PutAsync("lake", Key(orders), [1])).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await s3.GetAsync("lake", $"{Key(orders)}/../{other}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await s3.GetAsync("lake", orders.GetProperty("metadata-location").GetString()!["s3://lake/".Length..])).Status);
    }

    [Fact]
    public async Task Credentials_ByRight_ReadWriteOrAreNone()
    {
        await using var server = await StartAsync();
        using var root = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret);
        await root.RequireAsync("POST", "namespaces", """{"namespace":["ns"]}""");
        var orders = await root.RequireAsync("POST", "namespaces/ns/tables", Table("orders"));
        string metadata = orders.GetProperty("metadata-location").GetString()!["s3://lake/".Length..];
        using var reader = await ConnectAsUserAsync(server, "reader", CatalogUser.Allow("\"catalog:Get*\",\"catalog:ReadData\"", "lake/ns/*"));
        using (var s3 = Storage(server, await reader.RequireAsync("GET", "namespaces/ns/tables/orders", delegation: Vended)))
        {
            Assert.Equal(HttpStatusCode.OK, (await s3.GetAsync("lake", metadata)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await s3.PutAsync("lake", Key(orders) + "/data/a", [1])).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await s3.DeleteAsync("lake", metadata)).Status);
        }

        using (var s3 = Storage(server, await reader.RequireAsync("GET", "namespaces/ns/tables/orders/credentials")))
            Assert.Equal(HttpStatusCode.OK, (await s3.GetAsync("lake", metadata)).Status);
        using var viewer = await ConnectAsUserAsync(server, "viewer", CatalogUser.Allow("\"catalog:Get*\",\"catalog:WriteData\"", "lake/ns/*"));
        Assert.False((await viewer.RequireAsync("GET", "namespaces/ns/tables/orders", delegation: Vended)).TryGetProperty("storage-credentials", out _));
        Assert.Equal(403, (await viewer.SendAsync("GET", "namespaces/ns/tables/orders/credentials")).Status);
        Assert.False((await reader.RequireAsync("GET", "namespaces/ns/tables/orders")).TryGetProperty("storage-credentials", out _));
        Assert.Equal(403, (await reader.SendAsync("GET", "namespaces/other/tables/orders/credentials")).Status);
    }

    [Fact]
    public async Task Credentials_OfATableInTheFolderOfAnother_NeedRightsOnBoth()
    {
        await using var server = await StartAsync();
        using var root = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret);
        await root.RequireAsync("POST", "namespaces", """{"namespace":["ns"]}""");
        await root.RequireAsync("POST", "namespaces", """{"namespace":["own"]}""");
        var orders = await root.RequireAsync("POST", "namespaces/ns/tables", Table("orders"));
        using var thief = await ConnectAsUserAsync(server, "thief", CatalogUser.Allow("\"catalog:*\"", "lake/own*"));
        (string Location, string Properties)[] tries =
        [
            (Location(orders), "{}"), (Location(orders) + "/data", "{}"), ("s3://lake/ns", "{}"), ("s3a" + Location(orders)[2..] + "/", "{}"), ("s3://lake/own/fine", $$"""{"write.data.path":"{{Location(orders)}}/data"}"""),
        ];
        for (int i = 0; i < tries.Length; i++)
        {
            foreach (bool isStaged in (bool[])[true, false])
                Assert.True((await thief.SendAsync("POST", "namespaces/own/tables", Table($"t{i}", tries[i].Location, tries[i].Properties, isStaged), Vended)).Status == 403, $"{tries[i]} staged: {isStaged}");
            // Nor may somebody who may have all: every table has a folder of its own.
            Assert.Equal(400, (await root.SendAsync("POST", "namespaces/own/tables", Table($"t{i}", tries[i].Location, tries[i].Properties))).Status);
        }

        // The owner of both is told of both; what nobody shares is no trouble to anybody.
        Assert.True((await root.RequireAsync("GET", "namespaces/ns/tables/orders", delegation: Vended)).TryGetProperty("storage-credentials", out _));
        var staged = await thief.RequireAsync("POST", "namespaces/own/tables", Table("free", isStaged: true), Vended);
        using var s3 = Storage(server, staged);
        Assert.Equal(HttpStatusCode.OK, (await s3.PutAsync("lake", Key(staged) + "/data/a", [1])).Status);
        var apart = await thief.RequireAsync("POST", "namespaces/own/tables", Table("apart", properties: """{"write.data.path":"s3://lake/own-data/apart"}"""), Vended);
        using var both = Storage(server, apart);
        // DuckDB looks for the entry of each folder; Java's clients renew one for all.
        Assert.Equal([Location(apart), "s3://lake/own-data/apart"], Prefixes(apart));
        Assert.Equal(["s3://lake/"], Prefixes(await thief.RequireAsync("GET", "namespaces/own/tables/apart/credentials")));
        Assert.Equal(HttpStatusCode.OK, (await both.PutAsync("lake", "own-data/apart/a", [1])).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await both.PutAsync("lake", "own-data/apart-x/a", [1])).Status);
    }

    // The folders of other warehouses, of branches and of what was dropped, by every way in which a client can name them; and the keys that come of it.
    [Fact]
    public async Task Credentials_WhateverATableNames_OpenNoOtherTable()
    {
        await using var server = await StartAsync();
        using var root = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret);
        Assert.Equal(0, (await _tarn.RunAsync("catalog", "create", "far", "--location", "s3://lake/far")).ExitCode);
        using var far = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret, "far");
        foreach (string name in (string[])["ns", "own"])
            await root.RequireAsync("POST", "namespaces", $$"""{"namespace":["{{name}}"]}""");
        await far.RequireAsync("POST", "namespaces", """{"namespace":["ns"]}""");
        var live = await root.RequireAsync("POST", "namespaces/ns/tables", Table("live"));
        var branched = await root.RequireAsync("POST", "namespaces/ns/tables", Table("branched"));
        Assert.Equal(0, (await _tarn.RunAsync("branch", "create", "dev")).ExitCode);
        await root.RequireAsync("POST", "namespaces/ns/tables/branched/unregister", "");
        var dropped = await root.RequireAsync("POST", "namespaces/ns/tables", Table("dropped"));
        Assert.Equal(204, (await root.SendAsync("DELETE", "namespaces/ns/tables/dropped")).Status);
        var distant = await far.RequireAsync("POST", "namespaces/ns/tables", Table("distant"));
        JsonElement[] others = [live, branched, dropped, distant];

        using var thief = await ConnectAsUserAsync(server, "thief", CatalogUser.Allow("\"catalog:*\"", "lake/own*"));
        var mine = await thief.RequireAsync("POST", "namespaces/own/tables", Table("mine"), Vended);
        int number = 0;
        foreach (var other in others)
        {
            string folder = Location(other);
            foreach (string location in (string[])[folder, folder + "/data", folder[..folder.LastIndexOf('/')], "s3://lake"])
            {
                Assert.Equal(403, (await thief.SendAsync("POST", "namespaces/own/tables", Table($"x{number++}", location), Vended)).Status);
                Assert.Equal(403, (await thief.SendAsync("POST", "namespaces/own/tables/mine", $$"""{"requirements":[],"updates":[{"action":"set-location","location":"{{location}}"}]}""")).Status);
                Assert.Equal(403, (await thief.SendAsync("POST", "namespaces/own/tables/mine", $$"""{"requirements":[],"updates":[{"action":"set-properties","updates":{"write.data.path":"{{location}}"} }]}""")).Status);
            }

            Assert.Equal(403, (await thief.SendAsync("POST", "namespaces/own/register", $$"""{"name":"r{{number}}","metadata-location":"{{other.GetProperty("metadata-location").GetString()}}"}""")).Status);
            // A metadata file of the thief's own, with the uuid and the folder of the other table.
            string forged = other.GetProperty("metadata").GetRawText();
            using (var own = Storage(server, mine))
                Assert.Equal(HttpStatusCode.OK, (await own.PutAsync("lake", Key(mine) + $"/metadata/forged{number}.metadata.json", Encoding.UTF8.GetBytes(forged))).Status);
            Assert.Equal(403, (await thief.SendAsync("POST", "namespaces/own/register", $$"""{"name":"f{{number}}","metadata-location":"{{Location(mine)}}/metadata/forged{{number}}.metadata.json"}""")).Status);
        }

        using var s3 = Storage(server, await thief.RequireAsync("GET", "namespaces/own/tables/mine", delegation: Vended));
        foreach (var other in others)
        {
            string file = other.GetProperty("metadata-location").GetString()!["s3://lake/".Length..];
            Assert.Equal(HttpStatusCode.Forbidden, (await s3.GetAsync("lake", file)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await s3.PutAsync("lake", Key(other) + "/data/a", [1])).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await s3.DeleteAsync("lake", file)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await s3.PutAsync("lake", Key(mine) + "/data/a", [1])).Status);
    }

    // On a branch it is the same table in the same folder.
    [Fact]
    public async Task Credentials_OfATableOnABranch_OpenItsFolder()
    {
        await using var server = await StartAsync();
        using var root = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret);
        await root.RequireAsync("POST", "namespaces", """{"namespace":["ns"]}""");
        var orders = await root.RequireAsync("POST", "namespaces/ns/tables", Table("orders"));
        Assert.Equal(0, (await _tarn.RunAsync("branch", "create", "dev")).ExitCode);
        using var user = await ConnectAsUserAsync(server, "dev", CatalogUser.Allow("\"catalog:*\"", "lake@dev*"), "lake@dev");
        var loaded = await user.RequireAsync("GET", "namespaces/ns/tables/orders", delegation: Vended);
        using var s3 = Storage(server, loaded);
        Assert.Equal(HttpStatusCode.OK, (await s3.PutAsync("lake", Key(orders) + "/data/a", [1])).Status);
    }
}
