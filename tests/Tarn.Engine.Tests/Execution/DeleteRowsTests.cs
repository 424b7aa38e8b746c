using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Tests.Planning;
using Tarn.Testing;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

public sealed class DeleteRowsTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    // Every row is a file of its own, so that metadata alone can say of each what a condition says of it.
    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        await _lake.RunAsync("CREATE SCHEMA s");
        await _lake.RunAsync("""
            CREATE TABLE s.t WITH (partitioning = ARRAY['id']) AS SELECT i AS id, CASE WHEN i % 11 = 0 THEN NULL ELSE i % 50 END AS n, DATE '2026-01-01' + (i * 3)::INTEGER AS d,
            TIMESTAMP '2026-01-01 00:00:00' + to_hours((i * 71)::INTEGER) AS ts, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_hours((i * 53)::INTEGER) AS z, CASE WHEN i % 13 = 0 THEN NULL ELSE 'v' || (i % 50) END AS v, (i % 50 + 0.25)::DECIMAL(10, 2) AS p,
            CASE WHEN i % 7 = 0 THEN 'NaN'::DOUBLE WHEN i % 9 = 0 THEN NULL ELSE i % 50 + 0.5 END AS f FROM range(64) AS r(i)
            """);
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    /// <summary>The engine's names have three parts.</summary>
    [Theory]
    [InlineData("s.a.b.t", "x = 1")]
    [InlineData("iceberg.s.\"a\".b.t", "t.x = 1")]
    [InlineData("iceberg.s.a.b.t", "s.a.b.t.x = 1")]
    [InlineData("s.a.b.t AS other", "other.x = 1")]
    public async Task Delete_BelowSeveralLevels_DeletesThere(string table, string condition)
    {
        foreach (string schema in (string[])["s.a", "s.a.b"])
            await _lake.RunAsync($"CREATE SCHEMA {schema}");
        await _lake.RunAsync("CREATE TABLE s.a.b.t WITH (partitioning = ARRAY['x']) AS SELECT i::INTEGER AS x FROM range(3) AS r(i)");
        await _lake.RunAsync($"DELETE FROM {table} WHERE {condition}");
        Assert.Equal([[0], [2]], await _lake.RunAsync("SELECT x FROM s.a.b.t ORDER BY x"));
    }

    [Theory]
    [InlineData("id = 3", "id = 3")]
    [InlineData("id BETWEEN 3 AND 4 OR n IN (7, 8)", "id >= 3", "id <= 4", "n = 7", "n = 8")]
    [InlineData("d >= DATE '2026-01-05'", "d >= 2026-01-05")]
    [InlineData("r.x = 3", "r.x = 3")]
    public async Task Delete_WhereFilesHoldOtherRowsToo_NamesTheColumns(string condition, params string[] named)
    {
        await _lake.RunAsync("CREATE TABLE s.whole AS SELECT *, {'x': id} AS r FROM s.t");

        var refused = await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync($"DELETE FROM s.whole WHERE {condition}"));

        Assert.All(named, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("#", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_RandomConditions_TakesExactlyTheRowsThatMeetThem()
    {
        object snapshot = (await _lake.RunAsync("SELECT snapshot_id FROM s.\"t$snapshots\""))[^1][0]!;
        var random = new Random(Soak.Seed);
        await _lake.RunAsync($"SET TimeZone = '{(random.Next(2) == 0 ? "UTC" : "Europe/Vienna")}'");
        var conditions = new RandomQuery(random);
        int deleted = 0;
        for (int i = 0; i < Soak.Rounds(150, 5_000); i++)
        {
            string condition = conditions.Condition();
            string[] expected = await IdsAsync($"SELECT id FROM s.t WHERE ({condition}) IS NOT TRUE");
            try
            {
                await _lake.RunAsync($"DELETE FROM s.t WHERE {condition}");
            }
            catch (TarnException e) when (e.Kind == ErrorKind.Unsupported)
            {
                continue;
            }

            string[] actual = await IdsAsync("SELECT id FROM s.t");
            Assert.True(expected.SequenceEqual(actual), $"seed {Soak.Seed}, round {i}: {condition}\nexpected {string.Join(' ', expected)}\ngot      {string.Join(' ', actual)}");
            deleted += actual.Length < 64 ? 1 : 0;
            await _lake.RunAsync($"ALTER TABLE s.t EXECUTE rollback_to_snapshot({snapshot})");
        }

        Assert.True(deleted >= Soak.Rounds(150, 5_000) / 5, $"seed {Soak.Seed}: only {deleted} conditions deleted rows");
    }

    [Theory]
    [InlineData("id BETWEEN NULL AND 10", 0)]
    [InlineData("p = 1.249::DECIMAL(5, 1)", 0)]
    [InlineData("p = 1.249::DECIMAL(5, 2)", 2)]
    [InlineData("v = CAST(12 AS VARCHAR)", 0)]
    [InlineData("ts < CAST('2026-01-04 10:00:00' AS DATE)", 2)]
    [InlineData("id IN (1, 2, 3, 5, 7, 11, 13, 17, 19, NULL) AND t.id < 10", 5)]
    [InlineData("year(d) = 2026 OR false", 64)]
    [InlineData("id = 1 AND id = 2", 0)]
    public async Task Delete_ConditionThatTheEngineSettles_TakesWhatAQueryFinds(string condition, int rows)
    {
        Assert.Equal(rows, (await IdsAsync($"SELECT id FROM s.t WHERE {condition}")).Length);
        await _lake.RunAsync($"DELETE FROM s.t WHERE {condition}");
        Assert.Equal(64 - rows, (await IdsAsync("SELECT id FROM s.t")).Length);
    }

    [Fact]
    public async Task Delete_SessionZone_ReadsTextInIt()
    {
        await _lake.RunAsync("SET TimeZone = 'Europe/Vienna'");
        await _lake.RunAsync("DELETE FROM s.t WHERE z < '2026-01-01 01:00:00'");
        Assert.Equal(64, (await IdsAsync("SELECT id FROM s.t")).Length);
        await _lake.RunAsync("DELETE FROM s.t WHERE z <= '2026-01-01 01:00:00'");
        Assert.Equal(63, (await IdsAsync("SELECT id FROM s.t")).Length);
    }

    [Fact]
    public async Task Delete_ConditionThatNoQueryTakes_IsRefused()
    {
        var conditions = new RandomQuery(new Random(Soak.Seed));
        for (int i = 0; i < 30; i++)
        {
            string condition = conditions.Wrong();
            var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync($"DELETE FROM s.t WHERE {condition}"));
            Assert.True(error.Kind is ErrorKind.InvalidRequest or ErrorKind.NotFound, $"{condition}: {error.Kind} {error.Message}");
        }

        Assert.Equal(64, (await IdsAsync("SELECT id FROM s.t")).Length);
    }

    [Theory]
    [InlineData("id BETWEEN n AND 10")]
    [InlineData("ts < (TIMESTAMP '2026-01-31 10:00:00')::DATE + n::INTEGER")]
    [InlineData("id BETWEEN 1.5 AND 10")]
    [InlineData("v IN (1, 2)")]
    [InlineData("d < 'never'")]
    [InlineData("v LIKE 'v_'")]
    [InlineData("NOT (id BETWEEN n AND 10)")]
    [InlineData("id = 1 AND md5(v) <> ''")]
    public async Task Delete_ConditionThatMetadataCannotDecide_TakesNothing(string condition)
    {
        await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync($"DELETE FROM s.t WHERE {condition}"));
        Assert.Equal(64, (await IdsAsync("SELECT id FROM s.t")).Length);
    }

    private async Task<string[]> IdsAsync(string query) =>
        [.. (await _lake.RunAsync(query)).Select(r => Convert.ToString(r[0], CultureInfo.InvariantCulture)!).Order(StringComparer.Ordinal)];
}
