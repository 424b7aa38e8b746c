using System.Globalization;
using Tarn.DuckDb;
using Tarn.Testing;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>Random queries over tables of many files give the rows that they give over the same rows in one file, which nothing prunes.</summary>
public sealed class RandomQueryTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        return _lake.RunAsync("CREATE SCHEMA s");
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("partitioned")]
    [InlineData("evolved")]
    public async Task Query_RandomConditions_GivesTheRowsOfAnUnprunedCopy(string kind)
    {
        await (kind == "evolved" ? EvolveAsync() : _lake.RunAsync($"CREATE TABLE s.t WITH (partitioning = ARRAY['month(d)', 'truncate(n, 20)']) AS {Rows(0, 400, "d", "v")}"));
        string copy = Path.Combine(_folder.Path, "copy.parquet");
        await _lake.RunAsync($"COPY (SELECT * FROM s.t) TO '{copy}' (FORMAT parquet)");
        var random = new Random(Soak.Seed);
        await _lake.RunAsync($"SET TimeZone = '{(random.Next(2) == 0 ? "UTC" : "Europe/Vienna")}'");
        var queries = new RandomQuery(random);
        int compared = 0, failed = 0;
        for (int i = 0; i < Soak.Rounds(150, 20_000); i++)
        {
            string query = queries.Next();
            if (await AnswerAsync(query, $"'{copy}'") is not { } expected)
                continue;
            if (await AnswerAsync(query, "s.t") is not { } actual)
            {
                failed++;
                continue;
            }

            Assert.True(expected.SequenceEqual(actual), $"seed {Soak.Seed}, round {i}: {query}\nexpected {expected.Length} rows, got {actual.Length}");
            compared += expected.Length > 0 ? 1 : 0;
        }

        Assert.True(failed <= Soak.Rounds(0, 20), $"seed {Soak.Seed}: the engine itself failed {failed} times over the table alone");
        Assert.True(compared >= Soak.Rounds(150, 20_000) / 3, $"seed {Soak.Seed}: only {compared} queries had rows");
    }

    // Types widened, columns renamed, dropped and added again, other partitions: what files hold and say differs from file to file.
    private async Task EvolveAsync()
    {
        foreach (string statement in new[]
        {
            "CREATE TABLE s.t (id BIGINT, n INTEGER, day DATE, ts TIMESTAMP, z TIMESTAMPTZ, text VARCHAR, p DECIMAL(6, 2), f REAL) WITH (partitioning = ARRAY['bucket(n, 4)'])",
            $"INSERT INTO s.t {Rows(0, 100, "day", "text")}",
            "ALTER TABLE s.t ALTER COLUMN n SET DATA TYPE BIGINT",
            "ALTER TABLE s.t ALTER COLUMN f SET DATA TYPE DOUBLE",
            "ALTER TABLE s.t ALTER COLUMN p SET DATA TYPE DECIMAL(10, 2)",
            "ALTER TABLE s.t RENAME COLUMN day TO d",
            "ALTER TABLE s.t SET PROPERTIES partitioning = ARRAY['month(d)']",
            $"INSERT INTO s.t {Rows(100, 200, "d", "text")}",
            "ALTER TABLE s.t DROP COLUMN text",
            "ALTER TABLE s.t ADD COLUMN v VARCHAR",
            $"INSERT INTO s.t BY NAME {Rows(200, 300, "d", "v")}",
            "ALTER TABLE s.t SET PROPERTIES partitioning = ARRAY['truncate(n, 10)', 'v']",
            $"INSERT INTO s.t BY NAME {Rows(300, 400, "d", "v")}",
        })
            await _lake.RunAsync(statement);
    }

    private static string Rows(int from, int to, string day, string text) => $"""
        SELECT i AS id, CASE WHEN i % 11 = 0 THEN NULL ELSE i % 50 END AS n, DATE '2026-01-01' + (i % 200)::INTEGER AS {day},
        TIMESTAMP '2026-01-01 00:00:00' + to_hours((i * 7 % 4800)::INTEGER) AS ts, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_hours((i * 5 % 4800)::INTEGER) AS z, CASE WHEN i % 13 = 0 THEN NULL ELSE 'v' || (i % 50) END AS {text}, (i % 50 + 0.25)::DECIMAL(6, 2) AS p,
        CASE WHEN i % 17 = 0 THEN 'NaN'::DOUBLE WHEN i % 19 = 0 THEN NULL ELSE i % 50 + 0.5 END AS f FROM range({from}, {to}) AS r(i)
        """;

    // Null when the engine itself fails, as some of its optimizers do once in thousands of queries.
    private async Task<string[]?> AnswerAsync(string query, string table)
    {
        try
        {
            return await RowsAsync(query, table);
        }
        catch (DuckDbException e) when (e.Message.StartsWith("INTERNAL", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private async Task<string[]> RowsAsync(string query, string table)
    {
        var rows = await _lake.RunAsync(query.Replace(RandomQuery.Table, table, StringComparison.Ordinal));
        return [.. rows.Select(r => string.Join('|', r.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)))).Order(StringComparer.Ordinal)];
    }
}
