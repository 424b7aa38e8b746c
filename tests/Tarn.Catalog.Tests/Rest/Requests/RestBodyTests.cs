using Tarn.Catalog.Tests.Rest.Hosting;

namespace Tarn.Catalog.Tests.Rest.Requests;

public sealed class RestBodyTests : CatalogTests
{
    [Theory]
    [InlineData("/v1/lake/namespaces", """{"namespace":["\ud800"]}""", "namespace[0]")]
    [InlineData("/v1/lake/namespaces", """{"namespace":["b"],"properties":{"\udc00":"v"}}""", "properties")]
    [InlineData("/v1/lake/namespaces/a/properties", """{"updates":{"k":"\ud800"}}""", "updates.k")]
    [InlineData("/v1/lake/namespaces/a/properties", """{"removals":["x","\uD800"]}""", "removals[1]")]
    [InlineData("/v1/lake/namespaces/a/tables", """{"name":"\ud800\ud800"}""", "name")]
    [InlineData("/v1/lake/tables/rename", """{"source":{"namespace":["a"],"name":"\ud800"},"destination":{"namespace":["a"],"name":"y"}}""", "source.name")]
    [InlineData("/v1/lake/transactions/commit", """{"table-changes":[{"identifier":{"namespace":["a"],"name":"\ud800"},"requirements":[],"updates":[]}]}""", "table-changes[0].identifier.name")]
    [InlineData("/v1/lake/namespaces/a/register", """{"name":"r","metadata-location":"\ud800"}""", "metadata-location")]
    public async Task Requests_WithHalfASurrogatePair_AreRefusedWithTheirPlace(string path, string body, string place)
    {
        var answer = await Client.PostAsync(path, body);
        answer.RequireError(400, "BadRequestException");
        Assert.Contains($", in {place}: half of a surrogate pair", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "line 1, byte 2: it ends before it is whole.")]
    [InlineData("{\n\"namespace\": x}", "line 2, byte 14, in namespace: 'x' is not expected here.")]
    [InlineData("{\"namespace\":[],\"namespace\":[]}", "line 1, byte 17: 'namespace' stands twice in one object.")]
    public async Task Requests_WithBadJson_AreToldWhatAndWhere(string body, string expected)
    {
        var answer = await Client.PostAsync("/v1/lake/namespaces", body);
        answer.RequireError(400, "BadRequestException");
        Assert.Equal("The request body is not JSON: " + expected, answer.ErrorMessage);
    }
}
