using System.Text;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Core.Storage;

namespace Tarn.Catalog.Tests.Rest.Authorization;

/// <summary>Every way in which a request names a place, with places that no client may name and with the folder of somebody else's table.</summary>
public sealed class LocationTests : CatalogTests
{
    private const string Namespaces = "/v1/lake/namespaces", Tables = Namespaces + "/a/tables", Views = Namespaces + "/a/views";

    public static TheoryData<string, string, string> Requests => new()
    {
        { "POST", Namespaces, """{"namespace":["n"],"properties":{"table-default.write.data.path":"LOCATION"}}""" },
        { "POST", Namespaces + "/a/properties", """{"updates":{"table-override.write.metadata.path":"LOCATION"}}""" },
        { "POST", Tables, Bodies.Table("n", ""","location":"LOCATION" """) },
        { "POST", Tables, Bodies.Table("n", ""","location":"LOCATION","stage-create":true""") },
        { "POST", Tables, Bodies.Table("n", ""","properties":{"write.data.path":"LOCATION"}""") },
        { "POST", Tables, Bodies.Table("n", ""","properties":{"write.metadata.path":"LOCATION"},"stage-create":true""") },
        { "POST", Tables + "/t", """{"requirements":[],"updates":[{"action":"set-location","location":"LOCATION"}]}""" },
        { "POST", Tables + "/t", Bodies.SetProperty("write.folder-storage.path", "LOCATION") },
        { "POST", Tables + "/t", Bodies.Append(1, 1, null, "LOCATION/x.avro") },
        { "POST", "/v1/lake/transactions/commit", $$"""{"table-changes":[{"identifier":{"namespace":["a"],"name":"t"},{{Bodies.SetProperty("write.object-storage.path", "LOCATION")[1..]}}]}""" },
        { "POST", Namespaces + "/a/register", """{"name":"n","metadata-location":"CONTENT"}""" },
        { "POST", Namespaces + "/a/register", """{"name":"t","metadata-location":"CONTENT","overwrite":true}""" },
        { "POST", Namespaces + "/a/register", """{"name":"n","metadata-location":"LOCATION/metadata/x.metadata.json"}""" },
        { "POST", Namespaces + "/a/register-view", """{"name":"n","metadata-location":"LOCATION/metadata/x.metadata.json"}""" },
        { "POST", Views, Bodies.View("n").Replace("\"properties\":{}", "\"properties\":{},\"location\":\"LOCATION\"", StringComparison.Ordinal) },
        { "POST", Views, Bodies.View("n").Replace("\"properties\":{}", "\"properties\":{\"write.metadata.path\":\"LOCATION\"}", StringComparison.Ordinal) },
        { "POST", Views + "/v", """{"requirements":[],"updates":[{"action":"set-location","location":"LOCATION"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Requests_ThatNameAPlaceElsewhere_AreForbidden(string method, string path, string body)
    {
        await PrepareAsync();
        long before = (await Server.Catalog.Log.ReadAsync()).Number;
        foreach (string location in new[] { "s3://elsewhere/t", "file:///etc", "s3://lake/../x" })
        {
            var refusal = await Client.SendAsync(method, path, await FillAsync(body, location));
            refusal.RequireError(403, "ForbiddenException");
            Assert.Contains("not below an allowed location", refusal.ErrorMessage, StringComparison.Ordinal);
        }

        Assert.Equal(before, (await Server.Catalog.Log.ReadAsync()).Number);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Requests_ThatNameTheFolderOfAnotherTable_AreForbiddenToWhoMayNotHaveIt(string method, string path, string body)
    {
        await PrepareAsync();
        (await Client.PostAsync(Namespaces, """{"namespace":["b"]}""")).Require(200);
        string other = (await Client.PostAsync(Namespaces + "/b/tables", Bodies.Table("other"))).Require(200).GetProperty("metadata").GetProperty("location").GetString()!;
        await Server.Administration.PutPolicyAsync("own", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:*","Resource":["arn:tarn:catalog:::lake/a*","arn:tarn:catalog:::lake/n"]} }""");
        using var thief = await Server.ConnectAsUserAsync("thief", "own");
        long before = (await Server.Catalog.Log.ReadAsync()).Number;
        foreach (string location in new[] { other, other + "/data" })
            (await thief.SendAsync(method, path, await FillAsync(body, location))).RequireError(403, "ForbiddenException");
        Assert.Equal(before, (await Server.Catalog.Log.ReadAsync()).Number);
    }

    [Theory]
    [InlineData("", """{"namespace":["n"],"properties":{"location":"LOCATION"}}""")]
    [InlineData("/a/properties", """{"updates":{"location":"LOCATION"}}""")]
    public async Task Namespaces_Elsewhere_AreForbidden(string path, string body) =>
        (await Client.PostAsync(Namespaces + path, body.Replace("LOCATION", "s3://elsewhere/n", StringComparison.Ordinal))).RequireError(403, "ForbiddenException");

    private async Task PrepareAsync()
    {
        (await Client.PostAsync(Tables, Bodies.Table("t"))).Require(200);
        (await Client.PostAsync(Views, Bodies.View("v"))).Require(200);
    }

    // CONTENT is a metadata file at an allowed place that names the location.
    private async Task<string> FillAsync(string body, string location)
    {
        if (!body.Contains("CONTENT", StringComparison.Ordinal))
            return body.Replace("LOCATION", location, StringComparison.Ordinal);
        var metadata = (await Client.GetAsync(Tables + "/t")).Require(200).GetProperty("metadata");
        string text = metadata.GetRawText().Replace(metadata.GetProperty("location").GetString()!, location, StringComparison.Ordinal);
        string file = $"s3://lake/a/registered/metadata/{Guid.NewGuid()}.metadata.json";
        await Server.Store.PutAsync(file, Encoding.UTF8.GetBytes(text), PutCondition.IfAbsent);
        return body.Replace("CONTENT", file, StringComparison.Ordinal);
    }
}
