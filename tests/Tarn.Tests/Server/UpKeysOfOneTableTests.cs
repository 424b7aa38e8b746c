using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tarn.Testing.S3;

namespace Tarn.Tests.Server;

/// <summary>Keys for the files of one table, tried on another by every trick of names, after what they were given for is gone, and at doors that they are not for.</summary>
public sealed class UpKeysOfOneTableTests : IDisposable
{
    private const string Vended = "vended-credentials", Secret = "what nobody else may read";

    private readonly TarnProcess _tarn = new();

    public void Dispose() => _tarn.Dispose();

    [Theory]
    [InlineData("\"catalog:*\"")]
    [InlineData("\"catalog:Get*\",\"catalog:ReadData\"")]
    public async Task Keys_OfOneTable_OpenNoOtherByAnyTrick(string actions)
    {
        await using var server = await StartAsync();
        using var root = await PrepareAsync(server);
        using var owner = new S3Client(server.Listeners["s3"], RootKey.Id, RootKey.Secret);
        using var ada = await ConnectNewUserAsync(server, "ada", actions, "lake/ns/a");
        using var keys = VendedKeys.Of(server, await ada.RequireAsync("GET", "namespaces/ns/tables/a", delegation: Vended));
        string[] others =
        [
            "/lake/ns/a-b/x", "/lake/ns/ab/x", "/lake/ns/b/x", "/lake/ns/a/../b/x", "/lake/ns/a/%2e%2e/b/x", "/lake/ns/a/%2E./b/x", "/lake/ns%2Fb%2Fx", "/lake/ns/a%2F..%2Fb%2Fx", "/lake/ns/a/..%2fb/x", "/lake/ns/a//../b/x",
            "/lake//ns/b/x", "/lake/ns/a/%252e%252e/b/x", "/lake/ns/a/./../b/x", "/lake/ns/a%00/../b/x", "/lake/ns/a/..%5Cb%5Cx", "/lake/../lake/ns/b/x", "/lake/ns/%62/x", "/lake/ns/a", "/lake/ns/a%2D%62/x",
        ];
        foreach (string target in others)
        {
            var read = await keys.SendAsync(HttpMethod.Get, target);
            Assert.True((int)read.Status is >= 400 and < 500 && !Encoding.UTF8.GetString(read.Body).Contains(Secret, StringComparison.Ordinal), $"GET {target}: {read.Status}");
            foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
                await keys.SendAsync(method, target, method == HttpMethod.Put ? "changed"u8.ToArray() : null);
        }

        foreach (string source in new[] { "/lake/ns/b/x", "lake/ns/b/x", "/lake/ns/a/../b/x", "/lake/ns/a/%2e%2e/b/x", "/lake/ns%2Fb%2Fx", "/lake/ns/a-b/x", "/lake/ns/b/x?versionId=null" })
            Assert.InRange((int)(await keys.SendAsync(HttpMethod.Put, "/lake/ns/a/copied", copySource: source)).Status, 400, 499);
        foreach (string query in new[] { "?list-type=2", "?list-type=2&prefix=ns%2Fa", "?list-type=2&prefix=ns%2Fb%2F", "?prefix=ns%2Fb%2F&versions=", "?prefix=ns%2Fb%2F&uploads=", "?policy=", "?acl=" })
            Assert.Equal(HttpStatusCode.Forbidden, (await keys.SendAsync(HttpMethod.Get, "/lake" + query)).Status);
        // What begins like the folder of the table may be listed, and has nothing of the others.
        foreach (string query in new[] { "?list-type=2&prefix=ns%2Fa%2F..%2Fb%2F", "?prefix=ns%2Fa%2F&prefix=ns%2Fb%2F" })
            Assert.DoesNotContain("<Key>ns/b/", Encoding.UTF8.GetString((await keys.SendAsync(HttpMethod.Get, "/lake" + query)).Body), StringComparison.Ordinal);
        foreach (string name in new[] { "a-b", "ab", "b" })
        {
            Assert.Equal(Secret, Encoding.UTF8.GetString((await owner.GetAsync("lake", $"ns/{name}/x")).Body));
            Assert.Equal(["ns/" + name + "/x"], (await owner.ListAsync("lake", $"ns/{name}/")).Select(o => o.Key).Where(k => !k.Contains("/metadata/", StringComparison.Ordinal)));
        }

        Assert.DoesNotContain((await owner.ListAsync("lake", "ns/a/")).Select(o => o.Key), k => k.EndsWith("copied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_AfterTheirReasonIsGone_AreNotRenewedAndOpenNothingNew()
    {
        await using var server = await StartAsync();
        using var root = await PrepareAsync(server);
        using var ada = await ConnectNewUserAsync(server, "ada", "\"catalog:*\"", "lake/ns/a");
        using var keys = VendedKeys.Of(server, await ada.RequireAsync("GET", "namespaces/ns/tables/a", delegation: Vended));
        string sign = """{"region":"us-east-1","method":"GET","uri":"http://S3/lake/ns/a/x","headers":{}}""".Replace("S3", server.Listeners["s3"], StringComparison.Ordinal);

        // 1. Somebody else does not renew them, whatever they may have themselves.
        using var eve = await ConnectNewUserAsync(server, "eve", "\"catalog:*\"", "lake/ns/b");
        Assert.Equal(403, (await eve.SendAsync("GET", "namespaces/ns/tables/a/credentials")).Status);
        Assert.Equal(403, (await eve.SendAsync("POST", "namespaces/ns/tables/a/sign", sign)).Status);

        // 2. Without the right none are given, and those that were given are good for nothing.
        await CatalogUser.PutPolicyAsync(_tarn, "ada", CatalogUser.Allow("\"catalog:Get*\"", "lake/ns/a"));
        Assert.Equal(403, (await ada.SendAsync("GET", "namespaces/ns/tables/a/credentials")).Status);
        Assert.Equal(403, (await ada.SendAsync("POST", "namespaces/ns/tables/a/sign", sign)).Status);
        Assert.False((await ada.RequireAsync("GET", "namespaces/ns/tables/a", delegation: Vended)).TryGetProperty("storage-credentials", out _));
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.GetAsync("lake", "ns/a/x")).Status);

        // 3. Of a table that is dropped there are none.
        await CatalogUser.PutPolicyAsync(_tarn, "ada", CatalogUser.Allow("\"catalog:*\"", "lake/ns/a"));
        Assert.Equal(204, (await root.SendAsync("DELETE", "namespaces/ns/tables/a")).Status);
        Assert.Equal(404, (await ada.SendAsync("GET", "namespaces/ns/tables/a/credentials")).Status);
        Assert.Equal(404, (await ada.SendAsync("POST", "namespaces/ns/tables/a/sign", sign)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.GetAsync("lake", "ns/b/x")).Status);

        // 4. Who is switched off has none from that moment.
        Assert.Equal(0, (await _tarn.RunAsync("user", "disable", "ada")).ExitCode);
        Assert.InRange((int)(await keys.GetAsync("lake", "ns/a/x")).Status, 400, 403);
        Assert.Equal(401, (await ada.SendAsync("GET", "namespaces/ns/tables/a/credentials")).Status);
    }

    [Fact]
    public async Task Keys_AtOtherDoorsOrMixed_AreRefused()
    {
        await using var server = await StartAsync();
        using var root = await PrepareAsync(server);
        var (id, secret) = await CatalogUser.AddAsync(_tarn, "ada", CatalogUser.Allow("\"catalog:*\"", "lake/ns/*"));
        using var ada = await RestCatalogClient.ConnectAsync(server, id, secret);
        var (a, b) = (VendedKeys.PropertiesOf(await ada.RequireAsync("GET", "namespaces/ns/tables/a", delegation: Vended)), VendedKeys.PropertiesOf(await ada.RequireAsync("GET", "namespaces/ns/tables/b", delegation: Vended)));
        string s3 = server.Listeners["s3"], bearer = await TokenAsync(server, id, secret);

        // The key of one with the session of another; a lasting key with a session; a session without its key; a token of the catalog as a session.
        foreach (var (key, text, session) in new (string, string, string?)[] { (a.Id, a.Secret, b.Session), (id, secret, a.Session), (a.Id, a.Secret, null), (a.Id, b.Secret, a.Session), (a.Id, a.Secret, bearer), (id, secret, bearer), (id, bearer, null) })
        {
            using var mixed = new S3Client(s3, key, text, session);
            Assert.InRange((int)(await mixed.GetAsync("lake", "ns/a/x")).Status, 400, 403);
        }

        // With its own lasting key the user has no right on buckets at all, and with keys for files no new session and no token.
        using var lasting = new S3Client(s3, id, secret);
        Assert.Equal(HttpStatusCode.Forbidden, (await lasting.GetAsync("lake", "ns/a/x")).Status);
        using var keys = new S3Client(s3, a.Id, a.Secret, a.Session);
        Assert.Equal(HttpStatusCode.OK, (await keys.GetAsync("lake", "ns/a/x")).Status);
        foreach (string action in new[] { "GetSessionToken", "AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fhive_local&RoleSessionName=x" })
            Assert.InRange((int)(await keys.SendAsync(HttpMethod.Post, "/", Encoding.UTF8.GetBytes("Action=" + action + "&Version=2011-06-15"))).Status, 400, 403);
        using var http = new HttpClient { BaseAddress = new Uri("http://" + server.Listeners["catalog"]) };
        foreach (var header in new[] { new AuthenticationHeaderValue("Bearer", a.Session), new("Bearer", a.Secret), new("Basic", Basic(a.Id, a.Secret)), new("Basic", Basic(a.Id, a.Session)) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/lake/namespaces/ns/tables/a") { Headers = { Authorization = header } };
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(request)).StatusCode);
        }
    }

    /// <summary>Keys are good for an hour, so what comes to lie in the folder that they open must be refused.</summary>
    [Fact]
    public async Task Keys_OfATableWhereANamespaceCouldBe_AreNotToBeHadAndOpenNothingThatComes()
    {
        await using var server = await StartAsync();
        using var root = await PrepareAsync(server);
        using var ada = await ConnectNewUserAsync(server, "ada", "\"catalog:*\"", "lake/ns/a");
        Assert.Equal(403, (await ada.SendAsync("POST", "namespaces/ns/tables/a", """{"requirements":[],"updates":[{"action":"set-location","location":"s3://lake/later"}]}""")).Status);

        // Root may; then nothing else comes to lie there, by whatever door.
        await root.RequireAsync("POST", "namespaces/ns/tables/a", """{"requirements":[],"updates":[{"action":"set-location","location":"s3://lake/later"}]}""");
        Assert.Equal(400, (await root.SendAsync("POST", "namespaces", """{"namespace":["later"]}""")).Status);
        var local = await _tarn.RunAsync("sql", "-c", $"CREATE SCHEMA later; CREATE TABLE later.secret AS SELECT '{Secret}' AS s");
        Assert.True(local.ExitCode != 0 && local.Error.Contains("in the folder of table", StringComparison.Ordinal), $"{local}");
        File.WriteAllText(Path.Join(_tarn.Folder, "in.csv"), "s\nx\n");
        Assert.NotEqual(0, (await _tarn.RunAsync("ingest", "in.csv", "--table", "later.secret")).ExitCode);
    }

    /// <summary>On a branch a table has the files of main: who has no right there reads them and adds new ones.</summary>
    [Fact]
    public async Task Keys_OfABranch_ChangeNoFileOfMain()
    {
        await using var server = await StartAsync();
        using var root = await PrepareAsync(server);
        Assert.Equal(0, (await _tarn.RunAsync("branch", "create", "dev")).ExitCode);
        var (id, secret) = await CatalogUser.AddAsync(_tarn, "ada", CatalogUser.Allow("\"catalog:*\"", "lake@dev*"));
        using var refused = await RestCatalogClient.ConnectAsync(server, id, secret);
        Assert.Equal(403, (await refused.SendAsync("GET", "namespaces/ns/tables/b")).Status);
        using var ada = await RestCatalogClient.ConnectAsync(server, id, secret, warehouse: "lake@dev");
        using var keys = VendedKeys.Of(server, await ada.RequireAsync("GET", "namespaces/ns/tables/b", delegation: Vended));
        Assert.Equal(Secret, Encoding.UTF8.GetString((await keys.GetAsync("lake", "ns/b/x")).Body));
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", "ns/b/new", "new"u8.ToArray())).Status);

        // 1. Overwriting, by each operation that stores.
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.PutAsync("lake", "ns/b/x", "changed"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.SendAsync(HttpMethod.Put, "/lake/ns/b/x", copySource: "/lake/ns/b/new")).Status);
        Assert.Equal(HttpStatusCode.OK, (await keys.SendAsync(HttpMethod.Put, "/lake/ns/b/copied", copySource: "/lake/ns/b/new")).Status);
        string begun = Encoding.UTF8.GetString((await keys.SendAsync(HttpMethod.Post, "/lake/ns/b/x?uploads=")).Body);
        string upload = begun.Split("<UploadId>")[1].Split('<')[0];
        Assert.Equal(HttpStatusCode.OK, (await keys.SendAsync(HttpMethod.Put, $"/lake/ns/b/x?partNumber=1&uploadId={upload}", "changed"u8.ToArray())).Status);
        string etag = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData("changed"u8));
        byte[] parts = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>");
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.SendAsync(HttpMethod.Post, $"/lake/ns/b/x?uploadId={upload}", parts)).Status);

        // 2. Removing, with keys and signed.
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.SendAsync(HttpMethod.Delete, "/lake/ns/b/x")).Status);
        string sign = """{"region":"us-east-1","method":"DELETE","uri":"http://S3/lake/ns/b/x","headers":{}}""".Replace("S3", server.Listeners["s3"], StringComparison.Ordinal);
        Assert.Equal(403, (await ada.SendAsync("POST", "namespaces/ns/tables/b/sign", sign)).Status);
        using var owner = new S3Client(server.Listeners["s3"], RootKey.Id, RootKey.Secret);
        Assert.Equal(Secret, Encoding.UTF8.GetString((await owner.GetAsync("lake", "ns/b/x")).Body));

        // 3. Dropping, and deleting then, as Spark purges: nothing goes, and the drop counts as a purge of the branch.
        await ada.RequireAsync("POST", "namespaces/ns/tables/a", """{"requirements":[],"updates":[{"action":"set-properties","updates":{"k":"v"} }]}""");
        var dropped = await ada.RequireAsync("GET", "namespaces/ns/tables/a", delegation: Vended);
        using var purging = VendedKeys.Of(server, dropped);
        Assert.Equal(204, (await ada.SendAsync("DELETE", "namespaces/ns/tables/a")).Status);
        Assert.Contains(",stay,", (await _tarn.RunAsync("catalog", "dropped", "--branch", "dev", "--format", "csv")).Out, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await purging.DeleteAsync("lake", dropped.GetProperty("metadata-location").GetString()!["s3://lake/".Length..])).Status);
        Assert.Contains("own ones deleted then", (await _tarn.RunAsync("catalog", "dropped", "--branch", "dev", "--format", "csv")).Out, StringComparison.Ordinal);

        // 4. Who may write main too has all; a denial on main is one on the branch.
        await CatalogUser.PutPolicyAsync(_tarn, "ada", CatalogUser.Allow("\"catalog:*\"", "lake*"));
        using var full = VendedKeys.Of(server, await ada.RequireAsync("GET", "namespaces/ns/tables/b", delegation: Vended));
        Assert.Equal(HttpStatusCode.OK, (await full.PutAsync("lake", "ns/b/new", "newer"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await full.SendAsync(HttpMethod.Delete, "/lake/ns/b/new")).Status);
        File.WriteAllText(Path.Join(_tarn.Folder, "denied.json"), """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"catalog:*","Resource":"arn:tarn:catalog:::lake*"},{"Effect":"Deny","Action":"catalog:*","Resource":"arn:tarn:catalog:::lake/ns/*"}]}
            """);
        Assert.Equal(0, (await _tarn.RunAsync("policy", "put", "ada", "denied.json")).ExitCode);
        Assert.Equal(403, (await ada.SendAsync("GET", "namespaces/ns/tables/b")).Status);
        Assert.Equal(403, (await ada.SendAsync("GET", "namespaces/ns/tables/b/credentials")).Status);
    }

    /// <summary>PyIceberg deletes metadata files that fall out of its table's log: on another branch one of them may be the table.</summary>
    [Fact]
    public async Task Keys_OfWhoMayWriteAll_LeaveTheMetadataFilesOfOtherBranches()
    {
        await using var server = await StartAsync();
        using var root = await PrepareAsync(server);
        Assert.Equal(0, (await _tarn.RunAsync("branch", "create", "dev")).ExitCode);
        using var dev = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret, warehouse: "lake@dev");
        string Key(JsonElement table) => table.GetProperty("metadata-location").GetString()!["s3://lake/".Length..];
        var loaded = await dev.RequireAsync("GET", "namespaces/ns/tables/b", delegation: Vended);
        using var keys = VendedKeys.Of(server, loaded);
        string main = Key(loaded);
        await dev.RequireAsync("POST", "namespaces/ns/tables/b", """{"requirements":[],"updates":[{"action":"set-properties","updates":{"k":"v"} }]}""");

        // 1. Removing one, several, and by a signed request.
        var refused = await keys.DeleteAsync("lake", main);
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("<Code>AccessDenied</Code>", Encoding.UTF8.GetString(refused.Body), StringComparison.Ordinal);
        Assert.Contains("is neither deleted nor replaced: it is the present state of a table or view on some branch", Encoding.UTF8.GetString(refused.Body), StringComparison.Ordinal);
        string many = Encoding.UTF8.GetString((await keys.SendAsync(HttpMethod.Post, "/lake?delete=", Encoding.UTF8.GetBytes($"<Delete><Object><Key>{main}</Key></Object><Object><Key>ns/b/x</Key></Object></Delete>"))).Body);
        Assert.Contains($"<Error><Key>{main}</Key><Code>AccessDenied</Code>", many, StringComparison.Ordinal);
        Assert.Contains("<Deleted><Key>ns/b/x</Key></Deleted>", many, StringComparison.Ordinal);
        string sign = $$"""{"region":"us-east-1","method":"DELETE","uri":"http://{{server.Listeners["s3"]}}/lake/{{main}}","headers":{} }""";
        using (var http = new HttpClient())
        using (var signed = new HttpRequestMessage(HttpMethod.Delete, $"http://{server.Listeners["s3"]}/lake/{main}"))
        {
            foreach (var header in (await dev.RequireAsync("POST", "namespaces/ns/tables/b/sign", sign)).GetProperty("headers").EnumerateObject())
                signed.Headers.TryAddWithoutValidation(header.Name, header.Value[0].GetString());
            var answer = await http.SendAsync(signed);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("is neither deleted nor replaced", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // 2. Overwriting, by each operation that stores.
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", "ns/b/new", "new"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.PutAsync("lake", main, "changed"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await keys.SendAsync(HttpMethod.Put, "/lake/" + main, copySource: "/lake/ns/b/new")).Status);
        foreach (var replaced in new[] { await keys.PutAsync("lake", main, "changed"u8.ToArray()), await keys.PutPartsAsync("lake", main, ["changed"u8.ToArray()]) })
            Assert.Contains("<Code>AccessDenied</Code><Message>There is an object of this name, and to replace it takes s3:DeleteObject. The metadata file 's3://lake/" + main, Encoding.UTF8.GetString(replaced.Body), StringComparison.Ordinal);
        var read = await _tarn.RunAsync("sql", "-c", "SELECT count(*) FROM ns.b");
        Assert.True(read.ExitCode == 0, read.Error);

        // 3. What nothing needs any more goes, and files of any other name.
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", "ns/b/metadata/00007-x.metadata.json", "{}"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.OK, (await keys.PutAsync("lake", "ns/b/metadata/00007-x.metadata.json", "[]"u8.ToArray())).Status);
        foreach (string gone in new[] { "ns/b/metadata/00007-x.metadata.json", "ns/b//x.metadata.json", "ns/b/./x.metadata.json", "ns/b/new" })
            Assert.Equal(HttpStatusCode.NoContent, (await keys.DeleteAsync("lake", gone)).Status);
    }

    private static string Basic(string id, string secret) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));

    private static async Task<string> TokenAsync(RunningServer server, string id, string secret)
    {
        using var http = new HttpClient { BaseAddress = new Uri("http://" + server.Listeners["catalog"]) };
        var answer = await http.PostAsync("/v1/oauth/tokens", new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret)]));
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("access_token").GetString()!;
    }

    private Task<RunningServer> StartAsync()
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), RootKey.Settings);
        return RunningServer.StartAsync(_tarn);
    }

    // Tables whose folders begin alike, each with a file.
    private static async Task<RestCatalogClient> PrepareAsync(RunningServer server)
    {
        var root = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret);
        using var owner = new S3Client(server.Listeners["s3"], RootKey.Id, RootKey.Secret);
        await root.RequireAsync("POST", "namespaces", """{"namespace":["ns"]}""");
        foreach (string name in new[] { "a", "a-b", "ab", "b" })
        {
            await root.RequireAsync("POST", "namespaces/ns/tables", $$"""{"name":"{{name}}","location":"s3://lake/ns/{{name}}","schema":{"type":"struct","fields":[{"id":1,"name":"id","type":"long","required":false}]} }""");
            Assert.Equal(HttpStatusCode.OK, (await owner.PutAsync("lake", $"ns/{name}/x", Encoding.UTF8.GetBytes(name == "a" ? "mine" : Secret))).Status);
        }

        return root;
    }

    private async Task<RestCatalogClient> ConnectNewUserAsync(RunningServer server, string name, string actions, string resource)
    {
        var (id, secret) = await CatalogUser.AddAsync(_tarn, name, CatalogUser.Allow(actions, resource));
        return await RestCatalogClient.ConnectAsync(server, id, secret);
    }
}
