using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>Trees of the engine that are deep, or name numbers that JSON does not have.</summary>
public sealed class EngineJsonTests
{
    [Theory]
    [InlineData("""{"v":Infinity,"w":[-Infinity,nan,-inf]}""", """{"v":null,"w":[null,null,null]}""")]
    [InlineData("""{"v":inf,"x:inf y":"a\":inf, -nan \\","b":"[inf"}""", """{"v":null,"x:inf y":"a\":inf, -nan \\","b":"[inf"}""")]
    [InlineData("""{"v":NaN,"w":true,"x":1e5,"y":null}""", """{"v":null,"w":true,"x":1e5,"y":null}""")]
    public void Parse_WordsForNumbers_AreNullOutsideOfTexts(string json, string expected)
    {
        using var document = EngineJson.Parse(json);
        Assert.Equal(expected, document.RootElement.GetRawText());
    }

    [Fact]
    public void Parse_OtherDamage_Throws() => Assert.ThrowsAny<JsonException>(() => EngineJson.Parse("""{"v":inf,"""));

    [Fact]
    public void Parse_DeeperThanTheLimit_NamesIt()
    {
        using var deepest = EngineJson.Parse(Nested(EngineJson.MaxDepth));
        var error = Assert.Throws<TarnException>(() => EngineJson.Parse(Nested(EngineJson.MaxDepth + 1)));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("4096 levels", error.Message, StringComparison.Ordinal);
    }

    // The engine takes long to run these, but not to parse them.
    [Theory]
    [InlineData("a + ", 900, "a")]
    [InlineData("b || ", 900, "b")]
    [InlineData("CASE WHEN c THEN 0 ELSE ", 900, "a")]
    public void Of_AsDeepAsTheEngineParses_FindsAllColumns(string before, int count, string last)
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        var tree = ParseTree.Of($"SELECT {Repeat(before, count)}{last}{(before[0] == 'C' ? Repeat(" END", count) : "")} FROM t", connection);
        Assert.Null(tree.Failure);
        Assert.Equal(count + 1, tree.Columns.Count);
    }

    [Theory]
    [InlineData(SessionTrust.Trusted)]
    [InlineData(SessionTrust.Untrusted)]
    public async Task Query_DeepExpressions_AnswerOrSayTheLimit(SessionTrust trust)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t AS SELECT 1::BIGINT AS a, 'x' AS b, true AS c");
        await using var session = lake.Engine.OpenSession(trust);
        Assert.Equal(200L, (await LocalLake.RunAsync(session, $"SELECT {Joined("a", " + ", 200)} FROM s.t"))[0][0]);
        Assert.Equal(new string('x', 40), (await LocalLake.RunAsync(session, $"SELECT {Joined("b", " || ", 40)} FROM s.t"))[0][0]);
        Assert.Equal(1L, (await LocalLake.RunAsync(session, $"SELECT count(*) FROM s.t WHERE {Joined("a", " + ", 40)} > 1 AND a >= 0 AND a < 9"))[0][0]);
        await lake.RunAsync("CREATE SCHEMA s2");
        await lake.RunAsync("CREATE TABLE s2.t AS SELECT 1::BIGINT AS a");
        const string alike = "FROM s.t WHERE EXISTS (SELECT 1 FROM s2.t WHERE s2.t.a = s.t.a)";
        Assert.Equal(1L, (await LocalLake.RunAsync(session, $"SELECT {Repeat("abs(", 200)}s.t.a{Repeat(")", 200)} {alike}"))[0][0]);
        foreach (string sql in new[] { $"SELECT {Joined("a", " + ", 5000)} FROM s.t", $"SELECT {Joined("s.t.a", " + ", 5000)} {alike}", $"SELECT {Repeat("abs(", 5000)}a{Repeat(")", 5000)} FROM s.t" })
        {
            var error = await Assert.ThrowsAnyAsync<TarnException>(() => LocalLake.RunAsync(session, sql));
            Assert.NotEqual(ErrorKind.Internal, error.Kind);
        }
    }

    [Fact]
    public async Task Query_NumberBeyondAllBoundsBesideManyOthers_Answers()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        var rows = await lake.RunAsync($"SELECT 1e999 AS x, 'x:inf y' AS y WHERE 5 NOT IN ({string.Join(", ", Enumerable.Range(10, 200))})");
        Assert.Equal([double.PositiveInfinity, "x:inf y"], rows[0]);
    }

    private static string Joined(string operand, string by, int count) => string.Join(by, Enumerable.Repeat(operand, count));

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static string Nested(int depth) => $"{new string('[', depth)}{new string(']', depth)}";
}
