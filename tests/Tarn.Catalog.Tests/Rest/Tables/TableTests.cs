using System.Text;
using System.Text.Json;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;

namespace Tarn.Catalog.Tests.Rest.Tables;

public sealed class TableTests : CatalogTests
{
    private const string Tables = "/v1/lake/namespaces/a/tables", Dropped = "/v1/lake/tarn/namespaces/a";

    /// <summary>Defaults and overrides of a namespace are in tables made at once, and in those that were staged and made by a commit.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CreateTable_NamespaceHasDefaultsAndOverrides_TheTableHasThem(bool isStaged)
    {
        (await Client.PostAsync("/v1/lake/namespaces", """{"namespace":["d"],"properties":{"table-default.a":"default","table-default.b":"default","table-override.c":"override","table-default.format-version":"3"}}""")).Require(200);
        const string properties = """
            "properties":{"a":"named","c":"named"}
            """;
        string tables = "/v1/lake/namespaces/d/tables";
        var first = (await Client.PostAsync(tables, Bodies.Table("t", $",{properties}{(isStaged ? ",\"stage-create\":true" : "")}"))).Require(200).GetProperty("metadata");
        // Whoever stages a table writes its files before the commit, and must know how.
        var told = first.GetProperty("properties");
        Assert.Equal(("named", "default", "override"), (told.GetProperty("a").GetString(), told.GetProperty("b").GetString(), told.GetProperty("c").GetString()));
        Assert.False(told.TryGetProperty("format-version", out _));
        Assert.Equal(3, first.GetProperty("format-version").GetInt32());
        if (isStaged)
        {
            var metadata = (await Client.PostAsync(tables, Bodies.Table("t", ",\"stage-create\":true"))).Require(200).GetProperty("metadata");
            string schema = metadata.GetProperty("schemas")[0].GetRawText(), location = metadata.GetProperty("location").GetString()!;
            (await Client.PostAsync(tables + "/t", $$"""
                {"requirements":[{"type":"assert-create"}],"updates":[{"action":"assign-uuid","uuid":"{{Guid.NewGuid()}}"},{"action":"upgrade-format-version","format-version":2},
                {"action":"add-schema","schema":{{schema}},"last-column-id":99},{"action":"set-current-schema","schema-id":-1},{"action":"add-spec","spec":{"spec-id":0,"fields":[]} },
                {"action":"set-default-spec","spec-id":-1},{"action":"add-sort-order","sort-order":{"order-id":0,"fields":[]} },{"action":"set-default-sort-order","sort-order-id":-1},
                {"action":"set-location","location":"{{location}}"},{"action":"set-properties","updates":{"a":"named","c":"named"} }]}
                """)).Require(200);
        }

        var made = (await Client.GetAsync(tables + "/t")).Require(200).GetProperty("metadata").GetProperty("properties");
        Assert.Equal(("named", "default", "override"), (made.GetProperty("a").GetString(), made.GetProperty("b").GetString(), made.GetProperty("c").GetString()));
    }

    /// <summary>Staging takes the rights of creating and tells as much: what has the name, and whether it is a view, only to who may see it.</summary>
    [Fact]
    public async Task CreateTable_ByWhoMayOnlyCreate_IsStagedLikeItIsMade()
    {
        (await Client.PostAsync(Tables, Bodies.Table("t"))).Require(200);
        (await Client.PostAsync("/v1/lake/namespaces/a/views", Bodies.View("v"))).Require(200);
        await Server.Administration.PutPolicyAsync("create", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["catalog:CreateTable","catalog:ReadData","catalog:WriteData"],"Resource":"*"} }""");
        using var maker = await Server.ConnectAsUserAsync("maker", "create");
        foreach (string more in new[] { "", ""","stage-create":true""" })
        {
            Assert.Equal("Table already exists: a.t", RequireTaken(await maker.PostAsync(Tables, Bodies.Table("t", more))));
            Assert.Equal("Table already exists: a.v", RequireTaken(await maker.PostAsync(Tables, Bodies.Table("v", more))));
            (await maker.PostAsync("/v1/lake/namespaces/gone/tables", Bodies.Table("n", more))).RequireError(404, "NoSuchNamespaceException");
        }

        string location = (await maker.PostAsync(Tables, Bodies.Table("n", ""","stage-create":true"""))).Require(200).GetProperty("metadata").GetProperty("location").GetString()!;
        (await maker.GetAsync($"{Tables}/n/credentials?location={Uri.EscapeDataString(location)}")).Require(200);
        (await maker.GetAsync($"{Tables}/t/credentials?location={Uri.EscapeDataString(location)}")).RequireError(403, "ForbiddenException");
        (await maker.PostAsync(Tables, Bodies.Table("n"))).Require(200);

        static string RequireTaken(CatalogTestAnswer answer)
        {
            answer.RequireError(409, "AlreadyExistsException");
            return answer.ErrorMessage!;
        }
    }

    /// <summary>Whoever names no place is told what to do, and not that it is forbidden.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(""","stage-create":true""")]
    public async Task CreateTable_WhereTheCatalogsOwnPlaceCannotBeHad_SaysTheWayOut(string more)
    {
        (await Client.PostAsync(Tables, Bodies.Table("t"))).Require(200);
        // As versions that allowed it have left it.
        var roof = (await Server.Catalog.LoadTableAsync(TableIdentifier.Of("a", "t")))!;
        string location = "s3://lake/a/metadata/00000-roof.metadata.json";
        await Server.Store.PutAsync(location, Tarn.Iceberg.Serialization.Json.TableMetadataJson.Write(roof.Metadata with { Location = "s3://lake/a" }));
        await Server.Catalog.Log.AppendAsync(new CommitRequest("old", [], [new CatalogChange.PutTable(roof.Identifier, roof.Metadata.TableUuid, location)]));
        var refusal = await Client.PostAsync(Tables, Bodies.Table("n", more));
        refusal.RequireError(400, "BadRequestException");
        Assert.Contains("give the namespace another one (its property 'location')", refusal.ErrorMessage, StringComparison.Ordinal);
    }

    /// <summary>Where the server looked for a file is for its log.</summary>
    [Fact]
    public async Task LoadTable_WhoseMetadataFileIsGone_NamesItsLocationAlone()
    {
        var made = (await Client.PostAsync(Tables, Bodies.Table("lost"))).Require(200);
        string location = made.GetProperty("metadata-location").GetString()!;
        // Another process, which has not read the file yet.
        await using var other = await CatalogTestServer.StartAsync(beside: Server);
        await Server.Store.DeleteAsync(location);
        using var client = await other.ConnectAsync();
        var refusal = await client.GetAsync(Tables + "/lost");
        refusal.RequireError(404, "NotFoundException");
        Assert.Contains(location, refusal.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Folder, refusal.ErrorMessage, StringComparison.Ordinal);
    }

    /// <summary>Clients delete the files of a commit that is refused; one that was made on a branch may have been merged since.</summary>
    [Theory]
    [InlineData("/v1/lake%40gone/namespaces/a/tables/t", 500, "CommitStateUnknownException")]
    [InlineData("/v1/iceberg@gone/namespaces/a/tables/t", 500, "CommitStateUnknownException")]
    [InlineData("/v1/lake@gone/transactions/commit", 500, "CommitStateUnknownException")]
    [InlineData("/v1/lake@gone/namespaces/a/tables", 404, "NoSuchWarehouseException")]
    [InlineData("/v1/gone/namespaces/a/tables/t", 404, "NoSuchWarehouseException")]
    [InlineData("/v1/lake@never/namespaces/a/tables/t", 404, "NoSuchWarehouseException")]
    [InlineData("/v1/gone@gone/namespaces/a/tables/t", 404, "NoSuchWarehouseException")]
    [InlineData("/v1/lake@no%20name/transactions/commit", 404, "NoSuchWarehouseException")]
    public async Task Commit_ToABranchThatIsGone_IsUnknownIfThereWasOne(string path, int status, string type)
    {
        var at = new CatalogAddress("lake", "gone");
        (await PostAsync()).RequireError(404, "NoSuchWarehouseException");
        await Server.Catalog.Log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.CreateBranch("main")]) { At = at });
        await Server.Catalog.Log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.DeleteBranch(null)]) { At = at });
        (await PostAsync()).RequireError(status, type);

        Task<CatalogTestAnswer> PostAsync() =>
            Client.PostAsync(path, """{"requirements":[],"updates":[]}""", ("Idempotency-Key", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
    }

    [Fact]
    public async Task Undrop_TableAndView_BringsThemBackOrSaysWhyNot()
    {
        string uuid = (await Client.PostAsync(Tables, Bodies.Table("t"))).Require(200).GetProperty("metadata").GetProperty("table-uuid").GetString()!;
        (await Client.PostAsync(Dropped + "/tables/t/undrop", "")).RequireError(404, "NoSuchTableException");
        (await Client.DeleteAsync(Tables + "/t?purgeRequested=true")).Require(204);
        (await Client.PostAsync(Dropped + "/tables/t/undrop", "", ("Idempotency-Key", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"))).Require(204);
        (await Client.PostAsync(Dropped + "/tables/t/undrop", "", ("Idempotency-Key", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"))).Require(204);
        Assert.Equal(uuid, (await Client.GetAsync(Tables + "/t")).Require(200).GetProperty("metadata").GetProperty("table-uuid").GetString());
        (await Client.DeleteAsync(Tables + "/t")).Require(204);
        (await Client.PostAsync(Tables, Bodies.Table("t"))).Require(200);
        (await Client.PostAsync(Dropped + "/tables/t/undrop", "")).RequireError(409, "AlreadyExistsException");
        (await Client.PostAsync(Dropped + "/tables/t/undrop", """{"destination":{"namespace":["none"],"name":"u"}}""")).RequireError(404, "NoSuchNamespaceException");
        (await Client.PostAsync(Dropped + "/tables/t/undrop", """{"destination":{"namespace":["a"],"name":"u"}}""")).Require(204);
        Assert.Equal(uuid, (await Client.GetAsync(Tables + "/u")).Require(200).GetProperty("metadata").GetProperty("table-uuid").GetString());
        (await Client.PostAsync("/v1/lake/namespaces/a/views", Bodies.View("v"))).Require(200);
        (await Client.PostAsync(Dropped + "/views/v/undrop", "")).RequireError(404, "NoSuchViewException");
        (await Client.DeleteAsync("/v1/lake/namespaces/a/views/v")).Require(204);
        (await Client.PostAsync(Dropped + "/views/v/undrop", "")).Require(204);
        (await Client.GetAsync("/v1/lake/namespaces/a/views/v")).Require(200);
    }

    [Fact]
    public async Task Table_CreatedLoadedCommittedDropped_Works()
    {
        var created = (await Client.PostAsync(Tables, Bodies.Table("t"))).Require(200);
        Assert.StartsWith("s3://lake/a/t-", created.GetProperty("metadata").GetProperty("location").GetString(), StringComparison.Ordinal);
        (await Client.PostAsync(Tables, Bodies.Table("t"))).RequireError(409, "AlreadyExistsException");
        (await Client.HeadAsync(Tables + "/t")).Require(204);
        var committed = await Client.PostAsync(Tables + "/t", Bodies.SetProperty("k", "v"));
        Assert.Equal("v", committed.Require(200).GetProperty("metadata").GetProperty("properties").GetProperty("k").GetString());
        var loaded = await Client.GetAsync(Tables + "/t");
        Assert.Equal(committed.Json.GetProperty("metadata-location").GetString(), loaded.Require(200).GetProperty("metadata-location").GetString());
        Assert.Equal(committed.EntityTag, loaded.EntityTag);
        (await Client.DeleteAsync(Tables + "/t?purgeRequested=False")).Require(204);
        (await Client.DeleteAsync(Tables + "/t?purgeRequested=True")).RequireError(404, "NoSuchTableException");
        (await Client.GetAsync(Tables + "/t")).RequireError(404, "NoSuchTableException");
        (await Client.PostAsync(Tables + "/t", Bodies.SetProperty("k", "v"))).RequireError(404, "NoSuchTableException");
        (await Client.PostAsync("/v1/lake/namespaces/none/tables", Bodies.Table("t"))).RequireError(404, "NoSuchNamespaceException");
    }

    [Fact]
    public async Task LoadTable_WithTheTagOfBefore_IsNotModifiedUntilItChanges()
    {
        string tag = (await Client.PostAsync(Tables, Bodies.Table("t"))).EntityTag!;
        foreach (string form in new[] { tag, tag.Trim('"'), "W/" + tag, "\"x\", " + tag })
        {
            var same = await Client.GetAsync(Tables + "/t", ("If-None-Match", form));
            Assert.Equal((304, "", tag), (same.Status, same.Body, same.EntityTag));
        }

        await Client.PostAsync(Tables + "/t", Bodies.SetProperty("k", "v"));
        var changed = await Client.GetAsync(Tables + "/t", ("If-None-Match", tag));
        changed.Require(200);
        Assert.NotEqual(tag, changed.EntityTag);
        Assert.NotEqual(changed.EntityTag, (await Client.GetAsync(Tables + "/t?snapshots=refs")).EntityTag);
    }

    [Fact]
    public async Task LoadTable_WithRefs_ShowsTheSnapshotsOfBranchesAlone()
    {
        await Client.PostAsync(Tables, Bodies.Table("t"));
        (await Client.PostAsync(Tables + "/t", Bodies.Append(11, 1))).Require(200);
        (await Client.PostAsync(Tables + "/t", Bodies.Append(12, 2, 11))).Require(200);
        Assert.Equal("11,12", Snapshots(await Client.GetAsync(Tables + "/t")));
        Assert.Equal("11,12", Snapshots(await Client.GetAsync(Tables + "/t?snapshots=all")));
        Assert.Equal("12", Snapshots(await Client.GetAsync(Tables + "/t?snapshots=refs")));
        (await Client.GetAsync(Tables + "/t?snapshots=some")).RequireError(400, "BadRequestException");
    }

    [Fact]
    public async Task LoadTable_FieldsThatNobodyHereKnows_AreHandedOn()
    {
        var created = (await Client.PostAsync(Tables, Bodies.Table("t"))).Require(200);
        string metadata = "{\"x-future\":{\"a\":[1.50]}," + created.GetProperty("metadata").GetRawText()[1..];
        await Server.Store.PutAsync("s3://lake/a/foreign/metadata/v1.metadata.json", Encoding.UTF8.GetBytes(metadata), PutCondition.IfAbsent);
        (await Client.PostAsync("/v1/lake/namespaces/a/register", """{"name":"f","metadata-location":"s3://lake/a/foreign/metadata/v1.metadata.json"}""")).Require(200);
        Assert.Contains("\"x-future\":{\"a\":[1.50]}", (await Client.GetAsync(Tables + "/f")).Body, StringComparison.Ordinal);
        Assert.Contains("x-future", (await Client.GetAsync(Tables + "/f?snapshots=refs")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StageCreate_ThenCommit_MakesTheTableThen()
    {
        var staged = (await Client.PostAsync(Tables, Bodies.Table("s", ",\"stage-create\":true"))).Require(200);
        Assert.Equal(JsonValueKind.Null, staged.GetProperty("metadata-location").ValueKind);
        Assert.Equal(404, (await Client.HeadAsync(Tables + "/s")).Status);
        string location = staged.GetProperty("metadata").GetProperty("location").GetString()!, uuid = staged.GetProperty("metadata").GetProperty("table-uuid").GetString()!;
        string commit = $$"""
            {"requirements":[{"type":"assert-create"}],"updates":[{"action":"assign-uuid","uuid":"{{uuid}}"},{"action":"upgrade-format-version","format-version":2},
            {"action":"add-schema","schema":{{Bodies.Schema}} },{"action":"add-spec","spec":{"spec-id":0,"fields":[]} },{"action":"set-default-spec","spec-id":-1},
            {"action":"add-sort-order","sort-order":{"order-id":0,"fields":[]} },{"action":"set-default-sort-order","sort-order-id":-1},
            {"action":"set-current-schema","schema-id":-1},{"action":"set-location","location":"{{location}}"}]}
            """;
        Assert.Equal(uuid, (await Client.PostAsync(Tables + "/s", commit)).Require(200).GetProperty("metadata").GetProperty("table-uuid").GetString());
        (await Client.PostAsync(Tables, Bodies.Table("s", ",\"stage-create\":true"))).RequireError(409, "AlreadyExistsException");
    }

    [Fact]
    public async Task Commit_ThatStandsAlready_IsSuccessAgain()
    {
        await Client.PostAsync(Tables, Bodies.Table("t"));
        string append = Bodies.Append(11, 1);
        var first = (await Client.PostAsync(Tables + "/t", append)).Require(200);
        Assert.Equal(first.GetProperty("metadata-location").GetString(), (await Client.PostAsync(Tables + "/t", append)).Require(200).GetProperty("metadata-location").GetString());
        string transaction = $$"""{"table-changes":[{"identifier":{"namespace":["a"],"name":"t"},{{append.Trim()[1..]}}]}""";
        (await Client.PostAsync("/v1/lake/transactions/commit", transaction)).Require(204);
        (await Client.PostAsync(Tables + "/t", Bodies.Append(12, 1))).RequireError(409, "CommitFailedException");
        Assert.Equal("11", Snapshots(await Client.GetAsync(Tables + "/t")));
    }

    [Fact]
    public async Task RenameRegisterUnregister_OfTables_Work()
    {
        await Client.PostAsync(Tables, Bodies.Table("t"));
        await Client.PostAsync(Tables, Bodies.Table("u"));
        (await RenameAsync("t", "u")).RequireError(409, "AlreadyExistsException");
        (await RenameAsync("none", "x")).RequireError(404, "NoSuchTableException");
        (await RenameAsync("t", "x", "none")).RequireError(404, "NoSuchNamespaceException");
        (await RenameAsync("t", "t2")).Require(204);
        var last = (await Client.PostAsync(Tables + "/t2/unregister", "")).Require(200);
        string location = last.GetProperty("metadata-location").GetString()!;
        (await Client.PostAsync(Tables + "/t2", Bodies.SetProperty("k", "v"))).RequireError(404, "NoSuchTableException");
        const string register = "/v1/lake/namespaces/a/register";
        (await Client.PostAsync(register, $$"""{"name":"u","metadata-location":"{{location}}"}""")).RequireError(409, "AlreadyExistsException");
        var registered = (await Client.PostAsync(register, $$"""{"name":"u","metadata-location":"{{location}}","overwrite":true}""")).Require(200);
        Assert.Equal(last.GetProperty("metadata").GetProperty("table-uuid").GetString(), registered.GetProperty("metadata").GetProperty("table-uuid").GetString());
        var missing = await Client.PostAsync(register, """{"name":"w","metadata-location":"s3://lake/none.json"}""");
        missing.RequireError(400, "BadRequestException");
        Assert.Equal("'s3://lake/none.json' cannot be registered: there is no such file. Check the location.", missing.ErrorMessage);
        (await Client.PostAsync("/v1/lake/namespaces/none/register", $$"""{"name":"w","metadata-location":"{{location}}"}""")).RequireError(404, "NoSuchNamespaceException");
    }

    /// <summary>A registration in the place of another table drops that one, with all that a drop asks and leaves.</summary>
    [Fact]
    public async Task Register_InThePlaceOfAnotherTable_IsADropOfThatOne()
    {
        var old = (await Client.PostAsync(Tables, Bodies.Table("t"))).Require(200);
        var other = (await Client.PostAsync(Tables, Bodies.Table("u"))).Require(200);
        string body = $$"""{"name":"t","metadata-location":"{{other.GetProperty("metadata-location").GetString()}}","overwrite":true}""";
        await Server.Catalog.ProtectAsync(["a", "t"], true);
        var refused = await Client.PostAsync("/v1/lake/namespaces/a/register", body);
        refused.RequireError(400, "BadRequestException");
        Assert.Contains("Table 'a.t' is protected and is not dropped", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((await Client.DeleteAsync(Tables + "/t")).ErrorMessage, refused.ErrorMessage);
        (await Client.PostAsync("/v1/lake/namespaces/a/register", body.Replace(other.GetProperty("metadata-location").GetString()!, old.GetProperty("metadata-location").GetString()!, StringComparison.Ordinal))).Require(200);
        await Server.Catalog.ProtectAsync(["a", "t"], false);
        (await Client.PostAsync("/v1/lake/namespaces/a/register", body)).Require(200);
        (await Client.PostAsync(Dropped + "/tables/t/undrop", """{"destination":{"namespace":["a"],"name":"back"}}""")).Require(204);
        var back = (await Client.GetAsync(Tables + "/back")).Require(200);
        Assert.Equal(old.GetProperty("metadata").GetProperty("table-uuid").GetString(), back.GetProperty("metadata").GetProperty("table-uuid").GetString());
    }

    [Theory]
    [InlineData(""","location":"s3://elsewhere/t" """)]
    [InlineData(""","location":"file:///etc" """)]
    [InlineData(""","properties":{"write.metadata.path":"s3://elsewhere"}""")]
    [InlineData(""","properties":{"write.data.path":"s3://lake/../x"}""")]
    public async Task CreateTable_OutsideOfTheAllowedLocations_IsForbidden(string more) =>
        (await Client.PostAsync(Tables, Bodies.Table("t", more))).RequireError(403, "ForbiddenException");

    [Fact]
    public async Task Commit_OutsideOfTheAllowedLocations_IsForbiddenUnlessTheTableIsThere()
    {
        await Client.PostAsync(Tables, Bodies.Table("t"));
        (await Client.PostAsync(Tables + "/t", Bodies.Append(1, 1, null, "s3://elsewhere/x.avro"))).RequireError(403, "ForbiddenException");
        (await Client.PostAsync(Tables + "/t", """{"requirements":[],"updates":[{"action":"set-location","location":"s3://elsewhere/t"}]}""")).RequireError(403, "ForbiddenException");
        string folder = "file://" + Server.Folder + "/outside";
        var metadata = (await Client.GetAsync(Tables + "/t")).Json.GetProperty("metadata");
        string moved = metadata.GetRawText().Replace(metadata.GetProperty("location").GetString()!, folder, StringComparison.Ordinal);
        await Server.Store.PutAsync(folder + "/metadata/v1.metadata.json", Encoding.UTF8.GetBytes(moved), PutCondition.IfAbsent);
        await Server.Catalog.RegisterTableAsync(TableIdentifier.Of("a", "o"), folder + "/metadata/v1.metadata.json");
        (await Client.PostAsync(Tables + "/o", Bodies.Append(1, 1, null, folder + "/metadata/x.avro"))).Require(200);
    }

    [Theory]
    [InlineData("""{"requirements":[],"updates":[{"action":"fly"}]}""")]
    [InlineData("""{"requirements":[{"type":"assert-moon"}],"updates":[]}""")]
    [InlineData("""{"updates":[]}""")]
    [InlineData("""{"requirements":[]}""")]
    [InlineData("""{"requirements":[{"type":"assert-create"},{"type":"assert-current-schema-id","current-schema-id":0}],"updates":[]}""")]
    public async Task Commit_UnknownOrIncomplete_IsABadRequest(string body)
    {
        await Client.PostAsync(Tables, Bodies.Table("t"));
        (await Client.PostAsync(Tables + "/t", body)).RequireError(400, "BadRequestException");
    }

    [Fact]
    public async Task CommitTransaction_OneOfTwoConflicts_ChangesNeither()
    {
        await Client.PostAsync(Tables, Bodies.Table("t"));
        await Client.PostAsync(Tables, Bodies.Table("u"));
        string body = $$"""
            {"table-changes":[{"identifier":{"namespace":["a"],"name":"t"},{{Bodies.SetProperty("k", "v")[1..]}},
            {"identifier":{"namespace":["a"],"name":"u"},{{Bodies.SetProperty("k", "v", """{"type":"assert-current-schema-id","current-schema-id":7}""")[1..]}}]}
            """;
        var conflict = await Client.PostAsync("/v1/lake/transactions/commit", body);
        conflict.RequireError(409, "CommitFailedException");
        Assert.Contains("Table 'a.u' changed", conflict.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("\"k\":\"v\"", (await Client.GetAsync(Tables + "/t")).Body, StringComparison.Ordinal);
        (await Client.PostAsync("/v1/lake/transactions/commit", body.Replace(":7}", ":0}", StringComparison.Ordinal))).Require(204);
        Assert.Contains("\"k\":\"v\"", (await Client.GetAsync(Tables + "/u")).Body, StringComparison.Ordinal);
        (await Client.PostAsync("/v1/lake/transactions/commit", """{"table-changes":[]}""")).RequireError(400, "BadRequestException");
    }

    [Fact]
    public async Task Metrics_OfAnyTable_AreCheckedAndTaken()
    {
        const string commit = """{"report-type":"commit-report","table-name":"t","snapshot-id":1,"sequence-number":1,"operation":"append","metrics":{}}""";
        const string scan = """{"report-type":"scan-report","table-name":"t","snapshot-id":1,"filter":true,"schema-id":0,"projected-field-ids":[],"projected-field-names":[],"metrics":{}}""";
        (await Client.PostAsync(Tables + "/none/metrics", commit)).Require(204);
        (await Client.PostAsync(Tables + "/none/metrics", scan)).Require(204);
        (await Client.PostAsync(Tables + "/none/metrics", commit.Replace("commit-report", "other", StringComparison.Ordinal))).RequireError(400, "BadRequestException");
        (await Client.PostAsync(Tables + "/none/metrics", """{"report-type":"scan-report"}""")).RequireError(400, "BadRequestException");
    }

    private Task<CatalogTestAnswer> RenameAsync(string from, string to, string @namespace = "a") => Client.PostAsync(
        "/v1/lake/tables/rename", $$"""{"source":{"namespace":["a"],"name":"{{from}}"},"destination":{"namespace":["{{@namespace}}"],"name":"{{to}}"} }""");

    private static string Snapshots(CatalogTestAnswer answer) =>
        string.Join(',', answer.Require(200).GetProperty("metadata").GetProperty("snapshots").EnumerateArray().Select(s => s.GetProperty("snapshot-id").GetInt64()));
}
