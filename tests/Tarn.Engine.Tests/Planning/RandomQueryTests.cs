using System.Globalization;
using Tarn.Testing;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>Random queries over a table of many files give the rows that they give over the same rows in one file, which nothing prunes.</summary>
public sealed class RandomQueryTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        string copy = Path.Combine(_folder.Path, "copy.parquet");
        await _lake.RunAsync("CREATE SCHEMA s");
        await _lake.RunAsync($"""
            CREATE TABLE s.t WITH (partitioning = ARRAY['month(d)', 'truncate(n, 20)']) AS SELECT i AS id, CASE WHEN i % 11 = 0 THEN NULL ELSE i % 50 END AS n, DATE '2026-01-01' + (i % 200)::INTEGER AS d,
            TIMESTAMP '2026-01-01 00:00:00' + to_hours((i * 7 % 4800)::INTEGER) AS ts, CASE WHEN i % 13 = 0 THEN NULL ELSE 'v' || (i % 50) END AS v, (i % 50 + 0.25)::DECIMAL(10, 2) AS p,
            CASE WHEN i % 17 = 0 THEN 'NaN'::DOUBLE WHEN i % 19 = 0 THEN NULL ELSE i % 50 + 0.5 END AS f FROM range(400) AS r(i)
            """);
        await _lake.RunAsync($"COPY (SELECT * FROM s.t) TO '{copy}' (FORMAT parquet)");
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Query_RandomConditions_GivesTheRowsOfAnUnprunedCopy()
    {
        var random = new Random(Soak.Seed);
        var queries = new RandomQuery(random);
        int compared = 0;
        for (int i = 0; i < Soak.Rounds(150, 20_000); i++)
        {
            string query = queries.Next();
            string[] expected = await RowsAsync(query, $"'{Path.Combine(_folder.Path, "copy.parquet")}'");
            string[] actual = await RowsAsync(query, "s.t");
            Assert.True(expected.SequenceEqual(actual), $"seed {Soak.Seed}, round {i}: {query}\nexpected {expected.Length} rows, got {actual.Length}");
            compared += expected.Length > 0 ? 1 : 0;
        }

        Assert.True(compared > 0, $"seed {Soak.Seed}: no query had rows");
    }

    private async Task<string[]> RowsAsync(string query, string table)
    {
        var rows = await _lake.RunAsync(query.Replace(RandomQuery.Table, table, StringComparison.Ordinal));
        return [.. rows.Select(r => string.Join('|', r.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)))).Order(StringComparer.Ordinal)];
    }
}
