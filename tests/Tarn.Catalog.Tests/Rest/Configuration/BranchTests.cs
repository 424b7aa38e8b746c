using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Metastore;

namespace Tarn.Catalog.Tests.Rest.Configuration;

/// <summary>A branch is a warehouse of its own to clients: <c>lake@dev</c>.</summary>
public sealed class BranchTests
{
    [Fact]
    public async Task Warehouse_WithBranch_ShowsAndChangesThatBranchOnly()
    {
        await using var server = await CatalogTestServer.StartAsync();
        await server.Catalog.Log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.CreateBranch("main")]) { At = new CatalogAddress("lake", "dev") });
        using var client = await server.ConnectAsync();
        string prefix = (await client.GetAsync("/v1/config?warehouse=lake%40dev")).Require(200).GetProperty("overrides").GetProperty("prefix").GetString()!;
        (await client.PostAsync($"/v1/{prefix}/namespaces", """{"namespace":["sales"],"properties":{}}""")).Require(200);
        (await client.GetAsync($"/v1/{prefix}/namespaces/sales")).Require(200);
        Assert.Equal(404, (await client.GetAsync("/v1/lake/namespaces/sales")).Status);
        Assert.NotEqual(200, (await client.GetAsync("/v1/config?warehouse=lake%40none")).Status);
    }

    [Theory]
    [InlineData("/v1/config", "defaults")]
    [InlineData("/v1/config?warehouse=", "defaults")]
    [InlineData("/v1/config?warehouse=lake", "overrides")]
    public async Task Config_GivesThePrefixAsADefaultWhereNoWarehouseIsNamed_SoThatTheClientsOwnCounts(string path, string part)
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await server.ConnectAsync();
        var config = (await client.GetAsync(path)).Require(200);
        Assert.Equal("lake", config.GetProperty(part).GetProperty("prefix").GetString());
        Assert.False(config.GetProperty(part == "defaults" ? "overrides" : "defaults").TryGetProperty("prefix", out _));
    }

    [Fact]
    public async Task Policy_OfABranch_SaysNothingOfMain()
    {
        await using var server = await CatalogTestServer.StartAsync();
        await server.Catalog.Log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.CreateBranch("main")]) { At = new CatalogAddress("lake", "dev") });
        await server.Administration.PutPolicyAsync("dev-only", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"catalog:*","Resource":["arn:tarn:catalog:::lake@dev","arn:tarn:catalog:::lake@dev/*"]}]}""");
        using var client = await server.ConnectAsUserAsync("bob", "dev-only");
        (await client.GetAsync("/v1/lake%40dev/namespaces")).Require(200);
        Assert.Equal(403, (await client.GetAsync("/v1/lake/namespaces")).Status);
        Assert.Equal(403, (await client.GetAsync("/v1/iceberg/namespaces")).Status);
        Assert.Equal(403, (await client.GetAsync("/v1/lake%40main/namespaces")).Status);
    }

    [Fact]
    public async Task Register_OfWhatWasDroppedOnABranch_BringsItBackAndNothingElse()
    {
        await using var server = await CatalogTestServer.StartAsync();
        using var client = await server.ConnectAsync();
        (await client.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        string table = (await client.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("t"))).Require(200).GetProperty("metadata-location").GetString()!;
        string view = (await client.PostAsync("/v1/lake/namespaces/a/views", Bodies.View("v"))).Require(200).GetProperty("metadata-location").GetString()!;
        await server.Catalog.Log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.CreateBranch("main")]) { At = new CatalogAddress("lake", "dev") });
        (await client.DeleteAsync("/v1/lake%40dev/namespaces/a/tables/t")).Require(204);
        (await client.DeleteAsync("/v1/lake%40dev/namespaces/a/views/v")).Require(204);
        Assert.Equal(table, (await client.PostAsync("/v1/lake%40dev/namespaces/a/register", $$"""{"name":"t","metadata-location":"{{table}}"}""")).Require(200).GetProperty("metadata-location").GetString());
        Assert.Equal(view, (await client.PostAsync("/v1/lake%40dev/namespaces/a/register-view", $$"""{"name":"v","metadata-location":"{{view}}"}""")).Require(200).GetProperty("metadata-location").GetString());
    }
}
