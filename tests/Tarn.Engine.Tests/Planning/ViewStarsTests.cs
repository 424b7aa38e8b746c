using Tarn.Core.Errors;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>Views of Tarn's own whose columns are those of a star, over a table whose columns change.</summary>
public sealed class ViewStarsTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        await _lake.RunAsync("CREATE SCHEMA s");
        await _lake.RunAsync("CREATE TABLE s.t (id integer, net integer, tax integer)");
        await _lake.RunAsync("INSERT INTO s.t VALUES (1, 100, 20)");
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("AS SELECT * FROM s.t", "*, which is id, tax, gross now and was id, net, tax")]
    [InlineData("AS FROM s.t", "*, which is id, tax, gross now and was id, net, tax")]
    [InlineData("AS TABLE s.t", "*, which is id, tax, gross now and was id, net, tax")]
    [InlineData("AS SELECT x.* FROM s.t x WHERE id > 0", "*, which is id, tax, gross now and was id, net, tax")]
    [InlineData("AS SELECT * EXCLUDE (id) FROM s.t", "*, which is tax, gross now and was net, tax")]
    [InlineData("AS SELECT COLUMNS(c -> c <> 'id') FROM s.t", "*, which is tax, gross now and was net, tax")]
    [InlineData("AS WITH w AS (SELECT * FROM s.t) SELECT * FROM w", "*, which is id, tax, gross now and was id, net, tax")]
    [InlineData("AS SELECT * FROM s.t UNION ALL SELECT 1, 2, 3", "*, which is id, tax, gross now and was id, net, tax")]
    [InlineData("(a, net, tax) AS SELECT * FROM s.t", "*, which is id, tax, gross now and was id, net, tax")]
    public async Task Select_StarOverOtherColumnsThanAtCreation_IsRefused(string definition, string change)
    {
        await _lake.RunAsync($"CREATE VIEW s.v {definition}");
        await _lake.RunAsync("CREATE VIEW s.above AS SELECT tax FROM s.v");
        await _lake.RunAsync("SELECT net FROM s.v");
        await _lake.RunAsync("ALTER TABLE s.t DROP COLUMN net");
        await _lake.RunAsync("ALTER TABLE s.t ADD COLUMN gross integer");

        foreach (string view in new[] { "v", "above" })
        {
            var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync($"SELECT tax FROM s.{view}"));
            Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
            Assert.StartsWith($"View 's.v' says {change} when the view was made", error.Message, StringComparison.Ordinal);
            Assert.Contains("CREATE OR REPLACE VIEW", error.Message, StringComparison.Ordinal);
        }

        await _lake.RunAsync("CREATE OR REPLACE VIEW s.v AS SELECT * FROM s.t");
        Assert.Equal([[20]], await _lake.RunAsync("SELECT tax FROM s.above"));
    }

    /// <summary>Tables get columns all the time.</summary>
    [Theory]
    [InlineData("CREATE VIEW s.v AS SELECT * FROM s.t")]
    [InlineData("CREATE VIEW s.v (a, \"B x\", gross) AS SELECT * FROM s.t")]
    [InlineData("CREATE VIEW s.v (c1, c0, c2) AS SELECT b.* FROM s.t b WHERE id > 0 ORDER BY net")]
    public async Task Select_StarOverATableThatGotColumns_HasThoseOfItsCreation(string create)
    {
        await _lake.RunAsync(create);
        string[] columns = [.. (await _lake.RunAsync("DESCRIBE s.v")).Select(r => (string)r[0]!)];
        await _lake.RunAsync("ALTER TABLE s.t ADD COLUMN gross integer");
        await _lake.RunAsync("ALTER TABLE s.t ADD COLUMN c0 integer");
        Assert.Equal([[1, 100, 20]], await _lake.RunAsync("SELECT * FROM s.v"));
        await _lake.RunAsync("CREATE TABLE s.copy AS SELECT * FROM s.v");
        Assert.Equal(columns, (await _lake.RunAsync("DESCRIBE s.copy")).Select(r => (string)r[0]!));
    }

    /// <summary>Of rows that are compared as wholes, more columns make other rows.</summary>
    [Theory]
    [InlineData("SELECT DISTINCT * FROM s.t")]
    [InlineData("SELECT count(*) AS n, * FROM s.t GROUP BY ALL")]
    [InlineData("SELECT * FROM s.t UNION SELECT * FROM s.t")]
    [InlineData("SELECT * FROM (SELECT DISTINCT * FROM s.t)")]
    [InlineData("WITH w AS (SELECT DISTINCT * FROM s.t) SELECT * FROM w")]
    [InlineData("SELECT * FROM s.t NATURAL JOIN (SELECT id FROM s.t)")]
    public async Task Select_StarOfComparedRowsOverATableThatGotAColumn_IsRefused(string query)
    {
        await _lake.RunAsync($"CREATE VIEW s.v AS {query}");
        await _lake.RunAsync("SELECT net FROM s.v");
        await _lake.RunAsync("ALTER TABLE s.t ADD COLUMN gross integer");
        Assert.Contains("View 's.v' says *", (await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT net FROM s.v"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ADD COLUMN gross integer FIRST")]
    [InlineData("DROP COLUMN tax")]
    [InlineData("RENAME COLUMN net TO gross")]
    [InlineData("ALTER COLUMN tax FIRST")]
    public async Task Select_StarOverAChangedTable_IsRefusedAndColumnsThatAreWrittenAreNot(string change)
    {
        await _lake.RunAsync("CREATE VIEW s.v AS SELECT * FROM s.t");
        await _lake.RunAsync("CREATE VIEW s.w (number) AS SELECT id FROM (SELECT * FROM s.t)");
        await _lake.RunAsync($"ALTER TABLE s.t {change}");
        await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT id FROM s.v"));
        Assert.Equal([[1]], await _lake.RunAsync("SELECT number FROM s.w"));
    }

    [Fact]
    public async Task Select_StarOverAStructThatChanged_IsRefused()
    {
        await _lake.RunAsync("CREATE TABLE s.u AS SELECT {'a': 1, 'b': 2} AS c");
        await _lake.RunAsync("CREATE VIEW s.v AS SELECT unnest(c) FROM s.u");
        Assert.Equal([[1, 2]], await _lake.RunAsync("SELECT a, b FROM s.v"));
        await _lake.RunAsync("ALTER TABLE s.u DROP COLUMN c.a");
        await _lake.RunAsync("ALTER TABLE s.u ADD COLUMN c.z integer");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT b FROM s.v"));
        Assert.Contains("*, which is b, z now and was a, b", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE VIEW s.v AS SELECT * FROM s.t", "SELECT net FROM s.v", 100L)]
    [InlineData("CREATE VIEW s.v (a, b, c) AS SELECT * FROM s.t", "SELECT b FROM s.v", 100L)]
    [InlineData("CREATE VIEW s.v (a, \"b \"\"c\", d) AS SELECT id AS \"x, y\", * EXCLUDE (id) FROM s.t", "SELECT \"b \"\"c\" FROM s.v", 100L)]
    [InlineData("CREATE VIEW s.v AS SELECT *, (SELECT max(net) FROM s.t) FROM s.t", "SELECT \"(SELECT max(net) FROM s.t)\" FROM s.v", 100L)]
    [InlineData("CREATE VIEW s.v AS SELECT * FROM s.\"t$snapshots\"", "SELECT count(*) FROM s.v", 1L)]
    [InlineData("CREATE VIEW s.v AS SELECT * FROM s.\"t$partitions\" JOIN s.\"t$files\" USING (record_count)", "SELECT count(*) FROM s.v", 1L)]
    [InlineData("CREATE VIEW s.v AS SELECT * FROM iceberg.system.tags", "SELECT count(*) FROM s.v", 0L)]
    [InlineData("CREATE VIEW s.v (i, n, x, j, m, y) AS SELECT * FROM s.t a JOIN s.t b ON a.id = b.id", "SELECT m FROM s.v", 100L)]
    [InlineData("CREATE VIEW s.v AS VALUES (100::bigint)", "SELECT col0 FROM s.v", 100L)]
    [InlineData("CREATE VIEW s.v AS SELECT * FROM s.mixed", "SELECT \"A\" FROM s.v", 100L)]
    [InlineData("CREATE VIEW s.v AS SELECT * FROM s.inner_view", "SELECT b FROM s.v", 100L)]
    public async Task Select_StarOverTheSameColumns_IsAnsweredAfterTheirTypesWereWidened(string create, string query, long expected)
    {
        await _lake.RunAsync("CREATE TABLE s.mixed AS SELECT 1 AS a, 100::bigint AS \"A\"");
        await _lake.RunAsync("CREATE VIEW s.inner_view (a, b, c) AS SELECT * FROM s.t");
        await _lake.RunAsync(create);
        await _lake.RunAsync("COMMENT ON VIEW s.v IS 'kept'");
        await _lake.RunAsync("ALTER TABLE s.t ALTER COLUMN net SET DATA TYPE bigint");
        Assert.Equal([[expected]], await _lake.RunAsync(query));
    }
}
