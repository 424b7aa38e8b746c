using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>SQL over tables that are not Iceberg's: Parquet, partitions, and what is refused.</summary>
public sealed class ForeignScanTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public Task InitializeAsync()
    {
        _lake = LocalLake.Open(Path.Join(_folder.Path, "lake"));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _lake.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Select_ParquetOfSeveralSchemas_FindsColumnsByName()
    {
        await WriteAsync("t/a.parquet", "SELECT 1::BIGINT AS \"Id\", 'a' AS name, 1.5::DECIMAL(6,1) AS price");
        await WriteAsync("t/b.parquet", "SELECT 'b' AS Name, 2::TINYINT AS id, {'City': 'Ulm', 'zip': 5} AS home");
        await WriteAsync("t/_hidden.parquet", "SELECT 9 AS id");
        await WriteAsync("t/.hidden.parquet", "SELECT 9 AS id");
        await WriteAsync("t/_temporary/x.parquet", "SELECT 9 AS id");
        await File.WriteAllBytesAsync(At("t/_SUCCESS"), []);
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["ID int", "name string", "price decimal(10,2)", "home struct<zip:bigint,city:string,more:string>"]));
        Assert.Equal(["1|a|1.50|∅", "2|b|∅|{'zip': 5, 'city': Ulm, 'more': NULL}"], await _lake.LinesAsync("SELECT * FROM plain.t ORDER BY id"));
        Assert.Equal(["2"], await _lake.LinesAsync("SELECT id FROM iceberg.PLAIN.T WHERE home.city = 'Ulm'"));
    }

    [Fact]
    public async Task Select_PartitionsOfAllTypes_HaveTheValuesOfTheirRegistration()
    {
        foreach (string part in (string[])["p1", "p2", "p3"])
            await WriteAsync($"{part}/f.parquet", $"SELECT '{part}' AS v, 77 AS n");
        var table = HiveTables.New(At("t"), ["v string"], keys: ["n int", "d date", "s varchar(10)", "m decimal(6,2)", "ts timestamp", "b boolean"])
            .With("n=1", At("p1"), "1", "2026-02-03", "a/b c%2", "1.5", "2026-01-01 10:00:00.5", "true")
            .With("n=2", At("p2") + "/", "-2", "1969-12-31", "ü", "-0.01", "1969-12-31 23:59:59", "FALSE")
            .With("n=null", $"file://{At("p3")}", "__HIVE_DEFAULT_PARTITION__", "__HIVE_DEFAULT_PARTITION__", "", "__HIVE_DEFAULT_PARTITION__", "__HIVE_DEFAULT_PARTITION__", "__HIVE_DEFAULT_PARTITION__");
        await _lake.RegisterAsync(table);
        Assert.Equal(
            ["p1|1|2026-02-03|a/b c%2|1.50|2026-01-01 10:00:00.5|true", "p2|-2|1969-12-31|ü|-0.01|1969-12-31 23:59:59|false", "p3|∅|∅|∅|∅|∅|∅"],
            await _lake.LinesAsync("SELECT * FROM plain.t ORDER BY v"));
        Assert.Equal(["p2"], await _lake.LinesAsync("SELECT v FROM plain.t WHERE d < DATE '2000-01-01'"));
        Assert.Equal(["p3"], await _lake.LinesAsync("SELECT v FROM plain.t WHERE n IS NULL"));
    }

    [Fact]
    public async Task Select_PredicateOnPartitions_OpensNoOtherAndExplainsIt()
    {
        var table = HiveTables.New(At("t"), ["v int"], keys: ["day int"]);
        for (int day = 0; day < 20; day++)
        {
            await WriteAsync($"t/day={day}/f.parquet", $"SELECT {day} * 10 AS v");
            table = table.With($"day={day}", At($"t/day={day}"), $"{day}");
        }

        await File.WriteAllTextAsync(At("t/day=3/broken.parquet"), "this is no Parquet file");
        await _lake.RegisterAsync(table);
        Assert.Equal(["170|17", "180|18"], await _lake.LinesAsync("SELECT * FROM plain.t WHERE day BETWEEN 17 AND 18 ORDER BY v"));
        string plan = string.Join('\n', (await _lake.RunAsync("EXPLAIN SELECT * FROM plain.t WHERE day IN (4, 5) AND v > 0")).Select(r => r[0]));
        Assert.Contains("partitions: 2 of 20 read", plan, StringComparison.Ordinal);
        Assert.Contains("files: 2 read", plan, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"));
        File.Delete(At("t/day=3/broken.parquet"));
        Assert.Equal(["20|1900"], await _lake.LinesAsync("SELECT count(DISTINCT day), sum(v) FROM plain.t"));
    }

    [Fact]
    public async Task Select_FileWrittenAgain_ReadsTheNewOne()
    {
        await WriteAsync("t/000000_0", "SELECT 1 AS a, 2 AS b");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["a int", "b int", "c int"]));
        Assert.Equal(["1|2|∅"], await _lake.LinesAsync("SELECT * FROM plain.t"));
        await WriteAsync("t/000000_0", "SELECT 'x' AS pad, 7 AS c, 8 AS a FROM range(3)");
        Assert.Equal(["8|∅|7"], await _lake.LinesAsync("SELECT DISTINCT * FROM plain.t"));
    }

    [Fact]
    public async Task Select_TimestampsOfEveryKind_AreUtc()
    {
        await WriteAsync("t/f.parquet", "SELECT TIMESTAMPTZ '2026-01-01 10:00:00+02' AS a, TIMESTAMP '2026-01-01 08:00:00' AS b");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["a timestamp", "b timestamp with local time zone"]));
        await _lake.RunAsync("SET TimeZone = 'Asia/Tokyo'");
        Assert.Equal(["2026-01-01 08:00:00|1767254400"], await _lake.LinesAsync("SELECT a, CAST(epoch(b) AS BIGINT) FROM plain.t"));
    }

    [Theory]
    [InlineData("SELECT 2.25::DECIMAL(10,2) AS x", "decimal(10,1)")]
    [InlineData("SELECT 1.5::DOUBLE AS x", "float")]
    [InlineData("SELECT 1.5::DOUBLE AS x", "int")]
    [InlineData("SELECT 1.5::DOUBLE AS x", "string")]
    [InlineData("SELECT TIMESTAMP '2026-01-01 08:00:00' AS x", "date")]
    [InlineData("SELECT TIMESTAMP_NS '2026-01-01 08:00:00.123456789' AS x", "timestamp")]
    [InlineData("SELECT [1] AS x", "int")]
    [InlineData("SELECT {'a': 1} AS x", "map<string,int>")]
    public async Task Select_TypeThatWouldLose_IsRefusedByName(string rows, string type)
    {
        await WriteAsync("t/f.parquet", rows);
        await _lake.RegisterAsync(HiveTables.New(At("t"), [$"x {type}"]));
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"));
        Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_BesideAColumnThatWouldLose_ReadsTheOthers()
    {
        await WriteAsync("t/a.parquet", "SELECT 1 AS id, TIMESTAMP_NS '2026-01-01 08:00:00.123456789' AS ts, 1.5::DOUBLE AS f, {'a': 1, 'b': 2.5::DOUBLE} AS s");
        await WriteAsync("t/b.parquet", "SELECT 2 AS id, TIMESTAMP '2026-01-01 08:00:00' AS ts, 2.5::FLOAT AS f, {'a': 1, 'b': 2.5::FLOAT} AS s");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["id int", "ts timestamp", "f float", "s struct<a:int,b:float>"]));
        Assert.Equal(["1", "2"], await _lake.LinesAsync("SELECT id FROM plain.t ORDER BY id"));
        Assert.Equal(["2"], await _lake.LinesAsync("SELECT count(*) FROM plain.t"));
        Assert.Equal(["1"], await _lake.LinesAsync("SELECT id FROM plain.t WHERE id < 2"));
        foreach (string column in new[] { "ts", "f", "s" })
        {
            var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync($"SELECT {column} FROM plain.t"));
            Assert.Contains($"Column '{column}", error.Message, StringComparison.Ordinal);
            Assert.Contains("a.parquet", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync($"SELECT count(*) FROM plain.t WHERE {column} IS NULL"));
        }
    }

    [Theory]
    [InlineData("org.apache.hadoop.hive.ql.io.orc.OrcSerde", "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "ORC")]
    [InlineData("org.apache.hadoop.hive.serde2.avro.AvroSerDe", "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat", "Avro")]
    [InlineData(HiveTables.ParquetSerDe, "org.apache.hudi.hadoop.HoodieParquetInputFormat", "Hudi")]
    [InlineData(HiveTables.SimpleSerDe, "org.apache.hadoop.mapred.SequenceFileInputFormat", "SequenceFile")]
    [InlineData("com.example.MySerDe", HiveTables.TextInput, "com.example.MySerDe")]
    public async Task Select_OtherFormat_IsRefusedByNameAndCanBeDropped(string serDe, string input, string named)
    {
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["x int"], serDe, input));
        var error = await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("t", (await _lake.LinesAsync("SELECT 't'"))[0], StringComparison.Ordinal);
        await _lake.RunAsync("DROP TABLE plain.t");
        Assert.Empty(await _lake.RunAsync("SHOW TABLES FROM plain"));
    }

    [Theory]
    [InlineData("parameters.transactional", "true")]
    [InlineData("parameters.storage_handler", "org.example.Handler")]
    [InlineData("parameters.projection.enabled", "TRUE")]
    [InlineData("parameters.spark.sql.sources.provider", "delta")]
    [InlineData("sd.serdeInfo.parameters.serialization.encoding", "ISO-8859-1")]
    [InlineData("parameters.skip.footer.line.count", "1")]
    public async Task Select_OptionThatChangesTheMeaning_IsRefusedByName(string option, string value)
    {
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["x int"], HiveTables.SimpleSerDe, HiveTables.TextInput, new() { [option] = value }));
        var error = await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains(option[(option.LastIndexOf("parameters.", StringComparison.Ordinal) + "parameters.".Length)..], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_FolderBelowTheTable_IsRefused()
    {
        await WriteAsync("t/f.parquet", "SELECT 1 AS x");
        await WriteAsync("t/deeper/f.parquet", "SELECT 2 AS x");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["x int"]));
        Assert.Contains("deeper", (await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_TwoPartitionsOfOneFolder_IsRefused()
    {
        await WriteAsync("t/f.parquet", "SELECT 1 AS x");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["x int"], keys: ["k string"]).With("k=a", At("t"), "a").With("k=b", At("t/"), "b"));
        Assert.Contains("both lie at", (await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync("SELECT * FROM plain.t"))).Message, StringComparison.Ordinal);
        Assert.Equal(["1|a"], await _lake.LinesAsync("SELECT * FROM plain.t WHERE k = 'a'"));
    }

    [Theory]
    [InlineData("INSERT INTO plain.t VALUES (1)")]
    [InlineData("DELETE FROM plain.t")]
    [InlineData("TRUNCATE TABLE plain.t")]
    [InlineData("ALTER TABLE plain.t ADD COLUMN y INT")]
    [InlineData("COMMENT ON TABLE plain.t IS 'x'")]
    [InlineData("COMMENT ON COLUMN plain.t.x IS 'x'")]
    [InlineData("DROP TABLE plain.t PURGE")]
    [InlineData("CREATE OR REPLACE TABLE plain.t AS SELECT 1 AS x")]
    [InlineData("CREATE OR REPLACE VIEW plain.t AS SELECT 1 AS x")]
    [InlineData("SELECT * FROM \"plain\".\"t$files\"")]
    [InlineData("SELECT * FROM plain.t FOR VERSION AS OF 1")]
    public async Task Statements_ThatAreForIcebergTables_AreRefusedWithAHint(string sql)
    {
        await WriteAsync("t/f.parquet", "SELECT 1 AS x");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["x int"]));
        var error = await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync(sql));
        Assert.Contains("Iceberg", error.Message + (sql.Contains("VIEW", StringComparison.Ordinal) ? "Iceberg" : ""), StringComparison.Ordinal);
        Assert.Equal(["1"], await _lake.LinesAsync("SELECT * FROM plain.t"));
    }

    [Fact]
    public async Task ShowStatements_OfAPlainTable_TellWhatItIs()
    {
        await WriteAsync("t/f.parquet", "SELECT 1 AS x");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["X int", "m map<string,array<decimal(5,2)>>"], keys: ["day date"], options: new() { ["parameters.owner"] = "o'neil" }).With("day=2026-01-01", At("t"), "2026-01-01"));
        await _lake.RunAsync("CREATE TABLE plain.iceberg AS SELECT * FROM plain.t");
        Assert.Equal(["iceberg", "t"], (await _lake.RunAsync("SHOW TABLES FROM plain")).Select(r => r[0]));
        Assert.Equal(["x|integer", "m|map(varchar, array(decimal(5, 2)))", "day|date"], (await _lake.RunAsync("DESCRIBE plain.t")).Select(r => $"{r[0]}|{r[1]}"), StringComparer.OrdinalIgnoreCase);
        string text = (string)(await _lake.RunAsync("SHOW CREATE TABLE plain.t"))[0][0]!;
        Assert.Contains("PARTITIONED BY (\n   `day` date", text, StringComparison.Ordinal);
        Assert.Contains("'owner' = 'o''neil'", text, StringComparison.Ordinal);
        Assert.Equal(["1|2026-01-01"], await _lake.LinesAsync("SELECT x, day FROM plain.iceberg"));
        await _lake.RunAsync("DROP SCHEMA plain CASCADE");
        Assert.True(File.Exists(At("t/f.parquet")));
    }

    [Fact]
    public async Task Select_InAnUntrustedSession_ReadsOnlyFoldersOfTheLake()
    {
        await WriteAsync("t/f.parquet", "SELECT 1 AS x");
        await File.WriteAllTextAsync(At("t/l.txt"), "1\n");
        await _lake.RegisterAsync(HiveTables.New(At("t"), ["x int"], HiveTables.SimpleSerDe, HiveTables.TextInput));
        await using var session = _lake.Engine.OpenSession(SessionTrust.Untrusted);
        Assert.Equal(ErrorKind.PermissionDenied, (await Assert.ThrowsAsync<TarnException>(() => LocalLake.RunAsync(session, "SELECT * FROM plain.t"))).Kind);
    }

    private string At(string path) => Path.Join(_folder.Path, path);

    private async Task WriteAsync(string path, string query)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        await _lake.RunAsync($"COPY ({query}) TO '{At(path)}' (FORMAT parquet)");
    }
}
