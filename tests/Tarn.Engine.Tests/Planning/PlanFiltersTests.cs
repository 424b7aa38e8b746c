using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>A condition that prunes no files is named by EXPLAIN with each table below it, wherever the engine keeps it.</summary>
public sealed class PlanFiltersTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        await RunAsync("CREATE SCHEMA s");
        await RunAsync("CREATE TABLE s.t AS SELECT DATE '2026-01-01' + i::INTEGER AS d, 'v' || i AS v, i AS n FROM range(100) AS r(i)");
        await RunAsync("CREATE TABLE s.u AS SELECT i AS n, 'w' || i AS w FROM range(3) AS r(i)");
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("SELECT * FROM s.t WHERE md5(v) = 'x'", "nothing", "(md5(v) = 'x')")]
    [InlineData("SELECT * FROM s.t WHERE month(d) = 2", "nothing", "(\"month\"(d) = 2)")]
    [InlineData("SELECT v FROM s.t WHERE year(d) = 2026 AND n = 1", "n = 1", "(\"year\"(d) = 2026)")]
    [InlineData("SELECT * FROM (SELECT v, n + 1 AS m FROM s.t) WHERE m % 7 = 2", "nothing", "((m % 7) = 2)")]
    [InlineData("SELECT count(*) FROM s.t WHERE random() < 0.5", "nothing", "(random() < 0.5)")]
    [InlineData("SELECT v FROM s.t GROUP BY v HAVING count(*) > 1", "nothing", "(count_star() > 1)")]
    [InlineData("WITH x AS MATERIALIZED (SELECT * FROM s.t) SELECT * FROM x AS a JOIN x AS b USING (n) WHERE month(a.d) = 2", "nothing", "(\"month\"(d) = 2)")]
    public async Task Explain_ConditionThatPrunesNothing_NamesIt(string query, string pruned, string unused) =>
        Assert.Equal([$"pruned by: {pruned}", $"prunes nothing: {unused}"], await PruningAsync(query));

    [Fact]
    public async Task Explain_ConditionOverTwoTables_NamesItWithEach() =>
        Assert.Equal(
            ["pruned by: nothing", "prunes nothing: (\"month\"(d) = 2)", "prunes nothing: ((w || v) = 'xa')", "pruned by: nothing", "prunes nothing: ((w || v) = 'xa')"],
            await PruningAsync("SELECT * FROM s.t JOIN s.u USING (n) WHERE month(d) = 2 AND w || v = 'xa'"));

    // The condition holds for the rows that the limit leaves, not for all.
    [Fact]
    public async Task Explain_ConditionAboveLimit_PrunesNothing()
    {
        const string Query = "SELECT n FROM (SELECT * FROM s.t ORDER BY n LIMIT 10) WHERE n = 20";
        Assert.Equal(["pruned by: nothing", "prunes nothing: (n = 20)"], await PruningAsync(Query));
        Assert.Empty(await RunAsync(Query));
    }

    [Fact]
    public async Task Explain_EveryConditionPrunes_NamesNone() =>
        Assert.Equal(["pruned by: n = 1"], await PruningAsync("SELECT * FROM s.t WHERE n = 1"));

    private async Task<IEnumerable<string>> PruningAsync(string query) =>
        (await RunAsync($"EXPLAIN {query}")).Select(row => ((string)row[0]!).Trim()).Where(l => l.StartsWith("prune", StringComparison.Ordinal));

    private Task<IReadOnlyList<object?[]>> RunAsync(string sql) => _lake.RunAsync(sql);
}
