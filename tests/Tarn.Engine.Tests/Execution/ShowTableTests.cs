using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

public sealed class ShowTableTests
{
    [Fact]
    public async Task ShowCreateSchema_WithProperties_MakesTheSameSchema()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA trials COMMENT 'it''s a trial' WITH (owner = 'ann')");
        string text = (string)(await lake.RunAsync("SHOW CREATE SCHEMA trials"))[0][0]!;
        await lake.RunAsync("DROP SCHEMA trials");
        await lake.RunAsync(text);
        Assert.Equal(text, (await lake.RunAsync("SHOW CREATE SCHEMA trials"))[0][0]);
        Assert.Contains("ann", text, StringComparison.Ordinal);
        Assert.Contains("it''s a trial", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowCreateTable_WithDefaults_MakesTheSameTable()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("""
            CREATE TABLE s.t (id bigint, b boolean DEFAULT TRUE, i integer DEFAULT -3, l bigint DEFAULT 9223372036854775807, r real DEFAULT 1.5, d double DEFAULT '-Infinity', n decimal(38, 2) DEFAULT '123456789012345678901234567890123456.78',
                s varchar DEFAULT 'it''s', u uuid DEFAULT '6f1c2b1e-0000-4000-8000-0123456789ab', x varbinary DEFAULT X'00FF', day date DEFAULT DATE '2026-01-02', time time DEFAULT TIME '10:00:00.5',
                at timestamp DEFAULT TIMESTAMP '2026-01-02 10:00:00.123456', z timestamp with time zone DEFAULT '2026-01-02 10:00:00+02', ns timestamp(9) DEFAULT '2026-01-02 10:00:00.123456789') WITH (format_version = 3)
            """);
        string text = (string)(await lake.RunAsync("SHOW CREATE TABLE s.t"))[0][0]!;
        await lake.RunAsync(text.Replace("s.t ", "s.u ", StringComparison.Ordinal).Replace("/t-", "/u-", StringComparison.Ordinal));
        await lake.RunAsync("INSERT INTO s.t (id) VALUES (1)");
        await lake.RunAsync("INSERT INTO s.u (id) VALUES (1)");
        Assert.Empty(await lake.RunAsync("FROM s.t EXCEPT ALL FROM s.u"));
        Assert.Equal(text.Replace("/t-", "/u-", StringComparison.Ordinal).Replace("s.t ", "s.u ", StringComparison.Ordinal), (await lake.RunAsync("SHOW CREATE TABLE s.u"))[0][0]);
        Assert.Equal([["00FF", "00FF", 2L]], await lake.RunAsync("SELECT hex(x), hex(X'00FF'), octet_length(X'00FF') FROM s.u"));
    }

    [Theory]
    [InlineData("(a boolean, b real, c double, d decimal(38, 38), e time, f timestamp(9) with time zone, g uuid, h varbinary, i fixed(16), j variant, k unknown, l geometry, m geography) WITH (format_version = 3)")]
    [InlineData("(o row(x int NOT NULL COMMENT 'in''ner', \"y z\" array(row(p date NOT NULL))) NOT NULL, p map(varchar, row(q int NOT NULL)) NOT NULL COMMENT 'outer')")]
    [InlineData("(\"a b\" int, \"c.d\" date, \"e\"\"f\" int, \"select\" int, \"Ünï\" varchar, A int) WITH (partitioning = ARRAY['\"a b\"', 'month(\"c.d\")', 'bucket(\"e\"\"f\", 4)', 'truncate(\"Ünï\", 3) AS \"first 3\"'], sorted_by = ARRAY['\"select\" DESC', 'a NULLS LAST'])")]
    [InlineData("(a int) WITH (format_version = 1, compression_codec = 'gzip', target_file_size = 1000000, extra_properties = MAP {'my team': 'it''s', 'x': ''})")]
    public async Task ShowCreateTable_OfEachKind_MakesTheSameTable(string definition)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync($"CREATE TABLE s.t {definition}");
        string text = (string)(await lake.RunAsync("SHOW CREATE TABLE s.t"))[0][0]!;
        var columns = await lake.RunAsync("DESCRIBE s.t");
        await lake.RunAsync("DROP TABLE s.t");
        await lake.RunAsync(text);
        Assert.Equal(text, (await lake.RunAsync("SHOW CREATE TABLE s.t"))[0][0]);
        Assert.Equal(columns, await lake.RunAsync("DESCRIBE s.t"));
    }

    [Fact]
    public async Task ShowCreateTable_WithTagsOfNestedColumns_NamesNoFieldId()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.people (id bigint, home row(street varchar, city varchar), mail varchar)");
        await lake.RunAsync("ALTER TABLE s.people ALTER COLUMN home.city SET TAGS ('pii')");
        await lake.RunAsync("ALTER TABLE s.people ALTER COLUMN mail SET TAGS ('contact' = 'direct')");
        string text = (string)(await lake.RunAsync("SHOW CREATE TABLE s.people"))[0][0]!;
        Assert.DoesNotContain("tarn.column-tag", text, StringComparison.Ordinal);
        Assert.Contains("TAGS ('contact' = 'direct')", text, StringComparison.Ordinal);
        await lake.RunAsync(text.Replace("people", "folk", StringComparison.Ordinal));
        Assert.Equal([["mail", "contact"]], await lake.RunAsync("SELECT \"column\", tag FROM iceberg.system.tags WHERE name = 'folk'"));
    }
}
