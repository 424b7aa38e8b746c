using Tarn.Catalog.Tests.Rest.Hosting;

namespace Tarn.Catalog.Tests.Rest.Searching;

public sealed class SearchCatalogTests : Hosting.CatalogTests
{
    [Fact]
    public async Task Search_NamesColumnsTagsDescriptions_AnswersTheBestFirst()
    {
        await CreateAsync("orders", """,{"comment":"what was sold","tarn.tag.keep":"7y"}""");
        await CreateAsync("returns", """,{"comment":"orders that came back","tarn.column-tag.2.pii":""}""");
        (await Client.PostAsync("/v1/lake/namespaces/a/views", Bodies.View("top_orders"))).Require(200);
        var matches = (await Client.GetAsync("/v1/lake/tarn/search?q=ORDERS")).Require(200).GetProperty("matches");
        Assert.Equal(["table orders name", "view top_orders name", "table returns description"], matches.EnumerateArray().Select(m => $"{m.GetProperty("kind")} {m.GetProperty("name")} {m.GetProperty("found-in")}"));
        Assert.Equal("""{"keep":"7y"}""", matches[0].GetProperty("tags").ToString());
        Assert.Equal("what was sold", matches[0].GetProperty("description").GetString());
        Assert.Equal("column name tag pii", (await Client.GetAsync("/v1/tarn/search?q=returns+pii")).Require(200).GetProperty("matches")[0].GetProperty("found-in").GetString()!.Split(", ")[1]);
        var cut = (await Client.GetAsync("/v1/lake/tarn/search?q=orders&limit=1")).Require(200);
        Assert.True(cut.GetProperty("is-truncated").GetBoolean() && cut.GetProperty("matches").GetArrayLength() == 1);
    }

    [Fact]
    public async Task Search_WithARightOnOneTable_FindsThatTableOnly()
    {
        await CreateAsync("orders", "");
        await CreateAsync("orders_secret", "");
        await Server.Access.Administration.PutPolicyAsync("one", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:GetTable","Resource":"arn:tarn:catalog:::lake/a/orders"} }""");
        using var eve = await Server.ConnectAsUserAsync("eve", "one");
        Assert.Equal("orders", Assert.Single((await eve.GetAsync("/v1/lake/tarn/search?q=orders")).Require(200).GetProperty("matches").EnumerateArray()).GetProperty("name").GetString());
        using var nobody = Server.ConnectAnonymously();
        (await nobody.GetAsync("/v1/lake/tarn/search?q=orders")).RequireError(401, "NotAuthorizedException");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=")]
    [InlineData("?q=%20")]
    [InlineData("?q=a&limit=0")]
    [InlineData("?q=a&limit=1001")]
    [InlineData("?q=a&limit=x")]
    public async Task Search_WithoutWordsOrWithAWrongLimit_IsABadRequest(string query) => (await Client.GetAsync("/v1/lake/tarn/search" + query)).RequireError(400, "BadRequestException");

    private async Task CreateAsync(string name, string properties) =>
        (await Client.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table(name, properties.Length == 0 ? "" : ",\"properties\":" + properties[1..]))).Require(200);
}
