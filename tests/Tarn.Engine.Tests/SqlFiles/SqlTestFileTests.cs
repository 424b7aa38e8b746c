using Tarn.Testing.SqlFiles;

namespace Tarn.Engine.Tests.SqlFiles;

public sealed class SqlTestFileTests
{
    [Fact]
    public void Parse_AllRecords_GivesThem()
    {
        var file = SqlTestFile.Parse("a.test", """
            # a comment
            statement ok
            CREATE TABLE t
            (a int);

            statement error no such (table|view)
            DROP TABLE u

            skipif spark it has no such function
            statement error
            SELECT f()
            ----
            unknown function .*f

            query IT rowsort
            SELECT a, b FROM t
            ----
            1  one two
            NULL  (empty)

            reopen

            halt
            """);
        Assert.Equal(
            [(2, "CREATE TABLE t\n(a int)", null), (6, "DROP TABLE u", "no such (table|view)")],
            file.Records.Take(2).Cast<StatementRecord>().Select(record => (record.Line, record.Sql, record.Error)));
        var skipped = Assert.IsType<StatementRecord>(file.Records[2]);
        Assert.Equal("unknown function .*f", skipped.Error);
        Assert.Equal(new SqlTestCondition(false, "spark", "it has no such function"), Assert.Single(skipped.Conditions));
        var query = Assert.IsType<QueryRecord>(file.Records[3]);
        Assert.Equal(("SELECT a, b FROM t", "IT", SqlTestSort.Rows, 15), (query.Sql, query.Types, query.Sort, query.Line));
        Assert.Equal<IReadOnlyList<string?>>([["1", "one two"], [null, ""]], query.Rows);
        Assert.IsType<ReopenRecord>(file.Records[4]);
        Assert.IsType<HaltRecord>(file.Records[5]);
    }

    [Fact]
    public void Parse_Loop_RepeatsItsBodyWithItsLines()
    {
        var file = SqlTestFile.Parse("a.test", "foreach type int varchar\n\nstatement ok\nCREATE TABLE t_${type} (a ${type})\n\nendloop\n\nstatement ok\nSELECT 1");
        Assert.Equal(
            ["3 CREATE TABLE t_int (a int)", "3 CREATE TABLE t_varchar (a varchar)", "8 SELECT 1"],
            file.Records.Cast<StatementRecord>().Select(record => $"{record.Line} {record.Sql}"));
    }

    [Theory]
    [InlineData("select 1", "a.test:1: expected statement, query, skipif, onlyif, reopen, halt or foreach, found 'select'")]
    [InlineData("statement\nx", "a.test:1: expected 'statement ok' or 'statement error pattern'")]
    [InlineData("statement ok", "a.test:1: a statement is missing")]
    [InlineData("statement error\nSELECT 1", "a.test:2: statement error needs a pattern")]
    [InlineData("query X\nSELECT 1\n----", "a.test:1: the types of a query are letters of I, R and T, found 'X'")]
    [InlineData("query I\nSELECT 1", "a.test:2: a query needs '----' and the rows behind it")]
    [InlineData("query II\nSELECT 1\n----\n1 2", "a.test:4: expected 2 columns, found 1 in '1 2'; part them by a tab or two spaces")]
    [InlineData("query I sorted\nSELECT 1\n----\n1", "a.test:1: expected nosort or rowsort, found 'sorted'")]
    [InlineData("skipif spark\nstatement ok\nx", "a.test:1: skipif needs a configuration and a reason")]
    [InlineData("skipif spark because", "a.test:1: a condition stands before a record")]
    [InlineData("foreach a b\nstatement ok\nx", "a.test:3: 'endloop' is missing")]
    public void Parse_BrokenForm_NamesFileAndLine(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => SqlTestFile.Parse("a.test", text)).Message);
}
