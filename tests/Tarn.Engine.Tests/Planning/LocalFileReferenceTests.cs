using System.IO.Compression;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Engine.Tests.Ingest;

namespace Tarn.Engine.Tests.Planning;

public sealed class LocalFileReferenceTests
{
    private const int Rows = 50_000;

    private static readonly string[] s_refused =
    [
        "SELECT count(*) FROM '{0}/cut.csv.gz'",
        "SET VARIABLE n = (SELECT count(*) FROM '{0}/cut.csv.gz')",
        "SELECT count(*) FROM '{0}/cut.csv.zst'",
        "SELECT count(*) FROM '{0}/cut.ndjson.gz'",
        "SELECT max(v) FROM read_csv('{0}/cut.csv.gz', header = true)",
        "SELECT max(v) FROM read_csv(['{0}/whole.csv.gz', '{0}/cut.csv.gz'])",
        "SELECT max(v) FROM read_json_auto('{0}/cut.ndjson.gz')",
        "SELECT max(v) FROM read_csv('{0}/renamed.csv', compression = 'gzip')",
        "SELECT max(v) FROM read_csv('{0}/renamed.csv', compression := 'gzip')",
        "SELECT count(*) FROM '{0}/c*.csv.gz'",
        "WITH c AS (SELECT * FROM '{0}/cut.csv.gz') SELECT count(*) FROM c",
        "SELECT count(*) FROM '{0}/plain.csv' WHERE id IN (SELECT id FROM '{0}/cut.csv.gz')",
        "SELECT * FROM '{0}/plain.csv' WHERE id NOT IN (SELECT id FROM '{0}/cut.csv.gz') LIMIT 1",
        "SELECT id FROM '{0}/cut.csv.gz' ORDER BY id LIMIT 3",
        "SELECT count(*) FROM '{0}/cut.csv.gz' LIMIT 1",
        "SELECT id FROM '{0}/cut.csv.gz' LIMIT 50000",
        "WITH c AS (SELECT count(*) AS n FROM '{0}/cut.csv.gz') SELECT n FROM c LIMIT 1",
        "SUMMARIZE '{0}/cut.csv.gz'",
        "SELECT * REPLACE (max(id) OVER () AS id) FROM '{0}/cut.csv.gz' LIMIT 1",
        "SELECT DISTINCT v FROM '{0}/cut.csv.gz' LIMIT 1",
        "SELECT count(*) FROM s.v",
        "SELECT * FROM s.v LIMIT 1",
        "INSERT INTO s.t SELECT * FROM '{0}/cut.csv.gz'",
        "CREATE TABLE s.u AS SELECT * FROM '{0}/cut.csv.gz' LIMIT 5",
        "COPY (SELECT * FROM '{0}/cut.csv.gz') TO '{0}/copy.parquet'",
    ];

    private static readonly (string Sql, int Count)[] s_read =
    [
        ("SELECT count(*) FROM '{0}/whole.csv.gz'", Rows),
        ("SELECT count(*) FROM '{0}/whole.csv.zst'", Rows),
        ("SELECT count(*) FROM read_csv('{0}/whole.csv.*')", 2 * Rows),
        ("SELECT count(*) FROM (SELECT id FROM '{0}/whole.csv.gz' LIMIT 7)", 7),
        ("SELECT count(*) FROM read_csv(concat('{0}', '/whole.csv.gz'))", Rows),
    ];

    private static readonly string[] s_previews =
    [
        "SELECT * FROM '{0}/cut.csv.gz' LIMIT 5",
        "SELECT v, id FROM read_csv('{0}/cut.csv.gz') WHERE id > 3 LIMIT 5 OFFSET 2",
    ];

    [Fact]
    public async Task Query_OverAFileAndATableThatItIsCalledLike_TellsTheTwoApart()
    {
        await using var lake = new IngestLake();
        string path = lake.Write("t.csv", "a\n2\n9\n");
        await lake.RunAsync("CREATE SCHEMA s1");
        await lake.RunAsync("CREATE TABLE s1.t AS SELECT i AS a FROM range(1, 4) r(i)");
        Assert.Equal(["2"], await lake.RowsAsync($"SELECT s1.t.a FROM s1.t WHERE EXISTS (SELECT 1 FROM '{path}' WHERE t.a = s1.t.a)"));
    }

    [Fact]
    public async Task Execute_FileThatIsCutOff_IsRefused()
    {
        await using var lake = await PackedLakeAsync();
        await lake.RunAsync($"CREATE VIEW s.v AS SELECT count(*) AS n FROM '{lake.Input}/cut.csv.gz'");
        foreach (string sql in s_refused)
        {
            var error = await Record.ExceptionAsync(() => lake.RowsAsync(In(lake, sql)));
            Assert.True(error is TarnException { Kind: ErrorKind.DataCorrupted } && error.Message.Contains("cut off", StringComparison.Ordinal) && error.Message.Contains(lake.Input, StringComparison.Ordinal), $"{sql}: {error}");
        }

        Assert.Equal(["0"], await lake.RowsAsync("SELECT count(*) FROM s.t"));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAnyAsync<TarnException>(() => lake.RowsAsync("DESCRIBE s.u"))).Kind);
        Assert.False(File.Exists(Path.Combine(lake.Input, "copy.parquet")));
    }

    [Fact]
    public async Task Execute_WholeFile_IsRead()
    {
        await using var lake = await PackedLakeAsync();
        foreach (var (sql, count) in s_read)
            Assert.Equal((sql, $"{count}"), (sql, (await lake.RowsAsync(In(lake, sql))).Single()));
    }

    [Fact]
    public async Task Execute_FirstRowsOfFileThatIsCutOff_AreGiven()
    {
        await using var lake = await PackedLakeAsync();
        foreach (string sql in s_previews)
            Assert.Equal((sql, 5), (sql, (await lake.RowsAsync(In(lake, sql))).Length));
        Assert.Equal(["id", "v"], (await lake.RowsAsync($"DESCRIBE SELECT * FROM '{lake.Input}/cut.csv.gz'")).Select(r => r.Split('|')[0]));
        Assert.NotEmpty(await lake.RowsAsync($"EXPLAIN SELECT count(*) FROM '{lake.Input}/cut.csv.gz'"));
    }

    [Theory]
    [InlineData("SELECT * FROM '{0}/torn.csv.gz' LIMIT 11")]
    [InlineData("SELECT v FROM read_csv('{0}/torn.csv.gz') WHERE id > 8 LIMIT 2")]
    [InlineData("SELECT * FROM read_csv('{0}/torn.csv.gz') LIMIT 1 OFFSET 10")]
    [InlineData("FROM '{0}/torn*.csv.gz' LIMIT 11")]
    [InlineData("FROM read_csv(['{0}/torn.csv.gz', '{0}/torn2.csv.gz']) LIMIT 11")]
    [InlineData("FROM read_csv(['{0}/torn.csv.gz', concat('{0}', '/torn2.csv.gz')]) LIMIT 11")]
    public async Task Execute_FirstRowsUpToTheOneThatIsCut_IsRefused(string sql)
    {
        await using var lake = TornLake();
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RowsAsync(In(lake, sql)));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Contains("cut off", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT * FROM '{0}/torn.csv.gz' LIMIT 10", 10)]
    [InlineData("SELECT id FROM read_csv('{0}/torn.csv.gz') WHERE id > (SELECT 3 LIMIT 1) LIMIT 4 OFFSET 2", 4)]
    [InlineData("SELECT id FROM '{0}/torn.csv.gz' LIMIT 0", 0)]
    public async Task Execute_FirstRowsBeforeTheOneThatIsCut_AreGiven(string sql, int count)
    {
        await using var lake = TornLake();
        Assert.Equal(count, (await lake.RowsAsync(In(lake, sql))).Length);
    }

    // Rows 0 to 9 are whole; of row 10 the value is cut.
    private static IngestLake TornLake()
    {
        var lake = new IngestLake();
        byte[] text = Encoding.UTF8.GetBytes($"id,v\n{string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},12345\n"))}10,12");
        using var packed = new MemoryStream();
        using var gzip = new GZipStream(packed, CompressionLevel.Fastest);
        gzip.Write(text);
        gzip.Flush();
        lake.Write("torn.csv.gz", packed.ToArray());
        lake.Write("torn2.csv.gz", packed.ToArray());
        return lake;
    }

    private static string In(IngestLake lake, string sql) => sql.Replace("{0}", lake.Input, StringComparison.Ordinal);

    private static async Task<IngestLake> PackedLakeAsync()
    {
        var lake = new IngestLake();
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t (id BIGINT, v DOUBLE)");
        string rows = $"SELECT i AS id, random() AS v FROM range({Rows}) AS r(i)";
        foreach (string name in (string[])["csv.gz", "csv.zst", "ndjson.gz"])
        {
            string options = $"FORMAT {(name.Contains("json", StringComparison.Ordinal) ? "json" : "csv")}, COMPRESSION {(name.EndsWith("zst", StringComparison.Ordinal) ? "zstd" : "gzip")}";
            string path = Path.Combine(lake.Input, $"whole.{name}");
            await lake.RunAsync($"COPY ({rows}) TO '{path}' ({options})");
            byte[] whole = await File.ReadAllBytesAsync(path);
            lake.Write($"cut.{name}", whole[..(whole.Length * 2 / 3)]);
        }

        File.Copy(Path.Combine(lake.Input, "cut.csv.gz"), Path.Combine(lake.Input, "renamed.csv"));
        lake.Write("plain.csv", "id,v\n1,0.5\n-1,0.5\n");
        return lake;
    }
}
