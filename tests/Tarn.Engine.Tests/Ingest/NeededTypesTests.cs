using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Columns of a table are widened only when a value needs it.</summary>
public sealed class NeededTypesTests
{
    [Theory]
    [InlineData("n integer", """{"n": 1}""", """{"n": 2147483648}""", "BIGINT")]
    [InlineData("n real", """{"n": 1.1}""", """{"n": 16777217}""", "DOUBLE")]
    [InlineData("n decimal(19, 0)", """{"n": 9223372036854775808}""", """{"n": 18446744073709551615}""", "DECIMAL(38,0)")]
    [InlineData("n row(x integer, y array(integer))", """{"n": {"x": 1, "y": [2, null]}}""", """{"n": {"x": 1, "y": [2147483648]}}""", "STRUCT(x INTEGER, y BIGINT[])")]
    public async Task Ingest_Json_WidensOnlyWhenNeeded(string column, string narrow, string wide, string type)
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t({column})");
        string before = Assert.Single(await lake.RowsAsync("SELECT any_value(typeof(n)) FROM (SELECT n FROM s.t UNION ALL SELECT NULL)"));
        Assert.Empty((await lake.IngestAsync(lake.Write("a.ndjson", narrow + "\n"))).WidenedColumns);
        Assert.Equal([before], await lake.RowsAsync("SELECT typeof(n) FROM s.t"));
        var result = await lake.IngestAsync(lake.Write("b.json", $"[{narrow}, {wide}]"));
        Assert.Equal(["n"], result.WidenedColumns);
        Assert.Equal([type], await lake.RowsAsync("SELECT DISTINCT typeof(n) FROM s.t"));
    }

    [Theory]
    [InlineData("a integer, b integer")]
    [InlineData("a integer NOT NULL, b integer")]
    public async Task Ingest_WideValueInAnotherColumn_LeavesTheOthers(string columns)
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t({columns})");
        Assert.Equal(["b"], (await lake.IngestAsync(lake.Write("a.csv", "a,b\n1,3000000000\n"))).WidenedColumns);
        await lake.RunAsync($"CREATE OR REPLACE TABLE s.t({columns})");
        Assert.Equal(["b"], (await lake.IngestAsync(lake.Write("a.ndjson", "{\"a\": 1, \"b\": 3000000000}\n"))).WidenedColumns);
    }

    [Fact]
    public async Task Ingest_NewFieldBesideNarrowOnes_IsAddedAlone()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t(r row(x integer))");
        await lake.IngestAsync(lake.Write("a.ndjson", "{\"r\": {\"x\": 1, \"z\": \"new\"}}\n"));
        Assert.Equal(["STRUCT(x INTEGER, z VARCHAR)|1|new"], await lake.RowsAsync("SELECT typeof(r), r.x, r.z FROM s.t"));
    }

    [Fact]
    public async Task Ingest_QuarantineAndWideValue_WidensInsteadOfSettingAside()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t(a integer, b integer)");
        var result = await lake.IngestAsync(lake.Write("a.ndjson", "{\"a\": 1, \"b\": 3000000000}\n"), r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((1, 0), (result.RowCount, result.RejectedCount));
        Assert.Equal(["b"], result.WidenedColumns);
    }
}
