using System.Text;
using Tarn.Core.Errors;
using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>JSON and Parquet files.</summary>
public sealed class StructuredIngestTests
{
    [Fact]
    public async Task Ingest_MixedTypes_AreText()
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.json", """[{"title": "x", "n": 1}, {"title": 1776, "n": 2.5}, {"title": null}]"""));
        Assert.Equal(["x|1", "1776|2.5", "NULL|NULL"], await lake.RowsAsync("SELECT * FROM s.t"));
    }

    [Fact]
    public async Task Ingest_Nested_KeepsStructsAndLists()
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.json", """[{"p": {"x": 1, "tags": ["a", "b"]}}, {"p": {"x": 2, "tags": []}}]"""));
        Assert.Equal(["1|2", "2|0"], await lake.RowsAsync("SELECT p.x, len(p.tags) FROM s.t"));
    }

    [Fact]
    public async Task Ingest_MalformedLine_NamesFileAndLine()
    {
        await using var lake = new IngestLake();
        string path = lake.Write("a.ndjson", "{\"a\": 1}\n{\"a\": 2}\n{\"a\": \n{\"a\": 4}\n");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(path));
        Assert.Contains("a.ndjson", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 3", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("trunc.json", "[{\"b\": 1}, {\"b\": 1", "ends before its brackets are closed")]
    [InlineData("half.ndjson", "{\"a\": \"x\"}\n{\"a\": \"\\ud800\"}\n{\"a\": \"y\"}\n", "line 2: half of a surrogate pair")]
    public async Task Ingest_JsonThatDoesNotRead_IsRefusedWithTheWayOut(string name, string text, string message)
    {
        await using var lake = new IngestLake();
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(lake.Write(name, text)));
        foreach (string part in (string[])[name, message])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_JsonInUtf16_IsRefusedWithTheWayOut()
    {
        await using var lake = new IngestLake();
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("[{\"a\": 1}]")];
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(lake.Write("a.json", bytes)));
        Assert.Contains("Convert it to UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_LongObject_IsRead()
    {
        await using var lake = new IngestLake();
        int length = JsonSource.UsualObjectBytes + 1000;
        await lake.IngestAsync(lake.Write("a.ndjson", $"{{\"a\": \"x\"}}\n{{\"a\": \"{new string('y', length)}\"}}\n"));
        Assert.Equal(["1", $"{length}"], await lake.RowsAsync("SELECT length(a) FROM s.t ORDER BY 1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task Ingest_ManyLines_KeepTheirOrder(string end)
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.ndjson", string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"{{\"id\": {i}, \"t\": \"{new string('x', 40)}\"}}")) + end));
        Assert.Equal(["20000"], await lake.RowsAsync("SELECT count(*) FROM (SELECT id, row_number() OVER () - 1 AS place FROM s.t) WHERE id = place"));
    }

    [Fact]
    public async Task CreateTableAs_WideSums_AreDecimals()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t AS SELECT sum(x) AS total, max(18446744073709551615::UBIGINT) AS wide FROM (VALUES (1::BIGINT), (2)) AS v(x)");
        Assert.Equal(["3|18446744073709551615|DECIMAL(38,0)|DECIMAL(20,0)"], await lake.RowsAsync("SELECT total, wide, typeof(total), typeof(wide) FROM s.t"));
    }
}
