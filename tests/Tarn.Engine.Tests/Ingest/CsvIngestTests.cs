using System.IO.Compression;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Engine.Ingest;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>Delimited text: what it becomes, and what is refused with file, line, column and value.</summary>
public sealed class CsvIngestTests
{
    private const int BehindSample = 30_000;

    [Theory]
    [InlineData("id,name\n1,x\n2,y\n", "1|x,2|y")]
    [InlineData("id;name\n1;x\n2;y\n", "1|x,2|y")]
    [InlineData("id\tname\r\n1\tx\r\n2\ty\r\n", "1|x,2|y")]
    [InlineData("id,name\n1,\"a, \"\"b\"\"\"\n2,\"line\nbreak\"\n", "1|a, \"b\",2|line\nbreak")]
    [InlineData("id,name\n1,\n2,y", "1|NULL,2|y")]
    [InlineData("zip,name\n00501,x\n10001,y\n", "00501|x,10001|y")]
    [InlineData("id,name\n12345678901234567890,x\n2,y\n", "12345678901234567890|x,2|y")]
    [InlineData("d,name\n01/02/2024,x\n03/04/2024,y\n", "01/02/2024|x,03/04/2024|y")]
    [InlineData("b,name\nt,x\nf,y\n", "t|x,f|y")]
    [InlineData("#id,name\n1,x\n#2,y\n", "1|x,#2|y")]
    public async Task Ingest_SmallFile_KeepsEveryValue(string text, string expected)
    {
        await using var lake = new IngestLake();
        var result = await lake.IngestAsync(lake.Write("a.csv", text));
        Assert.Equal(2, result.RowCount);
        Assert.Equal(expected, string.Join(',', await lake.RowsAsync("SELECT * FROM s.t")));
    }

    [Theory]
    [InlineData("007", "varchar")]
    [InlineData("1.5", "double")]
    [InlineData("x", "varchar")]
    [InlineData("99999999999999999999", "varchar")]
    [InlineData("-012", "varchar")]
    public async Task Ingest_ValueBehindSample_DecidesTheType(string value, string type)
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.csv", Rows(BehindSample, i => i == BehindSample - 1 ? value : "12")));
        Assert.Equal([$"{BehindSample}|{value}|{type}"], await lake.RowsAsync("SELECT count(*), min(v) FILTER (id = 29999), any_value(lower(typeof(v))) FROM s.t"));
    }

    [Theory]
    [InlineData("2024-01-05", "2024-01-05 10:11:12", "timestamp")]
    [InlineData("2024-01-05 10:11:12", "2024-01-05T10:11:12+02:00", "varchar")]
    [InlineData("true", "1", "varchar")]
    public async Task Ingest_OtherTimeBehindSample_IsNotCut(string first, string last, string type)
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.csv", Rows(BehindSample, i => i == BehindSample - 1 ? last : first)));
        string[] rows = await lake.RowsAsync("SELECT v::VARCHAR, lower(typeof(v)) FROM s.t WHERE id = 29999");
        Assert.Contains(rows[0], (string[])[$"{last}|{type}", $"{last}|varchar"]);
    }

    [Theory]
    [InlineData("a,b,c\n1,2,3\n4,5\n6,7,8\n", "line 3")]
    [InlineData("a,b,c\n1,2,3\n4,5,6,7\n6,7,8\n", "line 3")]
    [InlineData("a,b,c\n1,\"2\n2\",3\n4,5\n", "line 4")]
    public async Task Ingest_RaggedRow_NamesTheLine(string text, string place)
    {
        await using var lake = new IngestLake();
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(lake.Write("a.csv", text)));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains("a.csv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_RaggedRowBehindSample_NamesTheLine()
    {
        await using var lake = new IngestLake();
        string path = lake.Write("a.csv", Rows(BehindSample, _ => "1") + "1\n");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(path));
        Assert.Contains($"line {BehindSample + 2}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INTEGER", "5,abc", "abc")]
    [InlineData("INTEGER", "5,1.5", "1.5")]
    [InlineData("BIGINT", "5,2024-01-05", "2024-01-05")]
    [InlineData("DATE", "5,2024-01-05 10:00:00", "2024-01-05 10:00:00")]
    [InlineData("DECIMAL(10,2)", "5,1.239", "1.239")]
    public async Task Ingest_ValueAgainstTable_NamesFileLineColumnValue(string type, string row, string value)
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t (id BIGINT, v {type})");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(lake.Write("a.csv", $"id,v\n1,\n{row}\n")));
        foreach (string part in (string[])["a.csv", "line 3", "column 'v'", $"'{value}'"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(["0"], await lake.RowsAsync("SELECT count(*) FROM s.t"));
    }

    [Fact]
    public async Task Ingest_WiderIntegers_WidenTheColumnOnlyWhenNeeded()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (id INTEGER)");
        Assert.Empty((await lake.IngestAsync(lake.Write("a.csv", "id,new\n1,x\n"))).WidenedColumns);
        Assert.Equal(["id"], (await lake.IngestAsync(lake.Write("b.csv", "id,new\n3000000000,x\n"))).WidenedColumns);
        Assert.Equal(["1|x", "3000000000|x"], await lake.RowsAsync("SELECT * FROM s.t ORDER BY 1"));
    }

    [Fact]
    public async Task Ingest_Freeze_RefusesNewColumn()
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.csv", "id\n1\n"));
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(lake.Write("b.csv", "id,more\n1,x\n"), r => r with { Schema = SchemaHandling.Freeze }));
        Assert.Contains("more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_Overwrite_ReplacesTheRows()
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(lake.Write("a.csv", "id\n1\n2\n"));
        await lake.IngestAsync(lake.Write("b.csv", "id\n3\n"), r => r with { Mode = IngestMode.Overwrite });
        Assert.Equal(["3"], await lake.RowsAsync("SELECT id FROM s.t"));
    }

    [Fact]
    public async Task Ingest_Quarantine_CountsAddUpAndLinesAreTrue()
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (id BIGINT, v INTEGER)");
        string text = "id,v\n1,10\n2\n3,1.5\n\"4\",\"20\"\n5,x,y\n6,abc\n7,30\n";
        var result = await lake.IngestAsync(lake.Write("a.csv", text), r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((3, 4), (result.RowCount, result.RejectedCount));
        Assert.Equal(["1|10", "4|20", "7|30"], await lake.RowsAsync("SELECT * FROM s.t ORDER BY 1"));
        Assert.Equal(["3|2", "4|3,1.5", "6|5,x,y", "7|6,abc"], await lake.RowsAsync("SELECT line, content FROM s.t__rejected ORDER BY 1"));
    }

    [Fact]
    public async Task Ingest_Encodings_AreFound()
    {
        await using var lake = new IngestLake();
        lake.Write("a.csv", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("id,v\n1,é€\n")).ToArray());
        lake.Write("b.csv", Encoding.Latin1.GetBytes("id,v\n2,é\n"));
        lake.Write("c.csv", Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes("id,v\n3,€\n")).ToArray());
        lake.Write("d.csv", Encoding.Latin1.GetBytes(Rows(BehindSample, i => i == 29_998 ? "é" : "v")));
        using (var gzip = new GZipStream(File.Create(Path.Combine(lake.Input, "e.csv.gz")), CompressionLevel.Fastest))
            gzip.Write("id,v\n-5,g\n"u8);
        var result = await lake.IngestAsync(lake.Input);
        Assert.Equal((5, BehindSample + 4), (result.FileCount, result.RowCount));
        Assert.Equal(["é€", "é", "€", "g", "é"], await lake.RowsAsync("SELECT v FROM s.t WHERE v <> 'v' ORDER BY CASE WHEN id = -5 THEN 4 ELSE id END"));
    }

    [Fact]
    public async Task Ingest_EmptyFile_IsAnError()
    {
        await using var lake = new IngestLake();
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(lake.Write("a.csv", "")));
        Assert.Contains("empty", error.Message, StringComparison.Ordinal);
    }

    private static string Rows(int count, Func<int, string> value) => string.Concat(Enumerable.Range(0, count).Select(i => $"{i},{value(i)}\n").Prepend("id,v\n"));
}
