using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Iceberg.Lineage;
using Tarn.Iceberg.Serialization.Manifests;

namespace Tarn.Catalog.Tests.Rest.Metrics;

/// <summary>What other engines read and write through the door.</summary>
public sealed class LineageTests : IAsyncLifetime, ILineageLog
{
    private readonly List<LineageEvent> _events = [];
    private CatalogTestServer _server = null!;
    private CatalogTestClient _client = null!;

    long ILineageLog.LostCount => 0;

    void ILineageLog.Record(LineageEvent lineageEvent) => _events.Add(lineageEvent);

    public async Task InitializeAsync()
    {
        _server = await CatalogTestServer.StartAsync(lineage: this);
        _client = await _server.ConnectAsUserAsync("ada", "readwrite");
        (await _client.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        (await _client.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("t"), ("User-Agent", "PyIceberg/0.9.1 (x)"))).Require(200);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Commit_WithASnapshot_IsRecordedWithWhoAndWith()
    {
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t", Bodies.Append(7, 1), ("User-Agent", "PyIceberg/0.9.1 (x)"))).Require(200);
        string spark = Bodies.Append(8, 2, 7).Replace("\"operation\":\"overwrite\"", "\"operation\":\"overwrite\",\"engine-name\":\"spark\",\"engine-version\":\"3.5.3\"", StringComparison.Ordinal);
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t", spark)).Require(200);
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t", Bodies.SetProperty("k", "v"))).Require(200);
        Assert.Equal(
            ["ada PyIceberg/0.9.1 create table lake/a.t ", "ada PyIceberg/0.9.1 overwrite lake/a.t 7", "ada spark 3.5.3 overwrite lake/a.t 8"],
            _events.Select(e => $"{e.Principal} {e.Engine} {e.Operation} {e.Outputs.Single().Name} {e.Outputs.Single().SnapshotId}"));
    }

    [Fact]
    public async Task Commit_ThatIsRefused_IsNotRecorded()
    {
        int before = _events.Count;
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t", Bodies.Append(7, 1, 5))).RequireError(409, "CommitFailedException");
        Assert.Equal(before, _events.Count);
    }

    [Theory]
    [InlineData("7", 7L)]
    [InlineData("-1", null)]
    public async Task ScanReport_OfATable_IsRecordedWithSnapshotAndColumns(string snapshot, long? recorded)
    {
        string report = $$"""
            {"report-type":"scan-report","table-name":"a.t","snapshot-id":{{snapshot}},"filter":true,"schema-id":0,"projected-field-ids":[1,2],"projected-field-names":["id","name"],"metrics":{} }
            """;
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t/metrics", report, ("User-Agent", "Trino"))).Require(204);
        var scan = _events[^1];
        Assert.Equal(("scan", "Trino", "ada"), (scan.Operation, scan.Engine, scan.Principal));
        var input = Assert.Single(scan.Inputs);
        Assert.Equal(("lake/a.t", recorded, "id name"), (input.Name, input.SnapshotId, string.Join(' ', input.Columns!)));
    }

    [Fact]
    public async Task ScanReport_OfAnEngineOfJava_NamesTheEngine()
    {
        const string report = """
            {"report-type":"scan-report","table-name":"a.t","snapshot-id":7,"filter":true,"schema-id":0,"projected-field-ids":[1],"projected-field-names":["id"],"metrics":{},
            "metadata":{"engine-version":"2.1.1","iceberg-version":"Apache Iceberg 1.11.0","app-id":"x","engine-name":"flink"} }
            """;
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t/metrics", report, ("User-Agent", "Apache-HttpClient/5.6.1"))).Require(204);
        Assert.Equal("flink 2.1.1", _events[^1].Engine);
    }

    [Theory]
    [InlineData("""{"select":["name"]}""", "name")]
    [InlineData("{}", "id name")]
    public async Task Plan_ForWhoMayOpenNoFiles_IsRecordedAsARead(string request, string columns)
    {
        await _server.Administration.PutPolicyAsync("plans", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["catalog:GetTable","catalog:ReadData"],"Resource":"*"}}""");
        using var bob = await _server.ConnectAsUserAsync("bob", "plans");
        (await bob.PostAsync("/v1/lake/namespaces/a/tables/t/plan", request, ("User-Agent", "PyIceberg/0.12.0"))).Require(200);
        var read = _events[^1];
        Assert.Equal(("plan", "PyIceberg/0.12.0", "bob"), (read.Operation, read.Engine, read.Principal));
        var input = Assert.Single(read.Inputs);
        Assert.Equal(("lake/a.t", null, columns), (input.Name, input.SnapshotId, string.Join(' ', input.Columns!)));
        int before = _events.Count;
        (await bob.PostAsync("/v1/lake/namespaces/a/tables/t/plan", """{"select":["none"]}""")).RequireError(400, "BadRequestException");
        Assert.Equal(before, _events.Count);
    }

    [Fact]
    public async Task Plan_OfManifestsThatCannotBeRead_IsNotRecorded()
    {
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t", Bodies.Append(7, 1))).Require(200);
        int before = _events.Count;
        var answer = await _client.PostAsync("/v1/lake/namespaces/a/tables/t/plan", "{}");
        Assert.NotEqual(200, answer.Status);
        Assert.Equal(before, _events.Count);
    }

    [Theory]
    [InlineData("false", "id name more")]
    [InlineData("true", "id name")]
    public async Task Plan_OfAnOlderSnapshot_IsRecordedWithTheColumnsOfTheScan(string useSnapshotSchema, string columns)
    {
        await _server.Store.PutAsync("s3://lake/a/x.avro", ManifestListWriter.Write(2, 7, null, 1, null, []).Bytes);
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t", Bodies.Append(7, 1))).Require(200);
        string wider = Bodies.Schema.Replace("\"schema-id\":0", "\"schema-id\":1", StringComparison.Ordinal).Replace("]}", ",{\"id\":3,\"name\":\"more\",\"type\":\"long\",\"required\":false}]}", StringComparison.Ordinal);
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t", $$"""{"requirements":[],"updates":[{"action":"add-schema","schema":{{wider}},"last-column-id":3},{"action":"set-current-schema","schema-id":-1}]}""")).Require(200);
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/t/plan", $$"""{"snapshot-id":7,"use-snapshot-schema":{{useSnapshotSchema}}}""")).Require(200);
        var input = Assert.Single(_events[^1].Inputs);
        Assert.Equal(("lake/a.t", 7L, columns), (input.Name, input.SnapshotId, string.Join(' ', input.Columns!)));
    }

    [Fact]
    public async Task ScanReport_OfATableThatIsNot_IsNotRecorded()
    {
        int before = _events.Count;
        const string report = """{"report-type":"scan-report","table-name":"a.u","snapshot-id":1,"filter":true,"schema-id":0,"projected-field-ids":[],"projected-field-names":[],"metrics":{}}""";
        (await _client.PostAsync("/v1/lake/namespaces/a/tables/u/metrics", report)).Require(204);
        Assert.Equal(before, _events.Count);
    }
}
