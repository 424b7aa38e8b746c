using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Planning.ForeignViews;

namespace Tarn.Engine.Tests.Planning.ForeignViews;

public sealed class ForeignViewSqlTests
{
    [Theory]
    [InlineData("spark", "SELECT `the day`, nvl(v, 0) AS v FROM t WHERE g = \"it's\"", "SELECT \"the day\", coalesce(v, 0) AS v FROM t WHERE g = 'it''s'")]
    [InlineData("spark", "SELECT g, sum(v) AS total FROM t.snap GROUP BY g", "SELECT g, sum(v) AS total FROM t.snap GROUP BY g")]
    [InlineData("spark", "SELECT g FROM t WHERE ts > TIMESTAMP_NTZ '2024-01-01 00:00:00'", "SELECT g FROM t WHERE ts > TIMESTAMP '2024-01-01 00:00:00'")]
    [InlineData("trino", "SELECT \"G\", count(DISTINCT v) FROM t WHERE d >= DATE '2024-01-01' AND n LIKE 'a%' GROUP BY \"G\"", "SELECT \"G\", count(DISTINCT v) FROM t WHERE d >= DATE '2024-01-01' AND n LIKE 'a%' GROUP BY \"G\"")]
    [InlineData("trino", "SELECT * FROM a JOIN b USING (id) WHERE EXISTS (SELECT 1 FROM c) ORDER BY id LIMIT 3", "SELECT * FROM a JOIN b USING (id) WHERE EXISTS (SELECT 1 FROM c) ORDER BY id LIMIT 3")]
    public void Translate_QueryThatMeansTheSame_IsRespelled(string dialect, string sql, string expected) => Assert.Equal(expected, Translate(dialect, sql));

    [Theory]
    [InlineData("trino", "SELECT a / b FROM t", "/(…)")]
    [InlineData("spark", "SELECT a[0] FROM t", "ARRAY_EXTRACT")]
    [InlineData("trino", "SELECT cast(ts AS varchar(3)) FROM t", "a cast to VARCHAR")]
    [InlineData("spark", "SELECT cast(a AS decimal) FROM t", "a cast to decimal without precision")]
    [InlineData("spark", "SELECT try_cast(a AS int) FROM t", "a cast to INTEGER")]
    [InlineData("spark", "SELECT concat(a, b) FROM t", "concat(…)")]
    [InlineData("trino", "SELECT stddev_samp(a) FROM t", "stddev_samp(…)")]
    [InlineData("spark", "SELECT 'a\\'b' FROM t", "'a\\'")]
    [InlineData("spark", "SELECT 'it''s' FROM t", "'it''s'")]
    [InlineData("spark", "SELECT 'a' \"b\" FROM t", "'a' \"b\"")]
    [InlineData("spark", "SELECT 3L FROM t", "3L")]
    [InlineData("spark", "SELECT e'a' FROM t", "e'a'")]
    [InlineData("spark", "SELECT * FROM t ORDER BY a LIMIT 3", "NULLS FIRST")]
    [InlineData("spark", "SELECT * FROM t WHERE ts > TIMESTAMP '2024-01-01 00:00:00'", "TIMESTAMP")]
    [InlineData("spark", "SELECT cast(s AS timestamp) FROM t", "TIMESTAMP")]
    [InlineData("spark", "SELECT explode(a) FROM t LATERAL VIEW explode(b)", "")]
    [InlineData("spark", "SELECT a, count(*) FROM t GROUP BY ALL", "GROUP BY ALL")]
    [InlineData("trino", "SELECT * FROM t FOR VERSION AS OF 3", "")]
    [InlineData("trino", "SELECT row_number() OVER (ORDER BY a) FROM t", "WINDOW")]
    [InlineData("trino", "SELECT * FROM read_csv('/etc/passwd')", "TABLE_FUNCTION")]
    [InlineData("trino", "SELECT a FROM t semi JOIN u ON t.a = u.a", "SEMI JOIN")]
    [InlineData("spark", "SELECT a FROM t positional JOIN u", "POSITIONAL")]
    [InlineData("trino", "WITH RECURSIVE c AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM c WHERE x < 5) SELECT x FROM c", "RECURSIVE_CTE_NODE")]
    [InlineData("spark", "SELECT 1; SELECT 2", "several statements")]
    public void Translate_QueryThatMayMeanSomethingElse_IsRefusedByName(string dialect, string sql, string words)
    {
        var error = Assert.Throws<TarnException>(() => Translate(dialect, sql));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("View 's.v'", error.Message, StringComparison.Ordinal);
        Assert.Contains(dialect, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SET default_null_order = 'NULLS_FIRST'", "default_null_order")]
    [InlineData("SET default_order = 'DESC'", "default_order")]
    [InlineData("SET default_collation = 'NOCASE'", "default_collation")]
    public void Translate_SettingThatChangesComparisons_IsRefused(string setting, string words)
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        connection.Execute(setting);
        var error = Assert.Throws<TarnException>(() => new ForeignViewSql(new ForeignView("s.v", "trino")).Translate("SELECT a FROM t", connection));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static string Translate(string dialect, string sql)
    {
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        return new ForeignViewSql(new ForeignView("s.v", dialect)).Translate(sql, connection);
    }
}
