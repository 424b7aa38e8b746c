using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tarn.Tests.Server;

/// <summary>Requests to the S3 door of a running server that its catalog signs, for a client that holds no key.</summary>
public sealed class UpRemoteSigningTests : IDisposable
{
    private const string Table = "namespaces/ns/tables/orders";

    private readonly TarnProcess _tarn = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _tarn.Dispose();
    }

    private static string Request(string method, string uri, string headers = "{}", string? body = null) =>
        $$"""{"region":"us-east-1","method":"{{method}}","uri":"{{uri}}","headers":{{headers}}{{(body is null ? "" : ",\"body\":" + JsonSerializer.Serialize(body))}}}""";

    // Sends a request with the headers that its signature brought, and those that were signed.
    private async Task<(HttpStatusCode Status, string Body)> SendAsync(JsonElement signed, string method, string? body = null, params (string Name, string Value)[] headers)
    {
        var uri = new Uri(signed.GetProperty("uri").GetString()!, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentMD5 = MD5.HashData(Encoding.UTF8.GetBytes(body));
        }

        foreach (var header in signed.GetProperty("headers").EnumerateObject())
            request.Headers.TryAddWithoutValidation(header.Name, header.Value[0].GetString());
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Sign_RequestsOfOneTable_WorkAndOthersAreRefused()
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), RootKey.Settings);
        await using var server = await RunningServer.StartAsync(_tarn);
        using var root = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret);
        await root.RequireAsync("POST", "namespaces", """{"namespace":["ns"]}""");
        await root.RequireAsync("POST", "namespaces/ns/tables", """{"name":"orders","schema":{"type":"struct","fields":[]}}""");
        var table = await root.RequireAsync("GET", Table, delegation: "remote-signing");
        var config = table.GetProperty("config");
        Assert.Equal(("true", "v1/lake/" + Table + "/sign"), (config.GetProperty("s3.remote-signing-enabled").GetString(), config.GetProperty("signer.endpoint").GetString()));
        Assert.Equal("http://" + server.Listeners["catalog"], config.GetProperty("signer.uri").GetString());
        Assert.False(table.TryGetProperty("storage-credentials", out _));
        Assert.False(config.TryGetProperty("s3.secret-access-key", out _));
        string bucket = config.GetProperty("s3.endpoint").GetString() + "/lake", folder = bucket + table.GetProperty("metadata").GetProperty("location").GetString()!["s3://lake".Length..];
        string key = table.GetProperty("metadata").GetProperty("location").GetString()!["s3://lake/".Length..];
        Task<JsonElement> SignAsync(string method, string uri, string headers = "{}", string? body = null) => root.RequireAsync("POST", Table + "/sign", Request(method, uri, headers, body));

        // 1. Write, read, list, remove; keys with signs that are encoded.
        string file = folder + "/data/region=a%20b%2Bc/%25x.parquet";
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(await SignAsync("PUT", file, """{"x-amz-meta-who":["  me  and you "],"Content-Type":["x/y"]}"""), "PUT", "hello", ("x-amz-meta-who", "me and you"))).Status);
        Assert.Equal((HttpStatusCode.OK, "hello"), await SendAsync(await SignAsync("GET", file), "GET"));
        Assert.Equal((HttpStatusCode.PartialContent, "ell"), await SendAsync(await SignAsync("GET", file, """{"Range":["bytes=1-3"]}"""), "GET", null, ("Range", "bytes=1-3")));
        Assert.Equal((HttpStatusCode.OK, "hello"), await SendAsync(await SignAsync("GET", file.Replace("/%25x", "%2F%25x", StringComparison.Ordinal)), "GET"));
        string listing = $"{bucket}?list-type=2&prefix={Uri.EscapeDataString(key + "/")}&delimiter=%2F";
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(await SignAsync("GET", listing), "GET")).Status);
        string removal = $"<Delete><Object><Key>{key}/data/region=a b+c/%x.parquet</Key></Object></Delete>";
        var removed = await SendAsync(await SignAsync("POST", bucket + "?delete", "{}", removal), "POST", removal);
        Assert.True(removed.Status == HttpStatusCode.OK && removed.Body.Contains("<Deleted>", StringComparison.Ordinal), removed.Body);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(await SignAsync("GET", file), "GET")).Status);

        // 2. A signature is good for its own request alone, and what the storage gets is checked there again.
        var read = await SignAsync("GET", folder + "/data/x");
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(read, "DELETE")).Status);
        string outside = "<Delete><Object><Key>ns/other/x</Key></Object></Delete>";
        Assert.DoesNotContain("<Deleted>", (await SendAsync(await SignAsync("POST", bucket + "?delete", "{}", removal), "POST", outside)).Body, StringComparison.Ordinal);

        // 3. What is elsewhere or is no reading or writing of files is not signed.
        (string Method, string Uri, string Headers, string? Body)[] refused =
        [
            ("GET", folder + "-x/data/a", "{}", null), ("GET", bucket, "{}", null), ("GET", $"{bucket}?list-type=2&prefix=ns", "{}", null),
            ("GET", bucket + "?policy", "{}", null), ("PUT", bucket + "?policy", "{}", null), ("PUT", bucket, "{}", null), ("DELETE", bucket, "{}", null),
            ("PUT", folder + "/data/a?acl", "{}", null), ("GET", folder + "/data/a?versionId=1", "{}", null), ("PATCH", folder + "/data/a", "{}", null),
            ("PUT", folder + "/data/a", """{"x-amz-copy-source":["/lake/ns/other/x"]}""", null), ("POST", bucket + "?delete", "{}", outside), ("GET", folder.Replace("/lake/", "/other/", StringComparison.Ordinal) + "/a", "{}", null),
        ];
        foreach (var (method, uri, headers, body) in refused)
            Assert.True((await root.SendAsync("POST", Table + "/sign", Request(method, uri, headers, body))) is { Status: 403 } or { Status: 400 }, $"{method} {uri}");
        string[] malformed = ["{}", "[]", Request("GET", "ftp://x/y"), Request("GET", "http://"), Request("GET", "http://u@h/b/k"), Request("POST", bucket + "?delete"), Request("POST", bucket + "?delete", "{}", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), Request("GET", folder + "/a", """{"a":["b\r\nc: d"]}"""), Request("GET", folder + "/a", """{"a":"b"}""")];
        foreach (string body in malformed)
            Assert.True((await root.SendAsync("POST", Table + "/sign", body)).Status == 400, body);
    }

    /// <summary>CREATE TABLE AS of Spark and Trino: files are written before there is a table, and keys may have to be renewed meanwhile.</summary>
    [Fact]
    public async Task Sign_RequestsOfAStagedTable_WorkWhereATableMayBeMade()
    {
        File.WriteAllText(Path.Join(_tarn.Folder, "tarn.yaml"), RootKey.Settings);
        await using var server = await RunningServer.StartAsync(_tarn);
        using var root = await RestCatalogClient.ConnectAsync(server, RootKey.Id, RootKey.Secret);
        await root.RequireAsync("POST", "namespaces", """{"namespace":["ns"]}""");
        const string staged = """{"name":"orders","stage-create":true,"schema":{"type":"struct","fields":[]}}""";
        var table = await root.RequireAsync("POST", "namespaces/ns/tables", staged, delegation: "remote-signing");
        string endpoint = table.GetProperty("config").GetProperty("signer.endpoint").GetString()!["v1/lake/".Length..], location = table.GetProperty("metadata").GetProperty("location").GetString()!;
        string file = table.GetProperty("config").GetProperty("s3.endpoint").GetString() + location["s3:/".Length..] + "/data/a.parquet";
        var signed = await root.RequireAsync("POST", endpoint, Request("PUT", file));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(signed, "PUT", "hello")).Status);
        Assert.Equal(403, (await root.SendAsync("POST", endpoint, Request("PUT", file.Replace("/orders-", "/others-", StringComparison.Ordinal)))).Status);

        // Keys of a staged table are renewed there too.
        var vended = await root.RequireAsync("POST", "namespaces/ns/tables", staged, delegation: "vended-credentials");
        string renewal = vended.GetProperty("config").GetProperty("client.refresh-credentials-endpoint").GetString()!["v1/lake/".Length..];
        var renewed = Assert.Single((await root.RequireAsync("GET", renewal)).GetProperty("storage-credentials").EnumerateArray()).GetProperty("config");
        Assert.Equal("v1/lake/" + renewal, renewed.GetProperty("client.refresh-credentials-endpoint").GetString());

        // Without a location, where another table lies, above it, or outside of the lake there is nothing.
        var other = await root.RequireAsync("POST", "namespaces/ns/tables", """{"name":"other","schema":{"type":"struct","fields":[]}}""");
        string taken = other.GetProperty("metadata").GetProperty("location").GetString()!;
        await root.RequireAsync("POST", "namespaces", """{"namespace":["mine"]}""");
        Assert.Equal(404, (await root.SendAsync("POST", Table + "/sign", Request("PUT", file))).Status);
        Assert.Equal(403, (await root.SendAsync("POST", $"{Table}/sign?location=s3%3A%2F%2Felsewhere%2Fx", Request("PUT", file))).Status);
        var (id, secret) = await CatalogUser.AddAsync(_tarn, "ada", CatalogUser.Allow("\"catalog:*\"", "lake/mine/*"));
        using var user = await RestCatalogClient.ConnectAsync(server, id, secret);
        foreach (string place in (string[])[taken, "s3://lake/ns", "s3://lake"])
        {
            Assert.True((await user.SendAsync("POST", $"namespaces/mine/tables/t/sign?location={Uri.EscapeDataString(place)}", Request("GET", file))).Status == 403, place);
            Assert.True((await user.SendAsync("GET", $"namespaces/mine/tables/t/credentials?location={Uri.EscapeDataString(place)}", null)).Status == 403, place);
        }
    }
}
