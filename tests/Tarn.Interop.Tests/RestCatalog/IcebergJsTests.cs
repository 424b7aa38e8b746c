using System.Text.Json;
using Tarn.Interop.Tests.ObjectStore;
using Tarn.Interop.Tests.Peers;

namespace Tarn.Interop.Tests.RestCatalog;

/// <summary>npm iceberg-js, unmodified, against the Iceberg REST door of <c>tarn up</c>, and Tarn's SQL on its table in between. It moves no rows.</summary>
public sealed class IcebergJsTests
{
    [Fact]
    public async Task IcebergJs_AndTarnInTurn_WorkOnOneTable()
    {
        if (await PeerCache.NpmAsync("iceberg-js-0.8.1", "iceberg-js@0.8.1") is not { } packages)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        string token = await LogInAsync(server);
        var made = await RunAsync(packages, server, token, "make");
        Assert.Equal("ä", made["created"].GetProperty("properties").GetProperty("owner").GetString());
        Assert.Equal("409 AlreadyExistsException 409", Text(made["again"]));
        Assert.Equal("""[{"namespace":["js","in ner"]}]""", Text(made["children"]));
        Assert.Equal("""{"location":"s3://lake/js","owner":"ä"}""", Text(made["properties"]));
        Assert.Equal("""["1 id long true","2 name string false","3 price decimal(10, 2) false","4 tags list false"]""", Text(made["columns"]));
        Assert.Equal("true", Text(made["same"]));
        Assert.Equal("409 AlreadyExistsException 409", Text(made["taken"]));
        Assert.Equal("""[{"namespace":["js","in ner"],"name":"things"}]""", Text(made["tables"]));
        Assert.Equal("[true,true,false]", Text(made["exists"]));
        Assert.Equal("400 BadRequestException 400", Text(made["update"]));
        await SqlAsync(server, """INSERT INTO js."in ner".things VALUES (1, 'a', 1.5, ['x']), (2, 'b', 2.5, NULL); ALTER TABLE js."in ner".things ADD COLUMN added INTEGER""");
        var looked = await RunAsync(packages, server, token, "look");
        Assert.Equal(("1", "2"), (Text(looked["snapshots"]), Text(looked["records"])));
        Assert.Equal("""["id","name","price","tags","added"]""", Text(looked["columns"]));
        Assert.Equal("404 NoSuchTableException 404", Text(looked["missing"]));
        Assert.Equal("409 NamespaceNotEmptyException 409", Text(looked["full"]));
        Assert.Equal("false", Text(looked["left"]));
    }

    private static async Task<Dictionary<string, JsonElement>> RunAsync(string packages, ObjectStoreServer server, string token, string step) =>
        (await PeerProcess.RunAsync("node", [PeerProcess.Script("rest_iceberg_js.mjs"), packages, server.Catalog + "/", "lake", token, step], []))
        .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
        .ToDictionary(fact => fact.GetProperty("fact").GetString()!, fact => fact.GetProperty("value"));

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    // It knows no OAuth2: whoever uses it brings a token.
    private static async Task<string> LogInAsync(ObjectStoreServer server)
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", ObjectStoreServer.AccessKey), new("client_secret", ObjectStoreServer.Secret)]);
        using var answer = await http.PostAsync($"{server.Catalog}/v1/oauth/tokens", form);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("access_token").GetString()!;
    }

    private static Task<IReadOnlyList<string>> SqlAsync(ObjectStoreServer server, string sql) => PeerProcess.RunAsync(
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tarn.exe" : "tarn"), ["sql", "--data", Path.Join(server.Folder, "data"), sql], []);
}
