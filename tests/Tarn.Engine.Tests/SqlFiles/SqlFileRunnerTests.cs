using Tarn.Testing.Files;
using Tarn.Testing.SqlFiles;

namespace Tarn.Engine.Tests.SqlFiles;

public sealed class SqlFileRunnerTests
{
    [Fact]
    public async Task Run_RightFile_CountsWhatPassedAndWasSkipped()
    {
        var outcome = await RunAsync("""
            statement ok
            CREATE TABLE t AS SELECT * FROM (VALUES (2, 'b', 0.1 + 0.2), (1, NULL, 1e300), (3, '', NULL)) t(a, b, c)

            query ITR rowsort
            SELECT * FROM t
            ----
            1  NULL  1e300
            2  b  0.30
            3  (empty)  NULL

            statement error division|does not exist
            SELECT * FROM missing

            onlyif spark only Spark has it
            statement ok
            SELECT no_such_function()

            reopen

            query I
            SELECT count(*) FROM t WHERE a > ${least}
            ----
            2

            query TTTTT
            SELECT true, DATE '2024-02-29', TIMESTAMP '2024-01-01 10:00:00.5', [1, NULL], {'a': 1.5, 'b': 'x'}
            ----
            true  2024-02-29  2024-01-01 10:00:00.5  [1, NULL]  {'a': 1.5, 'b': x}

            query TTTT
            SELECT 1.0::DOUBLE, MAP {'k': 2}, '\x00A'::BLOB, TIME '10:00:00'
            ----
            1.0  {k=2}  \x00A  10:00:00

            query T
            SELECT 1 WHERE false
            ----

            halt

            statement ok
            SELECT no_such_function()
            """);
        Assert.Equal(8, outcome.Passed);
        Assert.Equal(["a.test:15: only Spark has it"], outcome.Skipped);
    }

    [Theory]
    [InlineData("statement ok\nSELECT oops", "a.test:1: the statement failed: *oops*\nSELECT oops")]
    [InlineData("statement error x\nSELECT 1", "a.test:1: the statement succeeded, expected an error like /x/\nSELECT 1")]
    [InlineData("statement error xyz\nSELECT oops", "a.test:1: the error does not match /xyz/: *oops*\nSELECT oops")]
    [InlineData("query I\nSELECT 1\n----\n2", "a.test:1: expected 1 rows, found 1\n  row 1: expected 2\n  row 1:    found 1\nSELECT 1")]
    [InlineData("query I\nSELECT 1\n----", "a.test:1: expected 0 rows, found 1\n  row 1: expected nothing\n  row 1:    found 1\nSELECT 1")]
    [InlineData("query R\nSELECT 0.306\n----\n0.30", "a.test:1: expected 1 rows, found 1\n  row 1: expected 0.30\n  row 1:    found 0.306\nSELECT 0.306")]
    [InlineData("query T\nSELECT NULL\n----\n(empty)", "a.test:1: expected 1 rows, found 1\n  row 1: expected (empty)\n  row 1:    found NULL\nSELECT NULL")]
    [InlineData("query II\nSELECT 1 AS a\n----\n1  2", "a.test:1: expected 2 columns, found 1: a\nSELECT 1 AS a")]
    public async Task Run_WrongFile_ShowsBothSides(string text, string message)
    {
        var error = await Assert.ThrowsAsync<SqlFileException>(() => RunAsync(text));
        var parts = message.Split('*');
        Assert.StartsWith(parts[0], error.Message, StringComparison.Ordinal);
        Assert.EndsWith(parts[^1], error.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private static async Task<SqlFileOutcome> RunAsync(string text)
    {
        using var folder = new TemporaryFolder();
        await using var runner = new DuckDbSqlRunner(Path.Combine(folder.Path, "a.duckdb"));
        var variables = new Dictionary<string, string> { ["least"] = "1" };
        return await new SqlFileRunner(runner, "duckdb", variables).RunAsync(SqlTestFile.Parse("a.test", text));
    }
}
