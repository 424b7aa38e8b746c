using System.IO.Compression;
using System.Text;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Foreign.Lines;

/// <summary>Tables of text, CSV and JSON files.</summary>
public sealed class LineTablesTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public Task InitializeAsync()
    {
        _lake = LocalLake.Open(Path.Join(_folder.Path, "lake"));
        Directory.CreateDirectory(At("t"));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _lake.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task SimpleText_Defaults_AreThoseOfHive()
    {
        await File.WriteAllTextAsync(At("t/f"), "1\u0001a\u00012.50\n\\N\u0001\\N\u0001x\r\n\n3\n4\u0001\u00019.999\u0001more");
        await RegisterTextAsync(["i int", "s string", "d decimal(6,2)"]);
        Assert.Equal(["1|a|2.50", "3|∅|∅", "4||10.00", "∅|∅|∅", "∅|∅|∅"], (await _lake.LinesAsync("SELECT * FROM plain.t ORDER BY i")));
        Assert.Equal(["5|3|2"], await _lake.LinesAsync("SELECT count(*), count(i), count(s) FROM plain.t"));
    }

    [Fact]
    public async Task SimpleText_SeparatorsEscapesAndHeader_AreFollowed()
    {
        await File.WriteAllTextAsync(At("t/f.txt"), "\uFEFFid,text\n1,a\\,b\\nc\\\\\n2,NULL\n3,\\N\n");
        await RegisterTextAsync(["id int", "text string"], new()
        {
            ["sd.serdeInfo.parameters.field.delim"] = ",", ["sd.serdeInfo.parameters.escape.delim"] = "\\", ["sd.serdeInfo.parameters.serialization.null.format"] = "NULL", ["parameters.skip.header.line.count"] = "1",
        });
        Assert.Equal(["1|a,b\nc\\", "2|∅", "3|\n".Replace("\n", "N", StringComparison.Ordinal)], await _lake.LinesAsync("SELECT * FROM plain.t ORDER BY id"));
    }

    [Fact]
    public async Task SimpleText_NestedTypes_UseTheSeparatorsOfTheirLevel()
    {
        await File.WriteAllTextAsync(At("t/f"), "a;b;\\N|k:1;l:\\N;k:2|5;x\n|| \n\\N|\\N|\\N\n");
        await RegisterTextAsync(["a array<string>", "m map<string,int>", "s struct<n:int,t:string>"], new()
        {
            ["sd.serdeInfo.parameters.field.delim"] = "|", ["sd.serdeInfo.parameters.colelction.delim"] = ";", ["sd.serdeInfo.parameters.mapkey.delim"] = ":",
        });
        Assert.Equal(["[a, b, NULL]|{k=1, l=NULL}|{'n': 5, 't': x}", "[]|{}|{'n': NULL, 't': NULL}", "∅|∅|∅"], await _lake.LinesAsync("SELECT * FROM plain.t"));
    }

    [Fact]
    public async Task SimpleText_ValuesThatDoNotFit_AreNull()
    {
        await File.WriteAllTextAsync(At("t/f"), "300,1.9,1e2,tRuE,2026-02-30,2026-01-01 00:00:00.123456789\n-128,2147483648,NaN,1,2026-2-1,2026-01-01\n 5,12a,1.,yes,2026-01-31,x\n");
        await RegisterTextAsync(["a tinyint", "b int", "c double", "d boolean", "e date", "f timestamp"], new() { ["sd.serdeInfo.parameters.field.delim"] = "44" });
        Assert.Equal(["∅|1|100.0|true|∅|2026-01-01 00:00:00.123456", "-128|∅|nan|∅|2026-02-01|∅", "∅|∅|1.0|∅|2026-01-31|∅"], await _lake.LinesAsync("SELECT * FROM plain.t"));
    }

    [Fact]
    public async Task SimpleText_PackedFilesInPartitions_AreRead()
    {
        foreach (int day in (int[])[1, 2])
        {
            Directory.CreateDirectory(At($"t/{day}"));
            await using var gzip = new GZipStream(File.Create(At($"t/{day}/f.gz")), CompressionLevel.Fastest);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i}\u0001row {i} of day {day}\n"))));
        }

        await using (var deflate = new ZLibStream(File.Create(At("t/2/g.deflate")), CompressionLevel.Fastest))
            await deflate.WriteAsync("7\u0001last"u8.ToArray());
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["i int", "s string"], HiveTables.SimpleSerDe, HiveTables.TextInput, keys: ["day int"]).With("day=1", At("t/1"), "1").With("day=2", At("t/2"), "2"));
        Assert.Equal(["1|5000|12497500", "2|5001|12497507"], await _lake.LinesAsync("SELECT day, count(*), sum(i) FROM plain.t GROUP BY day ORDER BY day"));
        Assert.Equal(["4999|row 4999 of day 2"], await _lake.LinesAsync("SELECT i, s FROM plain.t WHERE day = 2 AND i = 4999"));
        await File.WriteAllBytesAsync(At("t/1/x.bz2"), [1]);
        Assert.Contains(".bz2", (await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f.gz")]
    [InlineData("f.deflate")]
    public async Task SimpleText_PackedFileThatIsCutOff_IsAnErrorNotFewerRows(string name)
    {
        using var packed = new MemoryStream();
        await using (Stream pack = name.EndsWith("gz", StringComparison.Ordinal) ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await pack.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i}\u0001row {i}\n"))));
        await RegisterTextAsync(["i int", "s string"]);
        foreach (int length in (int[])[5, (int)packed.Length / 2, (int)packed.Length - 3])
        {
            await File.WriteAllBytesAsync(At($"t/{name}"), packed.ToArray()[..length]);
            string message = (await Assert.ThrowsAnyAsync<DuckDbException>(() => _lake.RunAsync("SELECT count(*) FROM plain.t"))).Message;
            Assert.Contains(name, message, StringComparison.Ordinal);
            Assert.Contains("cut off", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SimpleText_DecimalsOfAnyLength_AreBoundedAndRounded()
    {
        string[] lines = ["1e-2147483648", "1e2147483647", new string('9', 2_000_000), "0." + new string('9', 2_000_000), new string('0', 1000) + "7", "-1.25", ".-5", "1e-1", "-", "."];
        await File.WriteAllLinesAsync(At("t/f"), lines);
        await RegisterTextAsync(["d decimal(10,1)"]);
        Assert.Equal(["∅", "∅", "∅", "1.0", "7.0", "-1.3", "∅", "0.1", "∅", "∅"], await _lake.LinesAsync("SELECT d FROM plain.t"));
    }

    [Fact]
    public async Task Select_LocalFolderThatIsNotThere_IsAnErrorAndAnEmptyOneIsNot()
    {
        await RegisterTextAsync(["i int"]);
        Assert.Equal(["0"], await _lake.LinesAsync("SELECT count(*) FROM plain.t"));
        Directory.Delete(At("t"));
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT count(*) FROM plain.t"));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Contains("is not there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SimpleText_ManyPartitions_KeepTheirValues()
    {
        var table = HiveTables.New(At("t"), ["i int"], HiveTables.SimpleSerDe, HiveTables.TextInput, keys: ["k string"]);
        for (int i = 0; i < 30; i++)
        {
            Directory.CreateDirectory(At($"t/{i}"));
            await File.WriteAllTextAsync(At($"t/{i}/f"), $"{i}\n{i}");
            table = table.With($"k=v{i}", At($"t/{i}"), $"v{i}");
        }

        await _lake.RegisterAsync(table);
        Assert.Equal(["60|60"], await _lake.LinesAsync("SELECT count(*), count(*) FILTER (k = 'v' || i) FROM plain.t"));
    }

    [Fact]
    public async Task Csv_QuotesAndEscapes_AreThoseOfOpenCsv()
    {
        await File.WriteAllTextAsync(At("t/f.csv"), "a,b,c\n1,\"x,\"\"y\"\"\",\"\\\"q\\\\\"\n2,,\n3\n4,a\"b\"c,\\N\n");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["a int", "b string", "c date"], HiveTables.CsvSerDe, HiveTables.TextInput, new() { ["parameters.skip.header.line.count"] = "1" }));
        Assert.Equal(["1|x,\"y\"|\"q\\", "2||", "3|∅|∅", "4|a\"b\"c|N"], (await _lake.LinesAsync("SELECT * FROM plain.t ORDER BY a")));
        Assert.Equal("VARCHAR", (await _lake.RunAsync("SELECT typeof(c) FROM plain.t LIMIT 1"))[0][0]);
    }

    [Fact]
    public async Task Csv_QuoteThatDoesNotEnd_NamesFileAndLine()
    {
        await File.WriteAllTextAsync(At("t/f.csv"), "1,x\n2,\"open\n3,z\n");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["a string", "b string"], HiveTables.CsvSerDe, HiveTables.TextInput));
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"));
        Assert.Contains("Line 2 of", error.Message, StringComparison.Ordinal);
        Assert.Contains("f.csv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_NestedObjects_AreReadByName()
    {
        await File.WriteAllTextAsync(At("t/f.json"), """
            {"ID": 1, "s": "ü", "l": [1.5, null], "m": {"a": {"x": true}}, "other": 5, "ts": "2026-01-01 10:00:00"}
            {"s": 12, "id": null, "l": null}
            """.ReplaceLineEndings("\n"));
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["id bigint", "s string", "l array<double>", "m map<string,struct<x:boolean>>", "ts timestamp"], HiveTables.JsonSerDe, HiveTables.TextInput));
        Assert.Equal(["1|ü|[1.5, NULL]|{a={'x': true}}|2026-01-01 10:00:00", "∅|12|∅|∅|∅"], await _lake.LinesAsync("SELECT * FROM plain.t"));
    }

    [Theory]
    [InlineData("{\"id\": \"x\"}", "id")]
    [InlineData("{\"id\": 1.5}", "id")]
    [InlineData("{\"id\": 1, \"ID\": 2}", "twice")]
    [InlineData("{\"id\": 1", "JSON")]
    [InlineData("[1]", "JSON")]
    public async Task Json_DamagedLine_NamesFileAndLine(string line, string named)
    {
        await File.WriteAllTextAsync(At("t/f.json"), "{}\n" + line + "\n");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["id int"], HiveTables.JsonSerDe, HiveTables.TextInput));
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"));
        Assert.Contains("Line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SimpleText_PartitionWithOtherColumns_IsRefused()
    {
        await File.WriteAllTextAsync(At("t/f"), "1\u00012\n");
        var table = HiveTables.New(At("t"), ["a int", "b int"], HiveTables.SimpleSerDe, HiveTables.TextInput, keys: ["k int"]).With("k=1", At("t"), "1");
        await _lake.RegisterAsync(table with { Partitions = table.Partitions.SetItem("k=1", table.Partitions["k=1"].Add("sd.cols", """[{"name":"b","type":"int"}]""")) });
        await _lake.RegisterAsync(table with { Partitions = table.Partitions.SetItem("k=1", table.Partitions["k=1"].Add("sd.cols", """[{"name":"A","type":"int"}]""")) }, "u");
        Assert.Contains("other columns", (await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"))).Message, StringComparison.Ordinal);
        Assert.Equal(["1|∅|1"], await _lake.LinesAsync("SELECT * FROM plain.u"));
    }

    [Fact]
    public async Task SimpleText_BytesThatAreNoUtf8_AreDamage()
    {
        await File.WriteAllBytesAsync(At("t/f"), [(byte)'a', 0xFF, (byte)'\n']);
        await RegisterTextAsync(["s string"]);
        Assert.Contains("UTF-8", (await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"))).Message, StringComparison.Ordinal);
    }

    private string At(string path) => Path.Join(_folder.Path, path);

    private Task RegisterTextAsync(string[] columns, Dictionary<string, string>? options = null) => _lake.RegisterAsync(HiveTables.New(At("t"), columns, HiveTables.SimpleSerDe, HiveTables.TextInput, options));
}
