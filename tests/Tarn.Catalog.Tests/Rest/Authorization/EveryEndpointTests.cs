using Tarn.Catalog.Rest.Routing;
using Tarn.Catalog.Tests.Rest.Hosting;

namespace Tarn.Catalog.Tests.Rest.Authorization;

/// <summary>Every endpoint of the table of operations, as everybody: who may not, changes and learns nothing.</summary>
public sealed class EveryEndpointTests : CatalogTests
{
    private const string Metrics = """{"report-type":"commit-report","table-name":"t","snapshot-id":1,"sequence-number":1,"operation":"append","metrics":{}}""";
    private const string Rename = """{"source":{"namespace":["a"],"name":"t"},"destination":{"namespace":["a"],"name":"t9"}}""";
    private const string Register = """{"name":"r","metadata-location":"s3://lake/none.json"}""";

    // What each operation is sent; whether reading is enough for it.
    private static readonly Dictionary<string, (bool IsReading, string? Body)> s_calls = new(StringComparer.Ordinal)
    {
        ["getConfig"] = (true, null),
        ["listNamespaces"] = (true, null),
        ["createNamespace"] = (false, """{"namespace":["n"]}"""),
        ["loadNamespaceMetadata"] = (true, null),
        ["namespaceExists"] = (true, null),
        ["dropNamespace"] = (false, null),
        ["updateProperties"] = (false, """{"updates":{"k":"v"}}"""),
        ["listTables"] = (true, null),
        ["createTable"] = (false, Bodies.Table("n")),
        ["loadTable"] = (true, null),
        ["tableExists"] = (true, null),
        ["loadCredentials"] = (true, null),
        ["signRequest"] = (true, """{"region":"us-east-1","method":"GET","uri":"http://127.0.0.1/lake/x","headers":{}}"""),
        ["planTableScan"] = (true, "{}"),
        ["fetchPlanningResult"] = (true, null),
        ["cancelPlanning"] = (true, null),
        ["fetchScanTasks"] = (true, """{"plan-task":"x.1"}"""),
        ["updateTable"] = (false, Bodies.SetProperty("k", "v")),
        ["dropTable"] = (false, null),
        ["unregisterTable"] = (false, ""),
        ["undropTable"] = (false, ""),
        ["registerTable"] = (false, Register),
        ["renameTable"] = (false, Rename),
        ["reportMetrics"] = (true, Metrics),
        ["commitTransaction"] = (false, $$"""{"table-changes":[{"identifier":{"namespace":["a"],"name":"t"},{{Bodies.SetProperty("k", "v")[1..]}}]}"""),
        ["listViews"] = (true, null),
        ["createView"] = (false, Bodies.View("n")),
        ["loadView"] = (true, null),
        ["viewExists"] = (true, null),
        ["replaceView"] = (false, """{"requirements":[],"updates":[{"action":"set-properties","updates":{"k":"v"}}]}"""),
        ["dropView"] = (false, null),
        ["undropView"] = (false, ""),
        ["renameView"] = (false, Rename.Replace("\"t", "\"v", StringComparison.Ordinal)),
        ["registerView"] = (false, Register),
        ["listFunctions"] = (true, null),
        ["loadFunction"] = (true, null),
        ["searchCatalog"] = (true, null),
    };

    [Fact]
    public async Task Endpoints_OfTheTable_AreAllInThisTest()
    {
        var advertised = (await Client.GetAsync("/v1/config")).Require(200).GetProperty("endpoints").EnumerateArray().Select(e => e.GetString()!).ToList();
        Assert.All(s_calls.Keys.Where(k => k != "getConfig"), name => Assert.Contains(Routes().Single(r => r.Name == name).Endpoint, advertised));
        Assert.Empty(Routes().Select(r => r.Name).Except(s_calls.Keys).Except(["getToken"]));
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("diagnostics", 403)]
    [InlineData("readonly", 403)]
    [InlineData("readwrite", 0)]
    [InlineData("admin", 0)]
    public async Task Endpoints_AsEveryRole_AreOpenToWhomPoliciesAllow(string? policy, int refusal)
    {
        (await Client.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("t"))).Require(200);
        (await Client.PostAsync("/v1/lake/namespaces/a/views", Bodies.View("v"))).Require(200);
        long before = (await Server.Catalog.Log.ReadAsync()).Number;
        using var caller = policy is null ? Server.ConnectAnonymously() : await Server.ConnectAsUserAsync("eve", policy);
        foreach (var route in Routes().Where(r => s_calls.ContainsKey(r.Name)))
        {
            var (isReading, body) = s_calls[route.Name];
            string path = route.Path.Replace("{prefix}", "lake", StringComparison.Ordinal).Replace("{namespace}", "a", StringComparison.Ordinal)
                .Replace("{table}", "t", StringComparison.Ordinal).Replace("{view}", "v", StringComparison.Ordinal).Replace("{function}", "f", StringComparison.Ordinal).Replace("{plan-id}", "x", StringComparison.Ordinal).Replace("/search", "/search?q=t", StringComparison.Ordinal);
            var answer = await caller.SendAsync(route.Method, path, body);
            bool isOpen = refusal == 0 || (policy == "readonly" && isReading) || (policy == "diagnostics" && route.Name is "getConfig" or "searchCatalog");
            Assert.True(isOpen ? answer.Status is not (401 or 403) : answer.Status == refusal, $"{route.Name} as {policy ?? "nobody"}: {answer.Status} {answer.Body}");
        }

        if (refusal != 0)
            Assert.Equal(before, (await Server.Catalog.Log.ReadAsync()).Number);
    }

    [Fact]
    public async Task Commits_OfAUser_AreInTheHistoryInItsName()
    {
        using var ada = await Server.ConnectAsUserAsync("ada", "readwrite");
        (await ada.PostAsync("/v1/lake/namespaces", """{"namespace":["b"]}""")).Require(200);
        (await ada.PostAsync("/v1/lake/namespaces/b/tables", Bodies.Table("t"))).Require(200);
        (await ada.PostAsync("/v1/lake/namespaces/b/tables/t", Bodies.SetProperty("k", "v"))).Require(200);
        var principals = new List<string>();
        await foreach (var commit in Server.Catalog.Log.ReadHistoryAsync())
            principals.Add(commit.Principal);
        Assert.Equal(["ada", "ada", "ada"], principals.TakeLast(3));
    }

    // The operations are not called: only their names and paths are read.
    private static IReadOnlyList<Route> Routes() => RouteTable.All(null!);
}
