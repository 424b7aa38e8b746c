using System.Diagnostics;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Engine.Ingest;
using Tarn.Iceberg.Serialization.Compression;
using Tarn.Storage.Faults;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>What a source can be: folders, patterns, compressed files, several of differing schemas, standard input, Parquet with an old codec.</summary>
public sealed class SourceTests
{
    [Theory]
    [InlineData("s3://raw/a.csv", "'s3://raw/a.csv' is no file of this machine. Copy it here first ('tarn s3 cp s3://raw/a.csv .'); - takes standard input.")]
    [InlineData("https://example.org/a.csv", "'https://example.org/a.csv' is no file of this machine. Copy it here first; - takes standard input.")]
    public async Task Ingest_SourceElsewhere_SaysHowToBringIt(string source, string message)
    {
        await using var lake = new IngestLake();
        Assert.Equal(message, (await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(source))).Message);
    }

    [Fact]
    public async Task Ingest_ThatFails_LeavesNoSchemaBehind()
    {
        await using var lake = new IngestLake();
        string path = lake.Write("a.csv", "a,b\n1,2\n");
        await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(path, request => request with { PartitionBy = ["month(none)"] }));
        Assert.DoesNotContain("s", await lake.RowsAsync("SHOW SCHEMAS"));

        await lake.RunAsync("CREATE SCHEMA s");
        await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(path, request => request with { PartitionBy = ["month(none)"] }));
        Assert.Contains("s", await lake.RowsAsync("SHOW SCHEMAS"));
    }

    [Fact]
    public async Task Ingest_IntoANewSchema_MakesItWithTheTableInOneCommit()
    {
        await using var lake = new IngestLake();
        string path = lake.Write("a.csv", "a,b\n1,2\nx,3,4\n");
        bool fails = true;
        lake.Fault = (operation, _) => fails && operation == StoreOperation.Adopt ? new StoreFault(ErrorKind.ResourceExhausted) : null;
        await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(path, request => request with { OnError = ErrorHandling.Quarantine }));
        Assert.DoesNotContain("s", await lake.RowsAsync("SHOW SCHEMAS"));
        fails = false;
        await lake.IngestAsync(path, request => request with { OnError = ErrorHandling.Quarantine });
        Assert.Equal(
            ["put namespace|s", "put table|s.t", "put table|s.t__rejected"],
            await lake.RowsAsync("SELECT change, name FROM iceberg.system.catalog_history WHERE commit = (SELECT max(commit) FROM iceberg.system.catalog_history) ORDER BY ALL"));
    }

    [Fact]
    public async Task Ingest_FolderWithFilesOfManyKinds_UnitesTheirSchemas()
    {
        await using var lake = new IngestLake();
        lake.Write("a.csv", "id,v\n1,10\n");
        lake.Write("deep/b.ndjson", "{\"id\": 2, \"v\": 2.5, \"p\": {\"x\": 1}}\n");
        lake.Write("deep/er/c.json", "[{\"V\": 30, \"id\": 3, \"p\": {\"y\": \"z\"}}]");
        lake.Write(".hidden.csv", "id,v\n9,9\n");
        lake.Write("readme.md", "# nothing to ingest");
        await lake.RunAsync($"COPY (SELECT 4 AS id, DATE '2024-01-05' AS d) TO '{lake.Input}/d.parquet' (FORMAT parquet)");
        var result = await lake.IngestAsync(lake.Input);
        Assert.Equal((4, 4), (result.FileCount, result.RowCount));
        Assert.Equal(["1|10|NULL|NULL|NULL", "2|2.5|1|NULL|NULL", "3|30|NULL|z|NULL", "4|NULL|NULL|NULL|2024-01-05"], await lake.RowsAsync("SELECT id, v, p.x, p.y, d::VARCHAR FROM s.t ORDER BY 1"));
    }

    [Fact]
    public async Task Ingest_Pattern_TakesWhatMatches()
    {
        await using var lake = new IngestLake();
        for (int i = 1; i <= 12; i++)
            lake.Write($"day-{i:00}.csv", $"id,v\n{i},x\n");
        var result = await lake.IngestAsync(Path.Combine(lake.Input, "day-0?.csv"));
        Assert.Equal((9, 9), (result.FileCount, result.RowCount));
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(Path.Combine(lake.Input, "night-*.csv")));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
    }

    [Theory]
    [InlineData("csv", "gzip", "gz")]
    [InlineData("csv", "zstd", "zst")]
    [InlineData("json", "gzip", "gz")]
    [InlineData("json", "zstd", "zst")]
    public async Task Ingest_CompressedFile_TellsLinesOfBadRowsToo(string format, string codec, string extension)
    {
        await using var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (id BIGINT, v INTEGER)");
        string path = Path.Combine(lake.Input, $"a.{(format == "json" ? "ndjson" : format)}.{extension}");
        await lake.RunAsync($"COPY (SELECT i AS id, CASE WHEN i = 7000 THEN 'many' ELSE i::VARCHAR END AS v FROM range(1, 30001) AS r(i)) TO '{path}' (FORMAT {format}, COMPRESSION {codec})");
        int line = format == "csv" ? 7001 : 7000;
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(path));
        foreach (string part in (string[])[$"line {line}", "column 'v'", "'many'"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        var result = await lake.IngestAsync(path, r => r with { OnError = ErrorHandling.Quarantine });
        Assert.Equal((29_999, 1), (result.RowCount, result.RejectedCount));
        Assert.Equal([$"{line}"], await lake.RowsAsync("SELECT line FROM s.t__rejected"));
    }

    [Theory]
    [InlineData("csv", "gzip", "csv.gz")]
    [InlineData("csv", "zstd", "csv.zst")]
    [InlineData("json", "gzip", "ndjson.gz")]
    [InlineData("json", "zstd", "ndjson.zst")]
    public async Task Ingest_CutOffFile_IsRefusedAndNothingIsLeft(string format, string codec, string ending)
    {
        await using var lake = new IngestLake();
        string path = Path.Combine(lake.Input, $"a.{ending}");
        await lake.RunAsync($"COPY (SELECT i AS id, random() AS v FROM range(100_000) AS r(i)) TO '{path}' (FORMAT {format}, COMPRESSION {codec})");
        byte[] whole = await File.ReadAllBytesAsync(path);
        foreach (int length in (int[])[whole.Length / 2, whole.Length - 1])
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(path));
            Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }

        await File.WriteAllBytesAsync(path, whole);
        Assert.Equal(100_000, (await lake.IngestAsync(path)).RowCount);
    }

    [Theory]
    [InlineData("id,v\n1,x\n2,y\n")]
    [InlineData("{\"id\": 1, \"v\": \"x\"}\n{\"id\": 2, \"v\": \"y\"}\n")]
    [InlineData("[{\"id\": 1, \"v\": \"x\"}, {\"id\": 2, \"v\": \"y\"}]")]
    public async Task Ingest_StandardInput_IsFoundOut(string text)
    {
        await using var lake = new IngestLake();
        await lake.IngestAsync(StandardInput.Source, r => r with { OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        Assert.Equal(["1|x", "2|y"], await lake.RowsAsync("SELECT id, v FROM s.t ORDER BY 1"));
    }

    [Theory]
    [InlineData("id,v\n1,x\n2,y\n")]
    [InlineData("{\"id\": 1, \"v\": \"x\"}\n{\"id\": 2, \"v\": \"y\"}\n")]
    public async Task Ingest_ZstandardWithoutItsName_IsFoundByContent(string text)
    {
        await using var lake = new IngestLake();
        byte[] frame = Zstandard.Compress(Encoding.UTF8.GetBytes(text));
        // A skippable frame of three bytes (RFC 8878 3.1.2), as pzstd and others write them.
        byte[] skippable = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        foreach (byte[] packed in (byte[][])[frame, [.. skippable, .. frame]])
        {
            await lake.IngestAsync(lake.Write("plain.dat", packed), r => r with { Mode = IngestMode.Overwrite });
            Assert.Equal(["1|x", "2|y"], await lake.RowsAsync("SELECT id, v FROM s.t ORDER BY 1"));
            await lake.IngestAsync(StandardInput.Source, r => r with { OpenInput = () => new MemoryStream(packed), Mode = IngestMode.Overwrite });
            Assert.Equal(["1|x", "2|y"], await lake.RowsAsync("SELECT id, v FROM s.t ORDER BY 1"));
        }
    }

    [Theory]
    [InlineData("id,v\n1,x\n2,y\n")]
    [InlineData("{\"id\": 1, \"v\": \"x\"}\n{\"id\": 2, \"v\": \"y\"}\n")]
    public async Task Ingest_Pipe_IsReadOnce(string text)
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var lake = new IngestLake();
        string pipe = Path.Combine(lake.Input, "pipe");
        using (var made = Process.Start("mkfifo", [pipe]))
            await made.WaitForExitAsync();
        var written = Task.Run(() => File.WriteAllText(pipe, text));
        await lake.IngestAsync(pipe);
        await written;
        Assert.Equal(["1|x", "2|y"], await lake.RowsAsync("SELECT id, v FROM s.t ORDER BY 1"));
    }

    [Fact]
    public async Task Ingest_PackedParquet_IsRefusedWithTheWayOut()
    {
        await using var lake = new IngestLake();
        string path = Path.Combine(lake.Input, "a.parquet");
        await lake.RunAsync($"COPY (SELECT 1 AS id) TO '{path}' (FORMAT parquet)");
        byte[] packed = Zstandard.Compress(await File.ReadAllBytesAsync(path));
        var error = await Assert.ThrowsAsync<TarnException>(() => lake.IngestAsync(StandardInput.Source, r => r with { OpenInput = () => new MemoryStream(packed) }));
        Assert.Equal("File 'standard input' is Parquet packed with zstd. Unpack it first ('zstd -d'); Parquet is compressed inside.", error.Message);
    }

    [Fact]
    public async Task Ingest_BrokenLineOnStandardInput_IsNamed()
    {
        await using var lake = new IngestLake();
        var input = () => new MemoryStream("{\"id\": 1}\n{\"id\": \n{\"id\": 3}\n"u8.ToArray());
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.IngestAsync(StandardInput.Source, r => r with { OpenInput = input }));
        Assert.Contains("File 'standard input', line 2", error.Message, StringComparison.Ordinal);
        var result = await lake.IngestAsync(StandardInput.Source, r => r with { OpenInput = input, OnError = ErrorHandling.Quarantine });
        Assert.Equal((2, 1), (result.RowCount, result.RejectedCount));
    }

    [Fact]
    public async Task Ingest_ParquetWithHadoopLz4_IsTranscoded()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign", "parquet-testing", "data") is not { } folder)
            return;
        await using var lake = new IngestLake();
        await lake.IngestAsync(Path.Combine(folder, "hadoop_lz4_compressed.parquet"));
        await lake.RunAsync($"CREATE TABLE s.plain AS SELECT * FROM read_parquet('{folder}/lz4_raw_compressed.parquet')");
        Assert.Equal(["4"], await lake.RowsAsync("SELECT count(*) FROM s.t"));
        Assert.Equal(await lake.RowsAsync("SELECT * FROM s.plain ORDER BY ALL"), await lake.RowsAsync("SELECT * FROM s.t ORDER BY ALL"));
    }

    [Fact]
    public async Task Ingest_InstantsInNanoseconds_KeepAllDigits()
    {
        await using var lake = new IngestLake();
        string path = Path.Combine(lake.Input, "a.parquet");
        await lake.RunAsync($"COPY (SELECT TIMESTAMP_NS '2024-01-05 10:00:00.123456789' AS t) TO '{path}' (FORMAT parquet)");
        await lake.IngestAsync(path);
        Assert.Equal(["2024-01-05 10:00:00.123456789"], await lake.RowsAsync("SELECT t::VARCHAR FROM s.t"));
    }
}
