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
            TIMESTAMP '2026-01-01 00:00:00' + to_hours((i * 71)::INTEGER) AS ts, CASE WHEN i % 13 = 0 THEN NULL ELSE 'v' || (i % 50) END AS v, (i % 50 + 0.25)::DECIMAL(10, 2) AS p,
            CASE WHEN i % 7 = 0 THEN 'NaN'::DOUBLE WHEN i % 9 = 0 THEN NULL ELSE i % 50 + 0.5 END AS f FROM range(64) AS r(i)
            """);
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Delete_RandomConditions_TakesExactlyTheRowsThatMeetThem()
    {
        object snapshot = (await _lake.RunAsync("SELECT snapshot_id FROM s.\"t$snapshots\""))[^1][0]!;
        var conditions = new RandomQuery(new Random(Soak.Seed));
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

        Assert.True(deleted > 0, $"seed {Soak.Seed}: nothing was deleted");
    }

    private async Task<string[]> IdsAsync(string query) =>
        [.. (await _lake.RunAsync(query)).Select(r => Convert.ToString(r[0], CultureInfo.InvariantCulture)!).Order(StringComparer.Ordinal)];
}
