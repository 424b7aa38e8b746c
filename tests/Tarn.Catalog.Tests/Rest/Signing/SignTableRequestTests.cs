using System.Text.Json;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Testing.Access;

namespace Tarn.Catalog.Tests.Rest.Signing;

/// <summary>Requests that somebody who may have one table wants signed for another: none is, and the trail tells of each.</summary>
public sealed class SignTableRequestTests
{
    private const string Host = "http://127.0.0.1:9000", Tables = "/v1/lake/namespaces/a/tables";

    // {own} for the folder of the table that the caller may have, in the bucket lake.
    private static readonly (string Method, string Uri, string Headers, string? Body)[] s_refused =
    [
        ("GET", "/lake/a/u/x", "{}", null), ("HEAD", "/lake/{own}-b/x", "{}", null), ("GET", "/lake/{own}b/x", "{}", null), ("GET", "/lake/{own}", "{}", null), ("GET", "/lake/a%2Fu%2Fx", "{}", null), ("GET", "/other/{own}/x", "{}", null),
        ("GET", "/lake", "{}", null), ("GET", "/lake?list-type=2&prefix=a%2F", "{}", null), ("GET", "/lake?list-type=2&prefix=a%2Fu%2F", "{}", null), ("GET", "/lake?prefix=a%2Fu%2F&prefix={own}%2F", "{}", null), ("GET", "/lake?uploads", "{}", null),
        ("GET", "/lake?uploads&prefix={own}%2F", "{}", null), ("GET", "/lake?versions&prefix={own}%2F", "{}", null), ("GET", "/lake?policy", "{}", null), ("PUT", "/lake?policy", "{}", null), ("PUT", "/lake", "{}", null), ("DELETE", "/lake", "{}", null),
        ("GET", "/", "{}", null), ("POST", "/lake/{own}/x?select&select-type=2", "{}", null), ("GET", "/lake/{own}/x?acl", "{}", null), ("PUT", "/lake/{own}/x?acl", "{}", null), ("PUT", "/lake/{own}/x?retention", "{}", null), ("GET", "/lake/{own}/x?versionId=1", "{}", null),
        ("GET", "/lake/{own}/x?response-content-type=text%2Fhtml", "{}", null), ("PATCH", "/lake/{own}/x", "{}", null), ("OPTIONS", "/lake/{own}/x", "{}", null),
        ("PUT", "/lake/{own}/x", """{"x-amz-copy-source":["/lake/a/u/x"]}""", null), ("PUT", "/lake/{own}/x", """{"X-Amz-Copy-Source":["lake/a%2Fu/x"]}""", null), ("PUT", "/lake/{own}/x", """{"x-amz-copy-source":["/lake/{own}/../u/x"]}""", null), ("GET", "/lake?prefix={own}%2F..%2Fu%2F", "{}", null),
        ("PUT", "/lake/{own}/x?partNumber=1&uploadId=1", """{"x-amz-copy-source":["/lake/a/u/x?versionId=1"]}""", null), ("POST", "/lake?delete", "{}", "<Delete><Object><Key>{own}/x</Key></Object><Object><Key>a/u/x</Key></Object></Delete>"),
    ];

    [Fact]
    public async Task Sign_ForAnotherTable_IsRefusedAndAudited()
    {
        await using var server = await StartAsync();
        using var ada = await server.ConnectAsUserAsync("ada", "own");
        string folder = await FolderAsync(server);
        List<CatalogTestAnswer> refused = [];
        foreach (var (method, uri, headers, body) in s_refused)
        {
            string Own(string text) => text.Replace("{own}", folder, StringComparison.Ordinal);
            var answer = await ada.PostAsync(Tables + "/t/sign", Request(method, Host + Own(uri), Own(headers), body is null ? null : Own(body)));
            Assert.True((answer.Status, answer.ErrorType) == (403, "ForbiddenException"), $"{method} {uri}: {answer.Status} {answer.Body}");
            refused.Add(answer);
        }

        (await ada.PostAsync(Tables + "/t/sign", Request("PUT", $"{Host}/lake/{folder}/x"))).Require(200);
        (await ada.PostAsync(Tables + "/u/sign", Request("GET", $"{Host}/lake/a/u/x"))).RequireError(403, "ForbiddenException");
        await server.Access.DisposeAsync();
        var events = (await AuditTrail.ReadAsync(server.Folder)).Where(e => !e.IsAllowed).ToLookup(e => e.RequestId);
        Assert.All(refused, answer => Assert.Contains(
            events[answer.RequestId],
            e => e.Principal.EndsWith("/ada", StringComparison.Ordinal) && e.Action is "catalog:ReadData" or "catalog:WriteData" && e.Resource == "arn:tarn:catalog:::lake/a/t" && e.Reason.Contains("is not signed", StringComparison.Ordinal)));
    }

    // What is signed is what was shown: no trick of writing makes one path into another.
    [Theory]
    [InlineData("GET", "/lake/{own}/../u/x")]
    [InlineData("GET", "/lake/{own}/%2e%2e/u/x")]
    [InlineData("GET", "/lake/{own}/..%2Fu/x")]
    [InlineData("PUT", "/lake/{own}/./x")]
    public async Task Sign_PathsWithSteps_AreRefused(string method, string path)
    {
        await using var server = await StartAsync();
        using var ada = await server.ConnectAsUserAsync("ada", "own");
        (await ada.PostAsync(Tables + "/t/sign", Request(method, Host + path.Replace("{own}", await FolderAsync(server), StringComparison.Ordinal)))).RequireError(403, "ForbiddenException");
    }

    [Fact]
    public async Task Sign_ToWrite_NeedsTheRightToWrite()
    {
        await using var server = await StartAsync();
        using var bob = await server.ConnectAsUserAsync("bob", "readonly");
        string folder = await FolderAsync(server);
        (await bob.PostAsync(Tables + "/t/sign", Request("GET", $"{Host}/lake/{folder}/x"))).Require(200);
        foreach (var (method, query) in new[] { ("PUT", ""), ("DELETE", ""), ("POST", "?uploads"), ("POST", "?uploadId=1"), ("PUT", "?partNumber=1&uploadId=1"), ("GET", "?uploadId=1"), ("DELETE", "?uploadId=1") })
            (await bob.PostAsync(Tables + "/t/sign", Request(method, $"{Host}/lake/{folder}/x{query}"))).RequireError(403, "ForbiddenException");
    }

    [Fact]
    public async Task Sign_InAFolderThatIsSharedWithAnotherTable_SaysSo()
    {
        await using var server = await StartAsync();
        using var root = await server.ConnectAsync();
        const string at = ""","location":"s3://lake/a/both" """;
        (await root.PostAsync(Tables, Bodies.Table("before", at))).Require(200);
        (await root.DeleteAsync(Tables + "/before")).Require(204);
        (await root.PostAsync(Tables, Bodies.Table("both", at))).Require(200);
        await server.Administration.PutPolicyAsync("both", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:*","Resource":"arn:tarn:catalog:::lake/a/both"} }""");
        using var eve = await server.ConnectAsUserAsync("eve", "both");
        const string told = "The folder 's3://lake/a/both' of table 'a.both' of 'lake' is shared with another table, view or dropped table, and reading and writing is not allowed to you there.";
        foreach (var refused in new[] { await eve.PostAsync(Tables + "/both/sign", Request("GET", $"{Host}/lake/a/both/x")), await eve.GetAsync(Tables + "/both/credentials") })
        {
            refused.RequireError(403, "ForbiddenException");
            Assert.Contains(told, JsonDocument.Parse(refused.Body).RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        // The answer to loading has no field for it.
        var loaded = (await eve.GetAsync(Tables + "/both", ("X-Iceberg-Access-Delegation", "vended-credentials"))).Require(200);
        Assert.False(loaded.TryGetProperty("storage-credentials", out _));
        Assert.DoesNotContain("shared", loaded.GetProperty("config").GetRawText(), StringComparison.Ordinal);
    }

    // Whoever stages a table writes its files before there is one, wherever its properties send them.
    [Fact]
    public async Task Sign_ForAStagedTable_OpensTheFoldersOfItsProperties()
    {
        await using var server = await StartAsync();
        using var root = await server.ConnectAsync();
        (await root.PostAsync("/v1/lake/namespaces", """{"namespace":["d"],"properties":{"table-default.write.metadata.path":"s3://lake/meta/d"}}""")).Require(200);
        var staged = (await root.PostAsync("/v1/lake/namespaces/d/tables", Bodies.Table("s", ""","stage-create":true,"properties":{"write.data.path":"s3://lake/elsewhere/s"}"""), ("X-Iceberg-Access-Delegation", "remote-signing"))).Require(200);
        Assert.Equal("s3://lake/meta/d", staged.GetProperty("metadata").GetProperty("properties").GetProperty("write.metadata.path").GetString());
        string endpoint = "/" + staged.GetProperty("config").GetProperty("signer.endpoint").GetString()!;
        string location = staged.GetProperty("metadata").GetProperty("location").GetString()!["s3://".Length..];
        foreach (string folder in (string[])["lake/elsewhere/s", "lake/meta/d", location])
            (await root.PostAsync(endpoint, Request("PUT", $"{Host}/{folder}/x"))).Require(200);
        (await root.PostAsync(endpoint, Request("PUT", $"{Host}/lake/elsewhere/t/x"))).RequireError(403, "ForbiddenException");
        // Clients of the newer form know the address, and send along what they were told.
        var told = staged.GetProperty("remote-signing-config");
        Assert.Equal("{}", told.GetProperty("headers").GetRawText());
        string along = Request("PUT", $"{Host}/lake/elsewhere/s/x")[..^1] + $",\"properties\":{told.GetProperty("properties").GetRawText()}}}";
        (await root.PostAsync("/v1/lake/namespaces/d/tables/s/sign", Request("PUT", $"{Host}/lake/elsewhere/s/x"))).RequireError(404, "NoSuchTableException");
        (await root.PostAsync("/v1/lake/namespaces/d/tables/s/sign", along)).Require(200);
        // Nobody opens another table by what stands in the address.
        await server.Administration.PutPolicyAsync("d", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:*","Resource":["arn:tarn:catalog:::lake/d","arn:tarn:catalog:::lake/d/*","arn:tarn:catalog:::lake/elsewhere/s"]} }""");
        using var bob = await server.ConnectAsUserAsync("bob", "d");
        (await bob.PostAsync(endpoint, Request("PUT", $"{Host}/lake/elsewhere/s/x"))).Require(200);
        string other = endpoint.Replace("elsewhere%2Fs", Uri.EscapeDataString(await FolderAsync(server)), StringComparison.Ordinal);
        Assert.NotEqual(endpoint, other);
        (await bob.PostAsync(other, Request("PUT", $"{Host}/lake/{await FolderAsync(server)}/x"))).RequireError(403, "ForbiddenException");
    }

    private static string Request(string method, string uri, string headers = "{}", string? body = null) =>
        $$"""{"region":"us-east-1","method":"{{method}}","uri":"{{uri}}","headers":{{headers}}{{(body is null ? "" : ",\"body\":" + JsonSerializer.Serialize(body))}}}""";

    private static async Task<string> FolderAsync(CatalogTestServer server)
    {
        using var root = await server.ConnectAsync();
        return (await root.GetAsync(Tables + "/t")).Require(200).GetProperty("metadata").GetProperty("location").GetString()!["s3://lake/".Length..];
    }

    private static async Task<CatalogTestServer> StartAsync()
    {
        var server = await CatalogTestServer.StartAsync(new CatalogOptions { ClientStorage = new ClientStorage { Port = 9000 } });
        await server.Administration.PutPolicyAsync("own", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:*","Resource":"arn:tarn:catalog:::lake/a/t"} }""");
        using var root = await server.ConnectAsync();
        (await root.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        foreach (string table in new[] { "t", "u" })
            (await root.PostAsync(Tables, Bodies.Table(table))).Require(200);
        return server;
    }
}
