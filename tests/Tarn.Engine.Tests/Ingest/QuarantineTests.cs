using System.IO.Compression;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Rows of JSON, JSON lines and Parquet that do not fit the table: put aside, or refused with their place.</summary>
public sealed class QuarantineTests
{
    private const string Lines = "{\"id\": 1, \"v\": 10}\n\n{\"id\": 2, \"v\":\n{\"id\": 3, \"v\": 1.5}\r\n[4]\n{\"id\": 5, \"v\": \"abc\"}\n{\"id\": 6, \"v\": 99999999999}\n{\"id\": 7, \"v\": null}\n{\"id\": 8, \"id\": 9}\n{\"id\": 10, \"v\": \"20\"}";

    [Fact]
    public async Task Ingest_BrokenLines_CountsAddUpAndLinesAreTrue()
    {
        await using var lake = await WithTableAsync("id BIGINT, v INTEGER");
        var result = await QuarantineAsync(lake, lake.Write("a.ndjson", Lines));
        Assert.Equal((3, 6), (result.RowCount, result.RejectedCount));
        Assert.Equal(["1|10", "7|NULL", "10|20"], await lake.RowsAsync("SELECT * FROM s.t ORDER BY 1"));
        string[] rejected = await lake.RowsAsync("SELECT line, content FROM s.t__rejected ORDER BY 1");
        Assert.Equal(["3", "4", "5", "6", "7", "9"], rejected.Select(r => r.Split('|')[0]));
        Assert.Equal("{\"id\": 2, \"v\":", rejected[0].Split('|')[1]);
        Assert.Equal(["6"], await lake.RowsAsync("SELECT count(*) FROM s.t__rejected WHERE file LIKE '%a.ndjson' AND length(reason) > 0"));
    }

    [Theory]
    [InlineData("a.ndjson.gz")]
    [InlineData("a.json")]
    [InlineData("marked.ndjson")]
    public async Task Ingest_BrokenLinesOfOtherFiles_AreTheSame(string name)
    {
        await using var lake = await WithTableAsync("id BIGINT, v INTEGER");
        byte[] bytes = Encoding.UTF8.GetBytes(name.StartsWith('m') ? "\uFEFF" + Lines : Lines);
        var result = await QuarantineAsync(lake, lake.Write(name, name.EndsWith("gz", StringComparison.Ordinal) ? Gzip(bytes) : bytes));
        Assert.Equal((3, 6), (result.RowCount, result.RejectedCount));
        Assert.Equal(["3|4|5|6|7|9"], await lake.RowsAsync("SELECT string_agg(line, '|' ORDER BY line) FROM s.t__rejected"));
    }

    [Fact]
    public async Task Ingest_BrokenLinesIntoNewTable_KeepTheOthers()
    {
        await using var lake = new IngestLake();
        var result = await QuarantineAsync(lake, lake.Write("a.ndjson", Encoding.Latin1.GetBytes("{\"a\": 1}\nno json\n{\"a\": \"é\"}\n{\"a\": 2}\n")));
        Assert.Equal((2, 2), (result.RowCount, result.RejectedCount));
        Assert.Equal(["1|bigint", "2|bigint"], await lake.RowsAsync("SELECT a, lower(typeof(a)) FROM s.t"));
    }

    [Theory]
    [InlineData("a.csv", "q,d\na,1\n,2\nb,x\n", 3)]
    [InlineData("a.ndjson", "{\"q\": \"a\", \"d\": 1}\n{\"d\": 2}\n{\"q\": \"b\", \"d\": \"x\"}\n", 2)]
    public async Task Ingest_NoValueForNotNull_IsToldWithItsPlaceOrSetAside(string name, string text, int line)
    {
        await using var lake = await WithTableAsync("q VARCHAR NOT NULL, d INTEGER");
        string path = lake.Write(name, text);
        await RefusedAsync(lake, lake.Write("only" + name, text.Replace("x", "3", StringComparison.Ordinal).Replace("\"3\"", "3", StringComparison.Ordinal)), $"line {line}", "column 'q'", "NOT NULL");
        var result = await QuarantineAsync(lake, path);
        Assert.Equal((1, 2), (result.RowCount, result.RejectedCount));
        Assert.Equal(
            [$"{line}|column 'q': no value, and the column is NOT NULL", $"{line + 1}|column 'd': 'x' is no integer"],
            await lake.RowsAsync("SELECT line, reason FROM s.t__rejected ORDER BY 1"));
    }

    [Theory]
    [InlineData("a.ndjson", "{\"s\": {\"a\": 1, \"b\": 1}}\n{\"s\": {\"b\": 2}}\n{\"s\": null}\n", "line 2")]
    [InlineData("a.ndjson", "{\"s\": null}\n{\"s\": {\"b\": 2}}\n", "line 2")]
    [InlineData("a.json", "[{\"s\": {\"a\": 1, \"b\": 1}}, {\"s\": {\"a\": null, \"b\": 2}}]", "element 2")]
    [InlineData("a.parquet", "SELECT {'a': 1::BIGINT, 'b': 1::BIGINT} AS s UNION ALL SELECT {'a': NULL, 'b': 2}", "row 2")]
    [InlineData("a.parquet", "SELECT NULL::STRUCT(b INTEGER) AS s UNION ALL SELECT {'b': 2}", "row 2")]
    public async Task Ingest_NoValueForNotNullFieldOfAStruct_IsToldWithItsPlaceOrSetAside(string name, string content, string place)
    {
        await using var lake = await WithTableAsync("s STRUCT(a BIGINT NOT NULL, b BIGINT)");
        string path = Path.Combine(lake.Input, name);
        if (name.EndsWith("parquet", StringComparison.Ordinal))
            await lake.RunAsync($"COPY ({content}) TO '{path}' (FORMAT parquet)");
        else
            lake.Write(name, content);
        await RefusedAsync(lake, path, place, "column 's.a'", "NOT NULL");
        var result = await QuarantineAsync(lake, path);
        Assert.Equal(1, result.RejectedCount);
        Assert.Equal(["2|column 's.a': no value, and it is NOT NULL"], await lake.RowsAsync("SELECT line, reason FROM s.t__rejected"));
        Assert.Equal(["0"], await lake.RowsAsync("SELECT count(*) FROM s.t WHERE s.b = 2"));
    }

    [Fact]
    public async Task Ingest_FileWithoutANotNullColumn_IsToldWithTheWayOut()
    {
        await using var lake = await WithTableAsync("q VARCHAR NOT NULL, d INTEGER");
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(lake.Write("a.csv", "d,e\n1,2\n")));
        Assert.Contains("has no column 'q', which is NOT NULL", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\": 1, \"a\": 2}\n", "line 1")]
    [InlineData("{\"a\": 1}\n{\"a\": 1, \"a\": 2}\n", "line 2")]
    [InlineData("{\"p\": {\"a\": 1}}\n\n{\"p\": {\"a\": 1, \"a\": 2}}\n", "line 3")]
    [InlineData("[{\"b\": 1}, {\"a\": 1, \"a\": 2}]", "element 2")]
    [InlineData("[{\"p\": [{\"a\": 1, \"a\": 2}]}]", "element 1")]
    public async Task Ingest_RepeatedKey_IsNamedWithItsPlace(string text, string place)
    {
        await using var lake = new IngestLake();
        string path = lake.Write(text.StartsWith('[') ? "d.json" : "d.ndjson", text);
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(path));
        foreach (string part in (string[])["d.", place, "'a'", text.StartsWith('[') ? "Keep one" : "--on-error quarantine"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_JsonArray_TellsTheElement()
    {
        await using var lake = await WithTableAsync("id BIGINT, at TIMESTAMP, d DECIMAL(5,2)");
        string path = lake.Write("a.json", """[{"id": 1, "at": "2024-01-05 10:00:00", "d": 1.25}, {"id": 2, "at": "2024-13-45", "d": 2}, {"id": 3, "at": null, "d": 1.239}, {"id": 4, "d": 1234.5}]""");
        var result = await QuarantineAsync(lake, path);
        Assert.Equal((1, 3), (result.RowCount, result.RejectedCount));
        Assert.Equal(
            ["2|column 'at': '2024-13-45' is no timestamp(6)", "3|column 'd': '1.239' is no decimal(5, 2)", "4|column 'd': '1234.5' is no decimal(5, 2)"],
            await lake.RowsAsync("SELECT line, reason FROM s.t__rejected ORDER BY 1"));
        await RefusedAsync(lake, path, "element 2", "column 'at'", "'2024-13-45'");
    }

    [Theory]
    [InlineData("id")]
    [InlineData("file_row_number")]
    [InlineData("File_Row_Number")]
    public async Task Ingest_Parquet_TellsTheRow(string id)
    {
        await using var lake = await WithTableAsync($"{id} BIGINT, v INTEGER, d DATE");
        string path = Path.Combine(lake.Input, "a.parquet");
        await lake.RunAsync($"COPY (SELECT i AS {id}, CASE WHEN i = 40000 THEN 3000000000 ELSE i END AS v, CASE WHEN i = 50000 THEN TIMESTAMP '2024-01-05 10:00:00' ELSE TIMESTAMP '2024-01-05' END AS d FROM range(1, 60001) AS r(i)) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        await RefusedAsync(lake, path, "row 40000", "column 'v'", "'3000000000'", SchemaHandling.Freeze);
        var result = await lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine, Schema = SchemaHandling.Freeze });
        Assert.Equal((59_998, 2), (result.RowCount, result.RejectedCount));
        Assert.Equal(["40000|column 'v': '3000000000' is no integer", "50000|column 'd': '2024-01-05 10:00:00' is no date"], await lake.RowsAsync("SELECT line, reason FROM s.t__rejected ORDER BY 1"));
        Assert.Equal(["59998|1799940000"], await lake.RowsAsync($"SELECT count(*), sum({id}) FROM s.t"));
    }

    [Theory]
    [InlineData("{\"id\": 1}\n{\"id\": {\"x\": 1}}\n", "line 2", "'{\"x\":1}'")]
    [InlineData("{\"id\": 1}\n{\"id\": true}\n", "line 2", "'true'")]
    [InlineData("{\"id\": 1}\n\n{\"id\": 1e30}\n", "line 3", "'1e+30'")]
    [InlineData("{\"id\": 9223372036854775807}\n{\"id\": 9223372036854775808}\n", "line 2", "'9223372036854775808'")]
    public async Task Ingest_LinesAgainstFrozenTable_NameFileLineColumnValue(string text, string place, string value)
    {
        await using var lake = await WithTableAsync("id BIGINT");
        await RefusedAsync(lake, lake.Write("a.ndjson", text), place, "column 'id'", value, SchemaHandling.Freeze);
    }

    [Fact]
    public async Task Ingest_NestedValues_LoseNothing()
    {
        await using var lake = await WithTableAsync("id BIGINT, p STRUCT(x INTEGER, y VARCHAR)");
        string path = lake.Write("a.ndjson", "{\"id\": 1, \"p\": {\"x\": 1, \"y\": \"a\"}}\n{\"id\": 2, \"p\": {\"x\": 2, \"z\": 5}}\n{\"id\": 3, \"p\": {\"x\": 3000000000}}\n{\"id\": 4, \"p\": null}\n");
        var frozen = await lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine, Schema = SchemaHandling.Freeze });
        Assert.Equal((2, 2), (frozen.RowCount, frozen.RejectedCount));
        var evolved = await lake.IngestAsync(path, r => r with { Mode = IngestMode.Overwrite });
        Assert.Equal(["p"], evolved.WidenedColumns);
        Assert.Equal(["1|1|a|NULL", "2|2|NULL|5", "3|3000000000|NULL|NULL", "4|NULL|NULL|NULL"], await lake.RowsAsync("SELECT id, p.x, p.y, p.z FROM s.t ORDER BY 1"));
    }

    [Fact]
    public async Task Ingest_DamagedArray_IsRefusedInEveryMode()
    {
        await using var lake = new IngestLake();
        string path = lake.Write("a.json", """[{"a": 1}, {"a":}, {"a": 2}]""");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => QuarantineAsync(lake, path));
        Assert.Contains("a.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-01-05T10:00:00+02:00", "2024-01-05T08:00:00-01:00", "TIMESTAMP WITH TIME ZONE")]
    [InlineData("2024-01-05T10:00:00", "2024-01-05T08:00:00", "TIMESTAMP")]
    [InlineData("2024-01-05T10:00:00", "2024-01-05T08:00:00Z", "VARCHAR")]
    [InlineData("2024-01-05", "24-01-05", "VARCHAR")]
    public async Task Ingest_Times_KeepTheirZone(string first, string second, string type)
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.ndjson", $"{{\"t\": \"{first}\"}}\n{{\"t\": \"{second}\"}}\n"));
        Assert.Equal([type], await lake.RowsAsync("SELECT DISTINCT typeof(t) FROM s.t"));
        if (type != "VARCHAR")
            Assert.Equal(["2"], await lake.RowsAsync($"SELECT count(*) FROM s.t WHERE t IN ('{first}'::{type}, '{second}'::{type})"));
    }

    private static async Task<IngestLake> WithTableAsync(string columns)
    {
        var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t ({columns})");
        return lake;
    }

    private static Task<IngestResult> QuarantineAsync(IngestLake lake, string path) => lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine });

    private static async Task RefusedAsync(IngestLake lake, string path, string place, string column, string value, SchemaHandling schema = SchemaHandling.Evolve)
    {
        string[] before = await lake.RowsAsync("SELECT count(*) FROM s.t");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(path, r => r with { Schema = schema }));
        foreach (string part in (string[])[Path.GetFileName(path), place, column, value])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await lake.RowsAsync("SELECT count(*) FROM s.t"));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
