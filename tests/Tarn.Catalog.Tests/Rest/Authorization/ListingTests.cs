using System.Text.Json;
using Tarn.Catalog.Tests.Rest.Hosting;

namespace Tarn.Catalog.Tests.Rest.Authorization;

/// <summary>Lists hold what the caller may get, on every page, and nothing tells of the rest.</summary>
public sealed class ListingTests : CatalogTests
{
    private const string Policy = """
        {"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Action":"catalog:List*","Resource":"*"},
          {"Effect":"Allow","Action":"catalog:GetNamespace","Resource":"arn:tarn:catalog:::lake/a"},
          {"Effect":"Allow","Action":["catalog:GetTable","catalog:GetView"],"Resource":["arn:tarn:catalog:::lake/a/?2"]}]}
        """;

    [Fact]
    public async Task Lists_OfWhoMayGetSome_HoldThoseAlone()
    {
        (await Client.PostAsync("/v1/lake/namespaces", """{"namespace":["hidden"]}""")).Require(200);
        foreach (string number in new[] { "1", "2", "3" })
        {
            (await Client.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("t" + number))).Require(200);
            (await Client.PostAsync("/v1/lake/namespaces/a/views", Bodies.View("v" + number))).Require(200);
        }

        await Server.Administration.PutPolicyAsync("some", Policy);
        using var some = await Server.ConnectAsUserAsync("some", "some");
        Assert.Equal("""[["a"]]""", (await some.GetAsync("/v1/lake/namespaces")).Require(200).GetProperty("namespaces").GetRawText());
        foreach (string kind in new[] { "tables", "views" })
        {
            Assert.Equal([kind[0] + "2"], Names((await some.GetAsync($"/v1/lake/namespaces/a/{kind}")).Require(200)));
            var page = (await some.GetAsync($"/v1/lake/namespaces/a/{kind}?pageToken=&pageSize=1")).Require(200);
            Assert.Equal([kind[0] + "2"], Names(page));
            Assert.True(!page.TryGetProperty("next-page-token", out var token) || token.ValueKind == JsonValueKind.Null);
            Assert.Equal(3, Names((await Client.GetAsync($"/v1/lake/namespaces/a/{kind}")).Require(200)).Length);
        }

        Assert.Equal(["t2", "v2"], (await some.GetAsync("/v1/lake/tarn/search?q=2")).Require(200).GetProperty("matches").EnumerateArray().Select(m => m.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
    }

    private static string[] Names(JsonElement list) => [.. list.GetProperty("identifiers").EnumerateArray().Select(i => i.GetProperty("name").GetString()!)];
}
