using Tarn.Catalog.Tests.Rest.Hosting;

namespace Tarn.Catalog.Tests.Rest.Views;

public sealed class ViewTests : CatalogTests
{
    private const string Views = "/v1/lake/namespaces/a/views";

    [Fact]
    public async Task View_CreatedReplacedRenamedDropped_Works()
    {
        var created = (await Client.PostAsync(Views, Bodies.View("v"))).Require(200);
        string uuid = created.GetProperty("metadata").GetProperty("view-uuid").GetString()!;
        (await Client.PostAsync(Views, Bodies.View("v"))).RequireError(409, "AlreadyExistsException");
        (await Client.HeadAsync(Views + "/v")).Require(204);
        string replace = $$"""
            {"requirements":[{"type":"assert-view-uuid","uuid":"{{uuid}}"}],"updates":[{"action":"add-view-version","view-version":{"version-id":2,"schema-id":0,
            "timestamp-ms":2,"summary":{},"default-namespace":["a"],"representations":[{"type":"sql","sql":"SELECT 2","dialect":"spark"}]} },
            {"action":"set-current-view-version","view-version-id":-1}]}
            """;
        Assert.Equal(2, (await Client.PostAsync(Views + "/v", replace)).Require(200).GetProperty("metadata").GetProperty("current-version-id").GetInt32());
        (await Client.PostAsync(Views + "/v", replace.Replace(uuid, Guid.NewGuid().ToString(), StringComparison.Ordinal))).RequireError(409, "CommitFailedException");
        (await Client.PostAsync(Views + "/none", replace)).RequireError(404, "NoSuchViewException");
        (await Client.PostAsync("/v1/lake/views/rename", """{"source":{"namespace":["a"],"name":"v"},"destination":{"namespace":["a"],"name":"w"}}""")).Require(204);
        Assert.Equal("""[{"namespace":["a"],"name":"w"}]""", (await Client.GetAsync(Views)).Require(200).GetProperty("identifiers").ToString());
        string location = (await Client.GetAsync(Views + "/w")).Require(200).GetProperty("metadata-location").GetString()!;
        (await Client.DeleteAsync(Views + "/w")).Require(204);
        (await Client.DeleteAsync(Views + "/w")).RequireError(404, "NoSuchViewException");
        var registered = (await Client.PostAsync("/v1/lake/namespaces/a/register-view", $$"""{"name":"x","metadata-location":"{{location}}"}""")).Require(200);
        Assert.Equal(uuid, registered.GetProperty("metadata").GetProperty("view-uuid").GetString());
    }

    [Fact]
    public async Task ReplaceView_WithoutADialectItHas_IsRefusedUnlessThePropertyAllowsIt()
    {
        (await Client.PostAsync(Views, Bodies.View("v"))).Require(200);
        string Replace(string representations, string updates = "") => $$"""
            {"updates":[{{updates}}{"action":"add-view-version","view-version":{"version-id":2,"schema-id":0,"timestamp-ms":2,"summary":{},"default-namespace":["a"],
            "representations":[{{representations}}]} },{"action":"set-current-view-version","view-version-id":-1}]}
            """;
        const string tarn = """{"type":"sql","sql":"SELECT 2","dialect":"tarn"}""";
        var lost = await Client.PostAsync(Views + "/v", Replace(tarn));
        lost.RequireError(400, "BadRequestException");
        Assert.Contains("'spark'", lost.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("'replace.drop-dialect.allowed'", lost.ErrorMessage, StringComparison.Ordinal);
        (await Client.PostAsync(Views + "/v", Replace(""))).RequireError(400, "BadRequestException");
        (await Client.PostAsync(Views + "/v", Replace(tarn + """,{"type":"sql","sql":"SELECT 2","dialect":"SPARK"}"""))).Require(200);
        const string allowed = """{"action":"set-properties","updates":{"replace.drop-dialect.allowed":"true"}},""";
        (await Client.PostAsync(Views + "/v", Replace(tarn, allowed))).Require(200);
    }

    [Fact]
    public async Task ReplaceView_ByManyClientsAtOnce_AppliesAll()
    {
        const int Clients = 40;
        (await Client.PostAsync(Views, Bodies.View("v"))).Require(200);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number => (await Client.PostAsync(Views + "/v", Bodies.SetProperty($"p{number}", ""))).Require(200)));

        var properties = (await Client.GetAsync(Views + "/v")).Require(200).GetProperty("metadata").GetProperty("properties");
        Assert.All(Enumerable.Range(0, Clients), number => Assert.True(properties.TryGetProperty($"p{number}", out _), $"p{number} is lost"));
    }

    [Fact]
    public async Task Names_OfTablesAndViews_AreOneSpace()
    {
        (await Client.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("t"))).Require(200);
        (await Client.PostAsync(Views, Bodies.View("v"))).Require(200);
        var view = await Client.PostAsync(Views, Bodies.View("t"));
        view.RequireError(409, "AlreadyExistsException");
        Assert.Equal("Table with same name already exists: a.t", view.ErrorMessage);
        var table = await Client.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("v"));
        table.RequireError(409, "AlreadyExistsException");
        Assert.Equal("View with same name already exists: a.v", table.ErrorMessage);
        (await Client.GetAsync("/v1/lake/namespaces/a/tables/v")).RequireError(404, "NoSuchTableException");
        (await Client.GetAsync(Views + "/t")).RequireError(404, "NoSuchViewException");
    }

    [Fact]
    public async Task CreateView_TwoQueriesForOneDialect_IsRefusedByName()
    {
        var answer = await Client.PostAsync(Views, Bodies.View("v", """,{"type":"sql","sql":"SELECT 2","dialect":"SPARK"}"""));
        answer.RequireError(400, "IllegalArgumentException");
        Assert.Equal("Invalid view version: Cannot add multiple queries for dialect spark", answer.ErrorMessage);
    }

    [Fact]
    public async Task Functions_OfANamespace_AreNone()
    {
        Assert.Equal("""{"identifiers":[]}""", (await Client.GetAsync("/v1/lake/namespaces/a/functions")).Require(200).ToString());
        (await Client.GetAsync("/v1/lake/namespaces/a/functions/f")).RequireError(404, "NoSuchFunctionException");
        (await Client.GetAsync("/v1/lake/namespaces/none/functions")).RequireError(404, "NoSuchNamespaceException");
    }
}
