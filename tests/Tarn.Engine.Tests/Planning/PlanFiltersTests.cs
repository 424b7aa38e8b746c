using Tarn.Engine.Functions;
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
    [InlineData("SELECT v FROM s.t WHERE month(d) = 1 AND n = 1", "n = 1", "(\"month\"(d) = 1)")]
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

    // The engine looks long lists up like a join and keeps all conditions beside them above it.
    [Theory]
    [InlineData("n IN (1, 2, 3, 5, 7, 11, 13, 17, 19)", "n in (1, 2, 3, 5, 7, 11, 13, 17, 19)")]
    [InlineData("n IN (1, 2, 3, 5, 7, 11, 13, NULL) AND d = DATE '2026-01-03'", "(n in (1, 2, 3, 5, 7, 11, 13) and d = 2026-01-03)")]
    [InlineData("n NOT IN (1, 2, 3, 5, 7, 11, 13, 17, 19)", "n not in (1, 2, 3, 5, 7, 11, 13, 17, 19)")]
    [InlineData("year(d) = 2025", "(d >= 2025-01-01 and d < 2026-01-01)")]
    [InlineData("v LIKE 'v1_'", "v starts with 'v1'")]
    [InlineData("n IS NOT DISTINCT FROM 3", "n = 3")]
    [InlineData("n = 1", "n = 1")]
    public async Task Explain_EveryConditionPrunes_NamesNone(string condition, string pruned) =>
        Assert.Equal([$"pruned by: {pruned}"], await PruningAsync($"SELECT * FROM s.t WHERE {condition}"));

    [Fact]
    public async Task Explain_PartOfAConditionPrunes_SaysSo() =>
        Assert.Equal(
            ["pruned by: n in (1, 2, 3, 5, 7, 11, 13)", "prunes in part: (IN (...) AND (random() < 2.0))"],
            await PruningAsync("SELECT * FROM s.t WHERE n IN (1, 2, 3, 5, 7, 11, 13) AND random() < 2.0"));

    // The condition is about the column that the inner query calls so.
    [Fact]
    public async Task Explain_ColumnsUnderOtherNames_PrunesByTheRightOne() =>
        Assert.Equal(["pruned by: (d >= 2025-01-01 and d < 2026-01-01)"], await PruningAsync("SELECT * FROM (SELECT d AS v, v AS d FROM s.t) WHERE year(v) = 2025"));

    // The engine reads the table once for each use of the expression.
    [Theory]
    [InlineData("SELECT n FROM x WHERE n = 1 UNION ALL SELECT n FROM x WHERE n = 2", "(n = 1 or n = 2)", 2)]
    [InlineData("SELECT a.n FROM x AS a, x AS b WHERE a.n = 1", "nothing", 100)]
    public async Task Query_InlinedExpressionWithDifferentFilters_LeavesOutWhatNoneNeeds(string query, string pruned, int rows)
    {
        string whole = $"WITH x AS NOT MATERIALIZED (SELECT * FROM s.t) {query}";
        Assert.Equal([$"pruned by: {pruned}"], await PruningAsync(whole));
        Assert.Equal(rows, (await RunAsync(whole)).Count);
    }

    // The engine alone leaves out row groups with nothing but nulls here.
    [Theory]
    [InlineData("n IS DISTINCT FROM 20 OR n <= 45")]
    [InlineData("NOT (n IS NOT DISTINCT FROM 20 AND n IS NOT DISTINCT FROM 21)")]
    [InlineData("f IS NOT TRUE OR f = false")]
    [InlineData("v IS DISTINCT FROM E'a\nb' OR v <= 'x'")]
    public async Task Query_DistinctFromBesideOr_KeepsNulls(string condition)
    {
        await RunAsync("CREATE TABLE s.nulls AS SELECT NULL::BIGINT AS n, NULL::BOOLEAN AS f, NULL::VARCHAR AS v, 1 AS __tarn_c FROM range(5)");
        Assert.Equal(5, (await RunAsync($"SELECT * FROM s.nulls WHERE {condition}")).Count);
    }

    // The engine bounds what begins a pattern by bytes that are no text.
    [Theory]
    [InlineData("v SIMILAR TO 'v1.*'", 11)]
    [InlineData("v ~ 'v1.+'", 10)]
    [InlineData("regexp_full_match(v, 'v1.*')", 11)]
    [InlineData("v BETWEEN 'v1' AND 'v2'", 12)]
    public async Task Query_Pattern_FindsAllThatBeginSo(string condition, int rows)
    {
        await RunAsync("CREATE TABLE s.p WITH (partitioning = ARRAY['v']) AS SELECT 'v' || i AS v FROM range(100) AS r(i)");
        Assert.Equal(rows, (await RunAsync($"SELECT * FROM s.p WHERE {condition}")).Count);
    }

    [Theory]
    [InlineData("st.x BETWEEN 0 AND 5")]
    [InlineData("st.x >= 0 AND st.x <= 5")]
    [InlineData("st.x IN (1, 2, 3, 4, 5, 6, 7, 8) AND id = 1")]
    [InlineData("lower(st.y) IN ('a', 'b', 'c', 'd', 'e', 'f', 'g') AND id = 1")]
    public async Task Query_FieldsOfStructs_FindsTheirRows(string condition)
    {
        await RunAsync("CREATE TABLE s.st (id INTEGER, st ROW(x INTEGER, y VARCHAR)) WITH (partitioning = ARRAY['id'])");
        await RunAsync("INSERT INTO s.st VALUES (1, {'x': 1, 'y': 'A'}), (2, {'x': 9, 'y': 'Z'})");
        Assert.Equal([[1]], await RunAsync($"SELECT id FROM s.st WHERE {condition}"));
        Assert.DoesNotContain("pruned by: nothing", await PruningAsync($"SELECT id FROM s.st WHERE {condition}"));
    }

    // A text with line breaks is printed in pieces, of which one may look like a condition.
    [Fact]
    public async Task Query_TextThatLooksLikeAPlan_IsText()
    {
        await RunAsync("INSERT INTO s.t VALUES (DATE '2026-01-01', E'\n(__tarn_c1_3 = 3)\n', 999)");
        Assert.Single(await RunAsync("SELECT * FROM s.t WHERE v = E'\n(__tarn_c1_3 = 3)\n'"));
    }

    // Beyond the relations that have a name of their own.
    [Fact]
    public async Task Query_ManyTables_GivesTheirRows()
    {
        string many = string.Join(" UNION ALL ", Enumerable.Range(0, RelationRegistry.MaxNamed + 8).Select(i => $"SELECT n FROM s.t WHERE n = {i}"));
        Assert.Equal(RelationRegistry.MaxNamed + 8, (await RunAsync(many)).Count);
    }

    private async Task<IEnumerable<string>> PruningAsync(string query) =>
        (await RunAsync($"EXPLAIN {query}")).Select(row => ((string)row[0]!).Trim()).Where(l => l.StartsWith("prune", StringComparison.Ordinal));

    private Task<IReadOnlyList<object?[]>> RunAsync(string sql) => _lake.RunAsync(sql);
}
