using Tarn.Interop.Tests.ObjectStore;
using Tarn.Interop.Tests.Peers;
using Tarn.Testing;

namespace Tarn.Interop.Tests.Metastore;

/// <summary>Plain tables with partitions that Spark wrote, registered in Tarn's metastore by another client, read by Tarn's SQL: Spark's own rows are the judge.</summary>
public sealed class PlainTableTests
{
    private const string Database = "plain";

    [Fact]
    public async Task Select_TablesThatSparkWrote_GivesSparksRows()
    {
        if (SharedFolder.TryGet("peers", "spark", "run.sh") is not { } spark || await PeerCache.HivePythonAsync() is not { } python)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false, allowsFiles: true);
        string parquet = $"{server.Folder}/spark/parquet", json = $"{server.Folder}/spark/json", text = $"{server.Folder}/spark/text";
        string columns = "id INT, Name STRING, amount DECIMAL(10,2), at TIMESTAMP, tags ARRAY<STRING>, m MAP<STRING,INT>, home STRUCT<Zip:INT,City:STRING>";
        string statements = $"""
            CREATE TABLE spark_catalog.default.t ({columns}, day DATE, region STRING) USING parquet PARTITIONED BY (day, region) LOCATION 'file:{parquet}';
            INSERT INTO spark_catalog.default.t VALUES
              (1, 'a', 1.50, TIMESTAMP '2026-01-01 10:00:00.123456', array('x', NULL), map('k', 1), named_struct('Zip', 5, 'City', 'Ulm'), DATE '2026-01-01', 'eu/west=1 %'),
              (2, NULL, NULL, NULL, NULL, NULL, NULL, DATE '2026-01-01', NULL),
              (3, 'ü€😀', -0.01, TIMESTAMP '1900-01-01 00:00:00', array(), map(), named_struct('Zip', NULL, 'City', ''), DATE '1969-12-31', 'ü:"*'),
              (4, '', 99999999.99, TIMESTAMP '2038-01-19 03:14:08', array('y'), map('k', NULL), NULL, NULL, '2026');
            CREATE TABLE spark_catalog.default.j USING json PARTITIONED BY (day, region) LOCATION 'file:{json}' AS SELECT id, Name, amount, tags, m, home, day, region FROM spark_catalog.default.t;
            CREATE TABLE spark_catalog.default.c USING csv OPTIONS (sep '|', nullValue '\\N', emptyValue '', quote '', compression 'gzip') PARTITIONED BY (day) LOCATION 'file:{text}' AS SELECT id, Name, amount, day FROM spark_catalog.default.t WHERE id <> 4;
            SELECT concat_ws('|', id, coalesce(name, '-'), coalesce(amount, '-'), coalesce(unix_micros(at), '-'), if(tags IS NULL, '-', size(tags)), coalesce(tags[0], '-'), coalesce(m['k'], '-'), coalesce(home.zip, '-'), coalesce(home.city, '-'), coalesce(day, '-'), coalesce(region, '-')) AS r FROM spark_catalog.default.t ORDER BY id;
            SELECT concat_ws('|', id, coalesce(name, '-'), coalesce(amount, '-'), if(tags IS NULL, '-', size(tags)), coalesce(tags[0], '-'), coalesce(m['k'], '-'), coalesce(home.city, '-'), coalesce(day, '-'), coalesce(region, '-')) AS r FROM spark_catalog.default.j ORDER BY id;
            SELECT concat_ws('|', id, coalesce(name, '-'), coalesce(amount, '-'), coalesce(day, '-')) AS r FROM spark_catalog.default.c ORDER BY id;
            """;
        if (await HiveMetastoreTests.RunJavaAsync(spark, ["--hadoop", $"{server.Folder}/spark/iceberg", "-f", "-"], statements) is not { } printed)
            return;
        string[] rows = [.. printed.Where(l => l.StartsWith("{\"r\":", StringComparison.Ordinal))];
        Assert.Equal(11, rows.Length);

        const string hive = "id:int;name:string;amount:decimal(10,2);at:timestamp;tags:array<string>;m:map<string,int>;home:struct<zip:int,city:string>";
        await RegisterAsync(python, server, "t", "parquet", parquet, hive, "day:date;region:string");
        await RegisterAsync(python, server, "j", "json", json, hive.Replace("at:timestamp;", "", StringComparison.Ordinal), "day:date;region:string");
        await RegisterAsync(python, server, "c", "text", text, "id:int;name:string;amount:decimal(10,2)", "day:date");
        string sql = $"""
            SELECT concat_ws('|', id, coalesce(name, '-'), coalesce(amount::VARCHAR, '-'), coalesce(epoch_us("at")::VARCHAR, '-'), coalesce(len(tags)::VARCHAR, '-'), coalesce(tags[1], '-'), coalesce(m['k']::VARCHAR, '-'), coalesce(home.zip::VARCHAR, '-'), coalesce(home.city, '-'), coalesce(day::VARCHAR, '-'), coalesce(region, '-')) AS r FROM {Database}.t ORDER BY id;
            SELECT concat_ws('|', id, coalesce(name, '-'), coalesce(amount::VARCHAR, '-'), coalesce(len(tags)::VARCHAR, '-'), coalesce(tags[1], '-'), coalesce(m['k']::VARCHAR, '-'), coalesce(home.city, '-'), coalesce(day::VARCHAR, '-'), coalesce(region, '-')) AS r FROM {Database}.j ORDER BY id;
            SELECT concat_ws('|', id, coalesce(name, '-'), coalesce(amount::VARCHAR, '-'), coalesce(day::VARCHAR, '-')) AS r FROM {Database}.c ORDER BY id
            """;
        var read = await HiveMetastoreTests.TarnAsync(server, "sql", "--format", "ndjson", sql);
        Assert.Equal(rows.Select(Value), read.Select(Value));
        var plan = await HiveMetastoreTests.TarnAsync(server, "sql", $"EXPLAIN SELECT id FROM {Database}.t WHERE day = DATE '2026-01-01' AND region IS NOT NULL");
        Assert.Contains(plan, line => line.Contains("partitions: 1 of 4 read", StringComparison.Ordinal));
    }

    private static string Value(string line) => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("r").GetString()!;

    private static Task RegisterAsync(string python, ObjectStoreServer server, string table, string form, string folder, string columns, string keys) => PeerProcess.RunAsync(
        python, [PeerProcess.Script("register_plain.py"), server.Metastore["thrift://".Length..], Database, table, form, folder, columns, keys], []);
}
