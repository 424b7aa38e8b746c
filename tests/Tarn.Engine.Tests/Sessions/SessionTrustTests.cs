using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Sessions;

/// <summary>What untrusted sessions may and may not do.</summary>
public sealed class SessionTrustTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;
    private ISqlSession _untrusted = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder["lake"]);
        _untrusted = _lake.Engine.OpenSession(SessionTrust.Untrusted);
        await File.WriteAllTextAsync(_folder["secret.csv"], "word\nxyzzy\n");
        foreach (string sql in new[]
        {
            "CREATE SCHEMA s", "CREATE TABLE s.t AS SELECT i AS id, i % 3 AS kind, [i, i + 1] AS pair FROM range(30) r(i)", $"CREATE VIEW s.leak AS SELECT * FROM '{_folder["secret.csv"]}'",
        })
            await _lake.RunAsync(sql);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM s.t WHERE id > 20", 9L)]
    [InlineData("WITH x AS (SELECT * FROM s.t) SELECT count(*) FROM x JOIN range(5) r(i) ON x.id = r.i", 5L)]
    [InlineData("SELECT count(*) FROM s.t, unnest(pair)", 60L)]
    [InlineData("SELECT count(*) FROM s.\"t$files\"", 1L)]
    [InlineData("SELECT count(*) FROM (VALUES (1), (2)) v(a)", 2L)]
    [InlineData("PIVOT (SELECT kind FROM s.t WHERE kind = 1) ON kind USING count(*)", 10L)]
    public async Task Query_OfCatalog_Answers(string sql, long expected) => Assert.Equal(expected, (await LocalLake.RunAsync(_untrusted, sql))[0][0]);

    [Fact]
    public async Task Write_ToCatalog_Works()
    {
        await LocalLake.RunAsync(_untrusted, "CREATE TABLE s.made AS SELECT * FROM s.t");
        await LocalLake.RunAsync(_untrusted, "INSERT INTO s.made VALUES (100, 1, [1])");
        await LocalLake.RunAsync(_untrusted, "SET VARIABLE least = 90");
        Assert.Equal(1L, (await LocalLake.RunAsync(_untrusted, "SELECT count(*) FROM s.made WHERE id > getvariable('least')"))[0][0]);
    }

    [Theory]
    [InlineData("SELECT * FROM read_csv('{secret}')", "read_csv")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')", "read_csv")]
    [InlineData("SELECT * FROM main.read_text('/etc/passwd')", "read_text")]
    [InlineData("SELECT * FROM system.main.read_blob('/etc/passwd')", "read_blob")]
    [InlineData("SELECT * FROM READ_CSV_AUTO('/etc/passwd')", "read_csv_auto")]
    [InlineData("SELECT * FROM \"read_parquet\"('{lake}/**/*.parquet')", "read_parquet")]
    [InlineData("SELECT * FROM parquet_metadata('{lake}/**/*.parquet')", "parquet_metadata")]
    [InlineData("SELECT * FROM glob('/etc/*')", "glob")]
    [InlineData("SELECT * FROM sniff_csv('/etc/passwd')", "sniff_csv")]
    [InlineData("SELECT * FROM duckdb_secrets()", "duckdb_secrets")]
    [InlineData("SELECT * FROM duckdb_settings()", "duckdb_settings")]
    [InlineData("SELECT * FROM query('SELECT * FROM read_csv(''/etc/passwd'')')", "query")]
    [InlineData("SELECT * FROM query_table('{secret}')", "query_table")]
    [InlineData("SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))", "json_execute_serialized_sql")]
    [InlineData("SELECT * FROM __tarn_relation(1)", "__tarn_relation")]
    [InlineData("SELECT * FROM '{secret}'", "secret.csv")]
    [InlineData("FROM '{secret}'", "secret.csv")]
    [InlineData("TABLE '{secret}'", "")]
    [InlineData("SELECT * FROM \"{secret}\"", "secret.csv")]
    [InlineData("SELECT * FROM '{lake}/lake/s/*/data/*.parquet'", "parquet")]
    [InlineData("SUMMARIZE '{secret}'", "")]
    [InlineData("SELECT * FROM (SUMMARIZE \"{secret}\")", "secret.csv")]
    [InlineData("SELECT * FROM (SHOW ALL TABLES)", "SHOW")]
    [InlineData("SELECT * FROM iceberg_table('{lake}/lake/s')", "iceberg_table")]
    [InlineData("SELECT * FROM information_schema.tables", "information_schema")]
    [InlineData("SELECT * FROM pg_catalog.pg_settings", "pg_settings")]
    [InlineData("SELECT * FROM s.leak", "secret.csv")]
    [InlineData("WITH x AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM x", "read_text")]
    [InlineData("WITH \"{secret}\" AS (SELECT * FROM \"{secret}\") SELECT * FROM \"{secret}\"", "secret.csv")]
    [InlineData("WITH \"{secret}\" AS MATERIALIZED (SELECT * FROM \"{secret}\") SELECT * FROM \"{secret}\"", "secret.csv")]
    [InlineData("SELECT (SELECT max(content) FROM read_text('/etc/passwd'))", "read_text")]
    [InlineData("SELECT * FROM s.t WHERE id IN (SELECT length(content) FROM read_text('/etc/passwd'))", "read_text")]
    [InlineData("SELECT * FROM s.t, LATERAL (SELECT * FROM read_text('/etc/passwd'))", "read_text")]
    [InlineData("SELECT id FROM s.t UNION ALL SELECT 1 FROM glob('/*')", "glob")]
    [InlineData("SELECT * FROM s.t ORDER BY (SELECT count(*) FROM glob('/*'))", "glob")]
    [InlineData("SELECT * FROM s.t LIMIT (SELECT count(*) FROM glob('/*'))", "glob")]
    [InlineData("SELECT * FROM s.t AT (VERSION => (SELECT max(content) FROM read_text('/etc/passwd')))", "a query as version")]
    [InlineData("PIVOT '{secret}' ON word USING count(*)", "")]
    [InlineData("PIVOT (SELECT * FROM read_text('/etc/passwd')) ON content USING count(*)", "read_text")]
    [InlineData("PIVOT s.t ON kind USING max((SELECT 1 FROM glob('/*')))", "glob")]
    [InlineData("PIVOT s.t ON kind USING max(current_setting('temp_directory'))", "current_setting")]
    [InlineData("SELECT current_setting('temp_directory')", "current_setting")]
    [InlineData("SELECT getenv('HOME')", "getenv")]
    [InlineData("SELECT json_serialize_plan('SELECT * FROM read_csv(''/etc/passwd'')')", "json_serialize_plan")]
    [InlineData("SELECT sleep_ms(100000)", "sleep_ms")]
    [InlineData("EXPLAIN SELECT * FROM read_csv('/etc/passwd')", "read_csv")]
    [InlineData("EXPLAIN ANALYZE SELECT * FROM '{secret}'", "secret.csv")]
    [InlineData("CREATE TABLE s.x AS SELECT * FROM read_csv('{secret}')", "read_csv")]
    [InlineData("CREATE VIEW s.x AS SELECT * FROM read_csv('{secret}')", "read_csv")]
    [InlineData("CREATE TABLE s.x (a int) WITH (location = 'file:///tmp/x')", "location")]
    [InlineData("CREATE TABLE s.x (a int) WITH (\"write.data.path\" = 'file:///tmp/x')", "write.data.path")]
    [InlineData("ALTER TABLE s.t SET PROPERTIES \"write.metadata.path\" = 'file:///tmp/x'", "write.metadata.path")]
    [InlineData("INSERT INTO s.t SELECT 1, 1, [1] FROM glob('/*')", "glob")]
    [InlineData("INSERT INTO s.t VALUES ((SELECT count(*) FROM glob('/*')), 1, [1])", "glob")]
    [InlineData("DELETE FROM s.t WHERE id IN (SELECT 1 FROM glob('/*'))", "glob")]
    [InlineData("COPY s.t TO '/tmp/out.csv'", "COPY")]
    [InlineData("COPY (SELECT 1) TO '/tmp/out.csv'", "COPY")]
    [InlineData("ATTACH '/tmp/x.db' AS x", "ATTACH")]
    [InlineData("INSTALL httpfs", "INSTALL")]
    [InlineData("LOAD '/tmp/x.duckdb_extension'", "LOAD")]
    [InlineData("PRAGMA database_list", "PRAGMA")]
    [InlineData("CREATE SECRET x (TYPE s3)", "CREATE SECRET")]
    [InlineData("CREATE MACRO m() AS TABLE SELECT * FROM read_text('/etc/passwd')", "CREATE MACRO")]
    [InlineData("EXPORT DATABASE '/tmp/x'", "EXPORT")]
    [InlineData("SET enable_external_access = true", "enable_external_access")]
    [InlineData("SET allowed_directories = ['/']", "allowed_directories")]
    [InlineData("SET temp_directory = '/tmp'", "temp_directory")]
    [InlineData("RESET enable_external_access", "enable_external_access")]
    [InlineData("SET VARIABLE x = (SELECT max(content) FROM read_text('/etc/passwd'))", "read_text")]
    [InlineData("SET VARIABLE x = (SELECT max(id) FROM s.t)", "s.t")]
    [InlineData("CALL iceberg.system.register_table('s', 'x', '/tmp/x.metadata.json')", "register_table")]
    [InlineData("CALL iceberg.system.register_view('s', 'x', '/tmp/x.metadata.json')", "register_view")]
    public async Task Statement_BeyondCatalog_IsRefusedByName(string sql, string named)
    {
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => LocalLake.RunAsync(_untrusted, Fill(sql)));

        // Some forms do not even parse here; what matters is that nothing was read.
        Assert.True(error.Kind == ErrorKind.PermissionDenied || (named.Length == 0 && error.Kind == ErrorKind.InvalidRequest), $"{error.Kind}: {error.Message}");
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("xyzzy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_ArgumentThatReads_IsRefused()
    {
        await LocalLake.RunAsync(_untrusted, "PREPARE p AS SELECT count(*) FROM s.t WHERE id < ?");
        Assert.Equal(5L, (await LocalLake.RunAsync(_untrusted, "EXECUTE p(5)"))[0][0]);
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => LocalLake.RunAsync(_untrusted, "EXECUTE p((SELECT count(*) FROM glob('/*')))"));
        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
    }

    [Fact]
    public async Task Query_OfTableOutsideOfTheFolders_IsRefused()
    {
        await _lake.RunAsync($"CREATE TABLE s.far WITH (location = 'file://{_folder["far"]}') AS SELECT 1 AS a");
        Assert.Equal(1, (await _lake.RunAsync("SELECT a FROM s.far"))[0][0]);
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => LocalLake.RunAsync(_untrusted, "SELECT a FROM s.far"));
        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains("s.far", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trusted_ReadsFiles_BesideUntrusted()
    {
        Assert.Equal("xyzzy", (await _lake.RunAsync(Fill("SELECT word FROM '{secret}'")))[0][0]);
        Assert.Equal("xyzzy", (await _lake.RunAsync("SELECT word FROM s.leak"))[0][0]);
    }

    public async Task DisposeAsync()
    {
        await _untrusted.DisposeAsync();
        await _lake.DisposeAsync();
        _folder.Dispose();
    }

    private string Fill(string sql) => sql.Replace("{secret}", _folder["secret.csv"], StringComparison.Ordinal).Replace("{lake}", _folder["lake"], StringComparison.Ordinal);
}
