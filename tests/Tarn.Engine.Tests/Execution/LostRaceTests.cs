using Tarn.Core.Errors;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sql;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

/// <summary>Statements that take what is there as it is, when somebody else commits between their look and their commit.</summary>
public sealed class LostRaceTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private OvertakenCommitLog log = null!;
    private LocalLake lake = null!;
    private LocalLake other = null!;

    public async Task InitializeAsync()
    {
        lake = LocalLake.Open(folder["lake"], aroundLog: inner => log = new OvertakenCommitLog(inner));
        foreach (string sql in new[] { "CREATE SCHEMA s", "CREATE TABLE s.t AS SELECT 1 AS i", "CREATE VIEW s.v AS SELECT 1 AS i" })
            await lake.RunAsync(sql);
        // As another process sees the lake: within one, commits of a table wait for each other.
        other = LocalLake.Open(folder["lake"]);
    }

    public async Task DisposeAsync()
    {
        await other.DisposeAsync();
        await lake.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("CREATE SCHEMA IF NOT EXISTS n", "CREATE SCHEMA n", "SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'none'", "0")]
    [InlineData("CREATE TABLE IF NOT EXISTS s.n (i INT)", "CREATE TABLE s.n AS SELECT 5 AS i", "SELECT i FROM s.n", "5")]
    [InlineData("CREATE TABLE IF NOT EXISTS s.n AS SELECT 6 AS i", "CREATE TABLE s.n AS SELECT 5 AS i", "SELECT i FROM s.n", "5")]
    [InlineData("CREATE OR REPLACE TABLE s.n AS SELECT 6 AS i", "CREATE TABLE s.n AS SELECT 5 AS j", "SELECT i FROM s.n", "6")]
    [InlineData("CREATE OR REPLACE TABLE s.t AS SELECT 6 AS i", "DROP TABLE s.t", "SELECT i FROM s.t", "6")]
    [InlineData("CREATE OR REPLACE TABLE s.t AS SELECT 6 AS i", "CREATE OR REPLACE TABLE s.t AS SELECT 5 AS j", "SELECT i FROM s.t", "6")]
    [InlineData("CREATE VIEW IF NOT EXISTS s.n AS SELECT 6 AS i", "CREATE VIEW s.n AS SELECT 5 AS i", "SELECT i FROM s.n", "5")]
    [InlineData("CREATE OR REPLACE VIEW s.n AS SELECT 6 AS i", "CREATE VIEW s.n AS SELECT 5 AS i", "SELECT i FROM s.n", "6")]
    [InlineData("CREATE OR REPLACE VIEW s.v AS SELECT 6 AS i", "CREATE OR REPLACE VIEW s.v AS SELECT 5 AS i", "SELECT i FROM s.v", "6")]
    [InlineData("CREATE OR REPLACE VIEW s.v AS SELECT 6 AS i", "DROP VIEW s.v", "SELECT i FROM s.v", "6")]
    [InlineData("ALTER TABLE s.t ADD COLUMN IF NOT EXISTS j INT", "ALTER TABLE s.t ADD COLUMN j INT", "SELECT j FROM s.t", "")]
    [InlineData("ALTER TABLE s.t CREATE TAG IF NOT EXISTS x", "ALTER TABLE s.t CREATE TAG x", "SELECT count(*) FROM s.\"t$refs\"", "2")]
    [InlineData("ALTER TABLE s.t CREATE BRANCH IF NOT EXISTS x", "ALTER TABLE s.t CREATE BRANCH x", "SELECT count(*) FROM s.\"t$refs\"", "2")]
    [InlineData("DROP TABLE IF EXISTS s.t", "DROP TABLE s.t", "SELECT 1", "1")]
    [InlineData("DROP VIEW IF EXISTS s.v", "DROP VIEW s.v", "SELECT 1", "1")]
    [InlineData("ALTER TABLE IF EXISTS s.t ADD COLUMN j INT", "DROP TABLE s.t", "SELECT 1", "1")]
    public async Task Execute_OvertakenBetweenLookAndCommit_LooksAgain(string statement, string sql, string query, string expected)
    {
        log.Before(() => other.RunAsync(sql));
        await lake.RunAsync(statement);
        Assert.Equal(expected, Convert.ToString((await lake.RunAsync(query))[0][0], null));
    }

    [Theory]
    [InlineData("ALTER TABLE s.t DROP COLUMN IF EXISTS k", "ALTER TABLE s.t DROP COLUMN k")]
    [InlineData("ALTER TABLE s.t RENAME COLUMN IF EXISTS k TO l", "ALTER TABLE s.t DROP COLUMN k")]
    [InlineData("ALTER TABLE s.t DROP TAG IF EXISTS x", "ALTER TABLE s.t DROP TAG x")]
    [InlineData("DROP SCHEMA IF EXISTS e", "DROP SCHEMA e")]
    public async Task Execute_OvertakenByTheSameRemoval_LooksAgain(string statement, string sql)
    {
        foreach (string first in new[] { "CREATE SCHEMA e", "ALTER TABLE s.t ADD COLUMN k INT", "ALTER TABLE s.t CREATE TAG x" })
            await lake.RunAsync(first);
        log.Before(() => other.RunAsync(sql));
        await lake.RunAsync(statement);
    }

    // What is missing is told, and the schema above only where it is that.
    [Theory]
    [InlineData("CREATE SCHEMA e.n", true)]
    [InlineData("CREATE SCHEMA \"lake@dev\".e.n", false)]
    public async Task CreateSchema_SomethingIsGoneMeanwhile_SaysWhat(string statement, bool isSchema)
    {
        await lake.RunAsync("CREATE SCHEMA e");
        await lake.Catalogs.Branches("lake").CreateAsync("dev");
        log.Before(async () =>
        {
            await other.RunAsync("DROP SCHEMA e");
            await other.Catalogs.Branches("lake").DeleteAsync("dev");
        });
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync(statement));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Contains(isSchema ? "Namespace 'e' does not exist" : "Warehouse 'lake' has no branch 'dev'", error.Message, StringComparison.Ordinal);
        Assert.Equal(isSchema, error.Message.Contains("Write CREATE SCHEMA \"e\" first", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CREATE TABLE s.n (i INT)", "CREATE TABLE s.n (i INT)")]
    [InlineData("CREATE SCHEMA n", "CREATE SCHEMA n")]
    [InlineData("CREATE VIEW s.n AS SELECT 1 AS i", "CREATE VIEW s.n AS SELECT 1 AS i")]
    [InlineData("CREATE OR REPLACE TABLE s.n (i INT)", "CREATE VIEW s.n AS SELECT 1 AS i")]
    public async Task Execute_OvertakenWithoutTheWords_SaysSo(string statement, string sql)
    {
        log.Before(() => other.RunAsync(sql));
        Assert.Equal(ErrorKind.AlreadyExists, (await Assert.ThrowsAsync<TarnException>(() => lake.RunAsync(statement))).Kind);
    }

    [Theory]
    [InlineData(IngestMode.Append, "1|5")]
    [InlineData(IngestMode.Overwrite, "1")]
    public async Task Ingest_NewTableThatSomebodyElseMakes_GoesIntoIt(IngestMode mode, string expected)
    {
        await File.WriteAllTextAsync(folder["a.csv"], "i\n1\n");
        log.Before(async () =>
        {
            await other.RunAsync("CREATE SCHEMA x");
            await other.RunAsync("CREATE TABLE x.y AS SELECT 5::BIGINT AS i");
        });
        var result = await lake.Engine.IngestAsync(new IngestRequest([folder["a.csv"]], QualifiedName.Of("x", "y")) { Mode = mode });
        Assert.False(result.Created);
        Assert.Equal(expected, (await lake.RunAsync("SELECT string_agg(i, '|' ORDER BY i) FROM x.y"))[0][0]);
    }

    [Fact]
    public async Task Execute_ManyAtOnce_AllEnd()
    {
        const int Count = 12;
        await File.WriteAllTextAsync(folder["a.csv"], "i\n1\nbad,row\n");
        var all = Enumerable.Range(0, Count).Select(n => Task.Run(async () =>
        {
            await using var session = lake.Engine.OpenSession();
            foreach (string sql in new[] { "CREATE SCHEMA IF NOT EXISTS x", "CREATE TABLE IF NOT EXISTS x.c (i INT)", "INSERT INTO x.c VALUES (1)", "CREATE OR REPLACE TABLE x.r AS SELECT 1 AS i", "CREATE OR REPLACE VIEW x.v AS SELECT 1 AS i" })
                await LocalLake.RunAsync(session, sql);
            await lake.Engine.IngestAsync(new IngestRequest([folder["a.csv"]], QualifiedName.Of("y", "q")) { OnError = ErrorHandling.Quarantine });
        }));
        await Task.WhenAll(all);
        Assert.Equal([(long)Count, (long)Count, (long)Count], (await lake.RunAsync("SELECT (SELECT count(*) FROM x.c), (SELECT count(*) FROM y.q), (SELECT count(*) FROM y.q__rejected)"))[0]);
    }
}
