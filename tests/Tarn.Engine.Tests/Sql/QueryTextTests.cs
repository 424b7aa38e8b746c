using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Tests.Sql;

public sealed class QueryTextTests
{
    [Theory]
    [InlineData("SELECT * FROM t FOR VERSION AS OF 3", "SELECT * FROM t AT (VERSION => 3)")]
    [InlineData("SELECT * FROM t FOR VERSION AS OF 3 WHERE a = 1", "SELECT * FROM t AT (VERSION => 3) WHERE a = 1")]
    [InlineData("SELECT * FROM t FOR VERSION AS OF 3 AS o WHERE a = 1", "SELECT * FROM t AS o AT (VERSION => 3) WHERE a = 1")]
    [InlineData("SELECT * FROM t FOR VERSION AS OF 3 o, u", "SELECT * FROM t o AT (VERSION => 3), u")]
    [InlineData("SELECT * FROM t AS o FOR VERSION AS OF 'main' JOIN u", "SELECT * FROM t AS o AT (VERSION => 'main') JOIN u")]
    [InlineData("SELECT * FROM t FOR VERSION AS OF 3 o (a, b) TABLESAMPLE 10%", "SELECT * FROM t o (a, b) AT (VERSION => 3) TABLESAMPLE 10%")]
    [InlineData("FROM t FOR SYSTEM_VERSION AS OF 3 JOIN u FOR SYSTEM_TIME AS OF DATE '2024-01-01' x USING (a)",
        "FROM t AT (VERSION => 3) JOIN u x AT (TIMESTAMP => DATE '2024-01-01') USING (a)")]
    [InlineData("FROM t FOR TIMESTAMP AS OF TIMESTAMP WITH TIME ZONE '2024-01-01 00:00:00 UTC' x", "FROM t x AT (TIMESTAMP => TIMESTAMP WITH TIME ZONE '2024-01-01 00:00:00 UTC')")]
    [InlineData("FROM t FOR TIMESTAMP AS OF now() - INTERVAL '1' DAY x", "FROM t x AT (TIMESTAMP => now() - INTERVAL '1' DAY)")]
    [InlineData("FROM t FOR TIMESTAMP AS OF '2024-01-01'::TIMESTAMP(6) WITH TIME ZONE + interval (2) hours, u", "FROM t AT (TIMESTAMP => '2024-01-01'::TIMESTAMP(6) WITH TIME ZONE + interval (2) hours), u")]
    [InlineData("FROM t FOR TIMESTAMP AS OF (SELECT max(x) FROM y) AT TIME ZONE 'UTC'", "FROM t AT (TIMESTAMP => (SELECT max(x) FROM y) AT TIME ZONE 'UTC')")]
    [InlineData("FROM t FOR TIMESTAMP AS OF current_timestamp WHERE 1", "FROM t AT (TIMESTAMP => current_timestamp) WHERE 1")]
    [InlineData("FROM t FOR VERSION AS OF ? LIMIT 1", "FROM t AT (VERSION => ?) LIMIT 1")]
    [InlineData("FROM t FOR VERSION AS OF :v o", "FROM t o AT (VERSION => $v)")]
    [InlineData("FROM t VERSION AS OF 3 o", "FROM t o AT (VERSION => 3)")]
    [InlineData("FROM t TIMESTAMP AS OF '2024-01-01'", "FROM t AT (TIMESTAMP => '2024-01-01')")]
    [InlineData("FROM t AT (VERSION => 3) o", "FROM t o AT (VERSION => 3)")]
    [InlineData("TABLE a.b FOR VERSION AS OF 3", "FROM  a.b AT (VERSION => 3)")]
    [InlineData("SELECT 1 UNION table t FOR VERSION AS OF 3", "SELECT 1 UNION FROM  t AT (VERSION => 3)")]
    [InlineData("WITH x AS (SELECT * FROM t FOR VERSION AS OF 3) FROM x", "WITH x AS (SELECT * FROM t AT (VERSION => 3)) FROM x")]
    [InlineData("SELECT `a b`, `c\"d` FROM `t`", "SELECT \"a b\", \"c\"\"d\" FROM \"t\"")]
    [InlineData("SELECT a FROM t WHERE a = :a", "SELECT a FROM t WHERE a = $a")]
    [InlineData("FROM t FOR VERSION AS OF -3 -- x\n o", "FROM t o AT (VERSION => -3)")]
    public void Parse_ForeignForms_AreRewritten(string sql, string expected) =>
        Assert.Equal(expected, Assert.IsType<QueryStatement>(SqlParser.Parse(sql)).Query.Text);

    [Theory]
    [InlineData("SELECT version AS of FROM t")]
    [InlineData("SELECT timestamp as of, 1 FROM t")]
    [InlineData("FROM t AT (VERSION => 3) WHERE a")]
    [InlineData("FROM t AS x AT (TIMESTAMP => now())")]
    [InlineData("FROM t PIVOT (sum(b) FOR version IN (1, 2))")]
    [InlineData("VALUES (1, 'FOR VERSION AS OF 3')")]
    [InlineData("SELECT {'a':x}, b[:c], x: 1 FROM t")]
    [InlineData("TABLE t")]
    [InlineData("(SELECT 1) UNION (SELECT 2)")]
    [InlineData("PIVOT t ON a USING sum(b)")]
    [InlineData("DESCRIBE SELECT 1")]
    [InlineData("DESCRIBE 'a.csv'")]
    [InlineData("SUMMARIZE t")]
    [InlineData("FROM (DESCRIBE t)")]
    [InlineData("FROM (SHOW TABLES)")]
    [InlineData("WITH insert AS (SELECT 1) SELECT * FROM insert")]
    [InlineData("WITH RECURSIVE x(n) AS MATERIALIZED (VALUES (1) UNION ALL SELECT n + 1 FROM x) SELECT * FROM x")]
    public void Parse_DuckDbForms_StayAsTheyAre(string sql)
    {
        var query = Assert.IsType<QueryStatement>(SqlParser.Parse($" -- before\n{sql} /* behind */ ;")).Query;
        Assert.Equal(sql, query.Text);
    }

    [Theory]
    [InlineData("FROM t FOR VERSION AS OF", "1:25", "expected a snapshot id or the name of a branch or tag, found the end of the statement")]
    [InlineData("FROM t FOR VERSION AS OF WHERE a", "1:26", "expected a snapshot id or the name of a branch or tag, found 'WHERE'")]
    [InlineData("FROM t FOR TIMESTAMP AS OF )", "1:28", "this ')' closes nothing that is open")]
    [InlineData("SELECT (1 + 2", "1:8", "this '(' is never closed; expected ')' before the end of the statement")]
    [InlineData("SELECT (1 + 2]", "1:14", "this ']' closes nothing that is open")]
    [InlineData("SELECT 1)", "1:9", "this ')' closes nothing that is open")]
    [InlineData("WITH a AS (SELECT 1) DELETE FROM t WHERE i IN (FROM a)", "1:22", "WITH must stand inside of DELETE: write … WHERE … (WITH … SELECT …)")]
    public void Parse_BrokenQuery_PointsAtThePlace(string sql, string place, string problem) => SyntaxCheck.Refused(sql, place, problem);

    [Fact]
    public void TimeTravel_Clauses_AreListed()
    {
        var query = QueryText.From(SqlText.Of("FROM t FOR VERSION AS OF 'b' x JOIN u AT (TIMESTAMP => now()) USING (a)"));
        Assert.Equal(
            ["Version «'b'» «FOR VERSION AS OF 'b'»", "Timestamp «now()» «AT (TIMESTAMP => now())»"],
            query.TimeTravel.Select(clause => $"{clause.Unit} «{clause.Expression}» «{clause.Source}»"));
    }

    [Theory]
    [InlineData("SELECT `x` FROM t FOR VERSION AS OF 3 AS o WHERE missing = :p", "missing")]
    [InlineData("SELECT `x` FROM t FOR VERSION AS OF 3 AS o WHERE missing = :p", "3")]
    [InlineData("SELECT `x` FROM t FOR VERSION AS OF 3 AS o WHERE missing = :p", "o WHERE")]
    [InlineData("SELECT `x` FROM t FOR VERSION AS OF 3 AS o WHERE missing = :p", "p")]
    [InlineData("FROM a FOR VERSION AS OF 1 x, b FOR VERSION AS OF 2 y, c", "y, c")]
    [InlineData("FROM t WHERE missing", "missing")]
    public void OriginalOffset_RewrittenText_LeadsBack(string sql, string word)
    {
        var statement = SqlScript.Split("SELECT 1;\n" + sql)[1];
        var query = QueryText.From(statement);
        var first = word.Split(' ', ',')[0];
        var original = query.OriginalOffset(IndexOfWord(query.Text, first));
        Assert.Equal(statement.Offset + IndexOfWord(sql, first), original);
    }

    [Fact]
    public void ErrorAt_RewrittenText_ShowsTheLineAsWritten()
    {
        var query = QueryText.From(SqlText.Of("SELECT *\nFROM t FOR VERSION AS OF 1 o\nWHERE oops = 1"));
        var error = query.ErrorAt(query.Text.IndexOf("oops", StringComparison.Ordinal), "no column oops");
        Assert.Equal("line 3:7: no column oops\nWHERE oops = 1\n      ^", error.Message);
    }

    [Theory]
    [InlineData("SELECT * FROM c.a.b.t", "SELECT * FROM c.\"a\u0001.b\".t")]
    [InlineData("FROM c.a.b.t", "FROM c.\"a\u0001.b\".t")]
    [InlineData("FROM c.a.\"B b\".d.t x JOIN c.a.b.u USING (k)", "FROM c.\"a\u0001.B b\u0001.d\".t x JOIN c.\"a\u0001.b\".u USING (k)")]
    [InlineData("SELECT s.a.b.c, s.a.b.d FROM t, c.a.b.u WHERE s.a.b.c > 1 GROUP BY t.s.a.b, t.s.a.c", "SELECT s.a.b.c, s.a.b.d FROM t, c.\"a\u0001.b\".u WHERE s.a.b.c > 1 GROUP BY t.s.a.b, t.s.a.c")]
    [InlineData("SELECT extract(year FROM s.a.b.c), trim(FROM s.a.b.c), s.a.b.c IS DISTINCT FROM s.a.b.d FROM t", "SELECT extract(year FROM s.a.b.c), trim(FROM s.a.b.c), s.a.b.c IS DISTINCT FROM s.a.b.d FROM t")]
    [InlineData("SELECT * FROM t WHERE k IN (FROM c.a.b.u) UNION ALL FROM c.a.b.v", "SELECT * FROM t WHERE k IN (FROM c.\"a\u0001.b\".u) UNION ALL FROM c.\"a\u0001.b\".v")]
    [InlineData("SELECT (SELECT max(x) FROM c.a.b.t), f(1, s.a.b.c) FROM u", "SELECT (SELECT max(x) FROM c.\"a\u0001.b\".t), f(1, s.a.b.c) FROM u")]
    [InlineData("SELECT * FROM c.a.b.f(1)", "SELECT * FROM c.a.b.f(1)")]
    [InlineData("SELECT * FROM c.a.b.t FOR VERSION AS OF 3 x", "SELECT * FROM c.\"a\u0001.b\".t x AT (VERSION => 3)")]
    public void Rewrite_TableOfADeepSchema_GetsOneLevel(string sql, string expected) => Assert.Equal(expected, QueryText.From(SqlText.Of(sql)).Text);

    private static int IndexOfWord(string text, string word) =>
        System.Text.RegularExpressions.Regex.Match(text, $@"\b{word}\b").Index;
}
