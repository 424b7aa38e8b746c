using System.Text.Json;
using Tarn.Catalog.Tests.Rest.Hosting;

namespace Tarn.Catalog.Tests.Rest.Namespaces;

public sealed class NamespaceTests : IAsyncLifetime
{
    private CatalogTestServer _server = null!;
    private CatalogTestClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await CatalogTestServer.StartAsync();
        _client = await _server.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Namespace_CreatedLoadedChangedDropped_Works()
    {
        var created = (await _client.PostAsync("/v1/lake/namespaces", """{"namespace":["sales"],"properties":{"owner":"ada","x":"1"}}""")).Require(200);
        Assert.Equal("""{"namespace":["sales"],"properties":{"owner":"ada","x":"1"}}""", created.ToString());
        (await _client.PostAsync("/v1/lake/namespaces", """{"namespace":["sales"]}""")).RequireError(409, "AlreadyExistsException");
        (await _client.HeadAsync("/v1/lake/namespaces/sales")).Require(204);
        var updated = (await _client.PostAsync("/v1/lake/namespaces/sales/properties", """{"removals":["x","never"],"updates":{"owner":"bob"}}""")).Require(200);
        Assert.Equal("""{"updated":["owner"],"removed":["x"],"missing":["never"]}""", updated.ToString());
        Assert.Equal("""{"namespace":["sales"],"properties":{"location":"s3://lake/sales","owner":"bob"}}""", (await _client.GetAsync("/v1/namespaces/sales")).Require(200).ToString());
        (await _client.DeleteAsync("/v1/lake/namespaces/sales")).Require(204);
        (await _client.GetAsync("/v1/lake/namespaces/sales")).RequireError(404, "NoSuchNamespaceException");
        (await _client.DeleteAsync("/v1/lake/namespaces/sales")).RequireError(404, "NoSuchNamespaceException");
        Assert.Equal(404, (await _client.HeadAsync("/v1/lake/namespaces/sales")).Status);
    }

    [Theory]
    [InlineData("""["system"]""")]
    [InlineData("""["System"]""")]
    public async Task Create_OfTheNameThatIsReserved_IsRefused(string name)
    {
        var refused = await _client.PostAsync("/v1/lake/namespaces", $$"""{"namespace":{{name}}}""");
        refused.RequireError(400, "BadRequestException");
        Assert.Contains("'system' is reserved", refused.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["."]""")]
    [InlineData("""[".."]""")]
    [InlineData("""["a",".."]""")]
    public async Task Create_OfAStepInAPath_IsRefused(string name)
    {
        await CreateAsync("a");
        var refused = await _client.PostAsync("/v1/lake/namespaces", $$"""{"namespace":{{name}}}""");
        refused.RequireError(400, "BadRequestException");
        Assert.Contains(".' is a step in a path", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("Choose another name", refused.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpdateProperties_SameKeyInBothLists_IsUnprocessable()
    {
        await CreateAsync("a");
        (await _client.PostAsync("/v1/namespaces/a/properties", """{"removals":["k"],"updates":{"k":"v"}}""")).RequireError(422, "UnprocessableEntityException");
        (await _client.PostAsync("/v1/namespaces/b/properties", """{"updates":{"k":"v"}}""")).RequireError(404, "NoSuchNamespaceException");
    }

    [Fact]
    public async Task Namespaces_Nested_AreListedBelowTheirParentByEitherSeparator()
    {
        await CreateAsync("a");
        await CreateAsync("a", "b.c");
        await CreateAsync("a", "b.c", "d/e +%");
        Assert.Equal([["a"]], await ListAsync("/v1/lake/namespaces"));
        Assert.Equal([["a"]], await ListAsync("/v1/lake/namespaces?parent="));
        Assert.Equal([["a", "b.c"]], await ListAsync("/v1/lake/namespaces?parent=a"));
        Assert.Equal([["a", "b.c", "d/e +%"]], await ListAsync("/v1/lake/namespaces?parent=a%1Fb.c"));
        Assert.Equal([["a", "b.c", "d/e +%"]], await ListAsync("/v1/lake/namespaces?parent=a%2Eb.c"));
        foreach (string path in new[] { "a%1Fb.c%1Fd%2Fe+%2B%25", "a%1fb.c%1fd%2Fe%20%2B%25", "a%2Eb.c%2Ed%2fe+%2b%25" })
            (await _client.HeadAsync("/v1/lake/namespaces/" + path)).Require(204);
        (await _client.DeleteAsync("/v1/lake/namespaces/a")).RequireError(409, "NamespaceNotEmptyException");
        (await _client.GetAsync("/v1/lake/namespaces?parent=none")).RequireError(404, "NoSuchNamespaceException");
        (await _client.PostAsync("/v1/lake/namespaces", """{"namespace":["none","child"]}""")).RequireError(404, "NoSuchNamespaceException");
    }

    [Fact]
    public async Task ListNamespaces_InPages_GivesEachOnce()
    {
        string[] names = [.. Enumerable.Range(0, 7).Select(i => $"n{i}")];
        foreach (string name in names)
            await CreateAsync(name);
        var seen = new List<string>();
        string token = "";
        do
        {
            var page = (await _client.GetAsync($"/v1/lake/namespaces?pageSize=3&pageToken={Uri.EscapeDataString(token)}")).Require(200);
            seen.AddRange(page.GetProperty("namespaces").EnumerateArray().Select(n => n[0].GetString()!));
            token = page.TryGetProperty("next-page-token", out var next) ? next.GetString()! : "";
        }
        while (token.Length > 0);
        Assert.Equal(names, seen);
        foreach (string size in new[] { "0", "-1", "x" })
            (await _client.GetAsync("/v1/lake/namespaces?pageSize=" + size)).RequireError(400, "BadRequestException");
    }

    [Theory]
    [InlineData("""{"namespace":[]}""")]
    [InlineData("""{"namespace":[""]}""")]
    [InlineData("""{"namespace":"a"}""")]
    [InlineData("""{"namespace":[1]}""")]
    [InlineData("""{"namespace":["a"],"properties":{"k":1}}""")]
    [InlineData("""{"namespace":["a"],"namespace":["b"]}""")]
    [InlineData("""{"properties":{}}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public async Task CreateNamespace_WrongBody_IsABadRequest(string body) => (await _client.PostAsync("/v1/namespaces", body)).RequireError(400, "BadRequestException");

    [Theory]
    [InlineData("/v1/lake/namespaces/a%zz", 400, "BadRequestException")]
    [InlineData("/v1/lake/namespaces/a%1F", 400, "BadRequestException")]
    [InlineData("/v1/lake/namespaces/%FF", 400, "BadRequestException")]
    [InlineData("/v1/other/namespaces/a", 404, "NoSuchWarehouseException")]
    [InlineData("/v1/config?warehouse=other", 404, "NoSuchWarehouseException")]
    [InlineData("/v1/lake/nothing/a", 404, "NotFoundException")]
    [InlineData("/", 404, "NotFoundException")]
    [InlineData("/v1/lake/namespaces/a/properties", 405, "BadRequestException")]
    public async Task Requests_ToWrongPaths_AreRefused(string path, int status, string type) => (await _client.GetAsync(path)).RequireError(status, type);

    [Fact]
    public async Task CreateNamespace_WithALocationOutsideOfTheLake_IsForbidden()
    {
        (await _client.PostAsync("/v1/namespaces", """{"namespace":["a"],"properties":{"location":"s3://elsewhere/a"}}""")).RequireError(403, "ForbiddenException");
        (await _client.PostAsync("/v1/namespaces", """{"namespace":["a"],"properties":{"location":"s3://lake/../x"}}""")).RequireError(403, "ForbiddenException");
        (await _client.PostAsync("/v1/namespaces", """{"namespace":["a"],"properties":{"location":"s3a://lake/x/"}}""")).Require(200);
        (await _client.PostAsync("/v1/namespaces/a/properties", """{"updates":{"location":"s3://lakeside/a"}}""")).RequireError(403, "ForbiddenException");
    }

    /// <summary>Trino makes a table in a folder of its own below the location of the namespace, and only when that folder is empty before the commit.</summary>
    [Theory]
    [InlineData("""{"namespace":["a"]}""", "a", "s3://lake/a")]
    [InlineData("""{"namespace":["a"],"properties":{"location":"s3://lake/elsewhere"}}""", "a", "s3://lake/elsewhere")]
    [InlineData("""{"namespace":["a b/c"]}""", "a%20b%2Fc", null)]
    public async Task LoadNamespaceMetadata_TellsWhereTablesGo_AndTheirCreatorsMayNameFoldersThere(string body, string name, string? expected)
    {
        (await _client.PostAsync("/v1/lake/namespaces", body)).Require(200);
        using var ada = await _server.ConnectAsUserAsync("ada", "readwrite");
        string location = (await ada.GetAsync($"/v1/lake/namespaces/{name}")).Require(200).GetProperty("properties").GetProperty("location").GetString()!;
        Assert.Equal(expected ?? location, location);
        Assert.StartsWith("s3://lake/", location, StringComparison.Ordinal);
        string folder = $"{location}/orders-0123456789abcdef0123456789abcdef";
        var staged = (await ada.PostAsync($"/v1/lake/namespaces/{name}/tables", Bodies.Table("orders", $$""","stage-create":true,"location":"{{folder}}" """))).Require(200);
        Assert.Equal(folder, staged.GetProperty("metadata").GetProperty("location").GetString());
        await foreach (var found in _server.Store.ListAsync(folder + "/"))
            Assert.Fail($"{found.Location} lies in the folder before anything is committed.");
    }

    private async Task CreateAsync(params string[] levels) =>
        (await _client.PostAsync("/v1/lake/namespaces", JsonSerializer.Serialize(new Dictionary<string, string[]> { ["namespace"] = levels }))).Require(200);

    private async Task<string[][]> ListAsync(string path) => JsonSerializer.Deserialize<string[][]>((await _client.GetAsync(path)).Require(200).GetProperty("namespaces"))!;
}
