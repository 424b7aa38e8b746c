using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Planning;

namespace Tarn.Engine.Tests.Planning;

public sealed class ForeignViewSqlTests
{
    [Theory]
    [InlineData("spark", "SELECT `the day`, nvl(v, 0) AS v FROM t WHERE g = \"it's\"", "SELECT \"the day\", coalesce(v, 0) AS v FROM t WHERE g = 'it''s'")]
    [InlineData("spark", "SELECT g, sum(v) AS total FROM t.snap GROUP BY g", "SELECT g, sum(v) AS total FROM t.snap GROUP BY g")]
    [InlineData("trino", "SELECT \"G\", count(DISTINCT v) FROM t WHERE d >= DATE '2024-01-01' AND n LIKE 'a%' GROUP BY \"G\"", "SELECT \"G\", count(DISTINCT v) FROM t WHERE d >= DATE '2024-01-01' AND n LIKE 'a%' GROUP BY \"G\"")]
    [InlineData("trino", "SELECT * FROM a JOIN b USING (id) WHERE EXISTS (SELECT 1 FROM c) ORDER BY id LIMIT 3", "SELECT * FROM a JOIN b USING (id) WHERE EXISTS (SELECT 1 FROM c) ORDER BY id LIMIT 3")]
    public void Translate_QueryThatMeansTheSame_IsRespelled(string dialect, string sql, string expected) => Assert.Equal(expected, Translate(dialect, sql));

    [Theory]
    [InlineData("trino", "SELECT a / b FROM t", "/(…)")]
    [InlineData("spark", "SELECT a[0] FROM t", "ARRAY_EXTRACT")]
    [InlineData("spark", "SELECT cast(f AS int) FROM t", "a cast to INTEGER")]
    [InlineData("trino", "SELECT cast(ts AS varchar) FROM t", "a cast to VARCHAR")]
    [InlineData("spark", "SELECT concat(a, b) FROM t", "concat(…)")]
    [InlineData("spark", "SELECT 'a\\'b' FROM t", "'a\\'")]
    [InlineData("spark", "SELECT * FROM t ORDER BY a LIMIT 3", "NULLS FIRST")]
    [InlineData("spark", "SELECT * FROM t WHERE ts > TIMESTAMP '2024-01-01 00:00:00'", "a cast to TIMESTAMP")]
    [InlineData("spark", "SELECT explode(a) FROM t LATERAL VIEW explode(b)", "")]
    [InlineData("trino", "SELECT * FROM t FOR VERSION AS OF 3", "")]
    [InlineData("trino", "SELECT row_number() OVER (ORDER BY a) FROM t", "WINDOW")]
    [InlineData("trino", "SELECT * FROM read_csv('/etc/passwd')", "TABLE_FUNCTION")]
    public void Translate_QueryThatMayMeanSomethingElse_IsRefusedByName(string dialect, string sql, string words)
    {
        var error = Assert.Throws<TarnException>(() => Translate(dialect, sql));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("View 's.v'", error.Message, StringComparison.Ordinal);
        Assert.Contains(dialect, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static string Translate(string dialect, string sql)
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        return new ForeignViewSql("s.v", dialect).Translate(sql, connection);
    }
}
