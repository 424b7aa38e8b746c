using Tarn.Core.Errors;

namespace Tarn.Engine.Tests.Planning.ForeignViews;

/// <summary>Views of Spark and Trino by the types that meet in them. Rows are what Spark 3.5 gives, where it has the words.</summary>
public sealed class ForeignViewPlanTests(ForeignLake lake) : IClassFixture<ForeignLake>
{
    [Theory]
    [InlineData("BIGINT;VARCHAR", "SELECT id, s FROM t WHERE s = 'abc' OR i < 0", "1,abc; 3,")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE i IN (4, 5) AND id BETWEEN 2 AND 9 AND i <> 7", "2")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE i > 4.7", "1")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE id = i OR de > i - 8 OR de = 2.25", "1; 2")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE dt >= DATE '2026-01-01' AND b", "1")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE s LIKE 'a_b' AND s NOT LIKE '%c' AND b = false", "2")]
    [InlineData("BIGINT;DOUBLE;FLOAT;TIMESTAMPTZ", "SELECT id, d, r, tz FROM t WHERE d IS NULL OR tz = tz", "1,1.5,0.1,2026-05-17 10:20:30+00")]
    [InlineData("BIGINT;DOUBLE", "SELECT count(d), sum(d) FROM t WHERE id <> 2", "2,1.5")]
    [InlineData("BIGINT;DOUBLE;INTEGER;BIGINT", "SELECT count(*), avg(i), max(i), sum(i) FROM t", "3,2.0,5,6")]
    [InlineData("DECIMAL(20,2);DECIMAL(10,2);VARCHAR", "SELECT sum(de), min(de), max(s) FROM t", "0.00,-2.25,abc")]
    [InlineData("DECIMAL(10,1);DECIMAL(9,0);DECIMAL(21,4);DECIMAL(13,2)", "SELECT round(de, 1), floor(de), de * de, de + i FROM t WHERE id < 3", "2.3,2,5.0625,7.25; -2.3,-3,5.0625,1.75")]
    [InlineData("DECIMAL(38,4)", "SELECT de * de * 2 FROM t WHERE id = 1", "10.1250")]
    [InlineData("INTEGER;INTEGER;INTEGER", "SELECT i % 3, -i, abs(i) FROM t", "2,-5,5; 1,-4,4; 0,3,3")]
    [InlineData("INTEGER;INTEGER;INTEGER;DATE", "SELECT year(ts), month(dt), day(ts), cast(ts AS date) FROM t WHERE id = 1", "2026,5,17,2026-05-17")]
    [InlineData("VARCHAR;INTEGER;VARCHAR", "SELECT s || 'x', length(s), replace(s, 'b', 'yy') FROM t", "abcx,3,ayyc; a_bx,3,a_yy; ,,")]
    [InlineData("VARCHAR;BIGINT", "SELECT coalesce(s, '-'), CASE WHEN i > 4 THEN id ELSE 0 END FROM t", "abc,1; a_b,0; -,0")]
    [InlineData("VARCHAR;VARCHAR", "SELECT nullif(s, 'abc'), CASE s WHEN 'abc' THEN 'yes' ELSE 'no' END FROM t", ",yes; a_b,no; ,no")]
    [InlineData("BIGINT;BIGINT", "SELECT a.id, b.id FROM t a JOIN t b ON a.i = b.id + 1 AND a.s = b.s", "")]
    [InlineData("BIGINT", "SELECT a.id FROM t a LEFT JOIN t b USING (id) WHERE a.id IN (SELECT i - 3 FROM t)", "1; 2")]
    [InlineData("BIGINT", "WITH c AS (SELECT id, i FROM t) SELECT id FROM c WHERE i = (SELECT max(i) FROM c) UNION ALL SELECT i FROM t WHERE i < 0", "1; -3")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM t o WHERE o.id = t.id + 1) UNION SELECT 1", "1; 2")]
    [InlineData("VARCHAR;BIGINT", "SELECT s, count(DISTINCT i) FROM t GROUP BY s HAVING count(*) > 0 AND min(i) < 5", "a_b,1; ,1")]
    [InlineData("BIGINT", "SELECT DISTINCT id FROM t WHERE NOT (i < 0) ORDER BY id NULLS LAST LIMIT 1", "1")]
    [InlineData("INTEGER;VARCHAR", "SELECT x, y FROM (VALUES (1, NULL), (2, 'b')) v(x, y)", "1,; 2,b")]
    [InlineData("INTEGER", "SELECT st.y FROM t WHERE id = 1 AND true", "7")]
    [InlineData("BIGINT;INTEGER", "SELECT id, h FROM (SELECT id, 1 AS h FROM own) o WHERE id = 1", "1,1")]
    [InlineData("VARCHAR;VARCHAR", "SELECT upper(s), lower(upper(s)) FROM u WHERE upper(s) = 'ÉA' AND s LIKE '_a'", "ÉA,éa")]
    public async Task Select_TypesThatAllTreatAlike_Answers(string types, string sql, string rows)
    {
        foreach (string dialect in new[] { "spark", "trino" })
            Assert.Equal(Sorted(rows.Split("; ")), await AnswerAsync(dialect, types, sql));
    }

    [Theory]
    [InlineData("spark", "INTEGER", "SELECT i % 0 FROM t WHERE id = 1", "")]
    [InlineData("spark", "BIGINT", "SELECT id FROM t WHERE ts > TIMESTAMP_NTZ '2026-05-17 00:00:00' AND dt = '2026-05-17'", "1")]
    [InlineData("spark", "BIGINT", "SELECT a.id FROM t a SEMI JOIN t b ON a.id = b.id + 1", "2; 3")]
    [InlineData("trino", "BIGINT", "SELECT id FROM t WHERE ts > TIMESTAMP '2026-05-17 00:00:00' ORDER BY s LIMIT 1", "1")]
    [InlineData("trino", "TIMESTAMP;DATE", "SELECT date_trunc('month', ts), date_trunc('month', dt) FROM t WHERE id = 1", "2026-05-01 00:00:00,2026-05-01")]
    [InlineData("trino", "VARCHAR;BIGINT", "SELECT s, sum(i) FROM t GROUP BY s HAVING sum(i) > 4", "abc,5")]
    public async Task Select_WordsOfOneDialect_Answers(string dialect, string types, string sql, string rows) => Assert.Equal(Sorted(rows.Split("; ")), await AnswerAsync(dialect, types, sql));

    [Theory]
    [InlineData("VARCHAR", "SELECT 'x' || d FROM t", "d of type DOUBLE taken as VARCHAR in 'x' || d")]
    [InlineData("VARCHAR", "SELECT 'x' || ts FROM t", "taken as VARCHAR")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE i > '4.7'", "'4.7' of type VARCHAR taken as INTEGER in i > '4.7'")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE i IN (5, '4')", "'4' of type VARCHAR taken as INTEGER")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE s = 5", "s of type VARCHAR taken as INTEGER in s = 5")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE s = i", "VARCHAR")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE r = 0.1", "r = 0.1 with r of type FLOAT")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE d * 1.5 IS NULL", "taken as DOUBLE in d * 1.5")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE d = d", "d = d with d of type DOUBLE")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE d > 1", "d > 1 with d of type DOUBLE")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE NOT (d < 1)", "d >= 1 with d of type DOUBLE")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE d BETWEEN 0 AND 1", "d of type DOUBLE")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE d IN (1, 2)", "d IN (1, 2) with d of type DOUBLE")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE d IN (SELECT d FROM t)", "a join on with d of type DOUBLE")]
    [InlineData("BIGINT", "SELECT a.id FROM t a JOIN t b ON a.d = b.d", "a join on with d of type DOUBLE")]
    [InlineData("BIGINT", "SELECT a.id FROM t a JOIN t b USING (r)", "a join on with r of type FLOAT")]
    [InlineData("BIGINT", "SELECT count(*) FROM t GROUP BY d", "GROUP BY with d of type DOUBLE")]
    [InlineData("DOUBLE", "SELECT DISTINCT d FROM t", "DISTINCT, or a set operation, with")]
    [InlineData("DOUBLE", "SELECT d FROM t EXCEPT SELECT d FROM t", "DISTINCT, or a set operation, with")]
    [InlineData("DOUBLE", "SELECT d FROM t INTERSECT ALL SELECT d FROM t", "INTERSECT ALL")]
    [InlineData("DOUBLE", "SELECT d FROM t ORDER BY d NULLS LAST LIMIT 1", "ORDER BY with")]
    [InlineData("DOUBLE", "SELECT max(d) FROM t", "max(d) with d of type DOUBLE")]
    [InlineData("BIGINT", "SELECT count(DISTINCT d) FROM t", "count(d) with d of type DOUBLE")]
    [InlineData("BIGINT", "SELECT count(DISTINCT id, s) FROM t", "count")]
    [InlineData("BIGINT", "SELECT floor(d) FROM t", "floor(d) over DOUBLE")]
    [InlineData("DOUBLE", "SELECT round(d, 2) FROM t", "round(d, 2) over DOUBLE")]
    [InlineData("DECIMAL(14,6)", "SELECT avg(de) FROM t", "DECIMAL(10,2)")]
    [InlineData("DECIMAL(38,8)", "SELECT de * de * de * de FROM t", "de * de * de * de over DECIMAL")]
    [InlineData("DECIMAL(38,8)", "SELECT m * m FROM (SELECT de * de AS m FROM t) x", "m * m over DECIMAL")]
    [InlineData("VARCHAR", "SELECT CASE WHEN id = 1 THEN 'a' ELSE 2 END FROM t", "'a' of type VARCHAR taken as INTEGER in CASE")]
    [InlineData("VARCHAR", "SELECT coalesce(s, 1) FROM t", "COALESCE")]
    [InlineData("VARCHAR", "SELECT s FROM t UNION ALL SELECT id FROM t", "id of type BIGINT taken as VARCHAR")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE b = 1", "taken as")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE i", "i of type INTEGER taken as BOOLEAN")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE dt = ts", "dt of type DATE taken as TIMESTAMP in dt = ts")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE ts > '2026-05-17 00:00:00'", "taken as TIMESTAMP")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE dt = '2026-5-17'", "'2026-5-17' of type VARCHAR taken as DATE")]
    [InlineData("INTEGER", "SELECT year(tz) FROM t", "year(tz)")]
    [InlineData("DATE", "SELECT dt + 1 FROM t", "dt + 1 over DATE, INTEGER")]
    [InlineData("DATE", "SELECT cast(tz AS date) FROM t", "taken as DATE")]
    [InlineData("INTEGER", "SELECT cast(d AS int) FROM t", "d of type DOUBLE taken as INTEGER")]
    [InlineData("DECIMAL(10,1)", "SELECT cast(de AS decimal(10,1)) FROM t", "de of type DECIMAL(10,2) taken as DECIMAL(10,1)")]
    [InlineData("DECIMAL(10,1)", "SELECT de FROM t", "c0 of type DECIMAL(10,2) taken as DECIMAL(10,1)")]
    [InlineData("BIGINT", "SELECT id FROM t WHERE s LIKE s", "s LIKE s over VARCHAR, VARCHAR")]
    [InlineData("VARCHAR", "SELECT replace(s, '', 'x') FROM t", "replace(s, '', 'x')")]
    [InlineData("VARCHAR", "SELECT replace(s, s, 'x') FROM t", "replace(s, s, 'x')")]
    [InlineData("VARCHAR", "SELECT user", "a name that the engine answers by itself")]
    [InlineData("DATE", "SELECT current_date", "current_date")]
    [InlineData("BIGINT", "SELECT nowhere FROM t", "nowhere")]
    [InlineData("VARCHAR", "SELECT id FROM t", "c0 of type BIGINT taken as VARCHAR")]
    [InlineData("BIGINT", "SELECT snapshot_id FROM \"t$snapshots\"", "t")]
    public async Task Select_TypesThatAreTreatedDifferently_IsRefusedByName(string types, string sql, string words)
    {
        foreach (string dialect in sql.Contains('$', StringComparison.Ordinal) ? ["trino"] : new[] { "spark", "trino" })
            await AssertRefusedAsync(dialect, types, sql, words);
    }

    [Theory]
    [InlineData("trino", "BIGINT", "SELECT id % 0 FROM t", "id % 0 over BIGINT, BIGINT")]
    [InlineData("trino", "BIGINT", "SELECT id % i FROM t", "id % i over BIGINT, BIGINT")]
    [InlineData("trino", "TIMESTAMP", "SELECT date_trunc('mm', ts) FROM t", "mm")]
    [InlineData("trino", "DATE", "SELECT date_trunc('hour', dt) FROM t", "date_trunc('hour', dt)")]
    [InlineData("spark", "TIMESTAMP", "SELECT date_trunc('month', ts) FROM t", "date_trunc('month', ts)")]
    [InlineData("spark", "BIGINT", "SELECT id FROM t WHERE date_trunc('m', ts) IS NULL", "date_trunc('m', ts)")]
    [InlineData("spark", "VARCHAR", "SELECT s FROM t GROUP BY s HAVING sum(i) > 4", "a sum that may not fit")]
    public async Task Select_WordsThatOneDialectTreatsDifferently_IsRefusedByName(string dialect, string types, string sql, string words) => await AssertRefusedAsync(dialect, types, sql, words);

    [Theory]
    [InlineData("upper", "straße", "straße")]
    [InlineData("lower", "ΟΔΟΣ", "ΟΔΟΣ")]
    [InlineData("lower", "İI", "İI")]
    public async Task Select_LettersThatAreMappedDifferently_EndsWithTheValue(string function, string text, string named)
    {
        var view = await lake.AddViewAsync("spark", $"SELECT {function}(s) FROM u WHERE s = '{text}'", "VARCHAR");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.Lake.RunAsync($"SELECT * FROM {view}"));
        Assert.Contains($"View '{view}' is written for spark and takes {function}(…)", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_StarOfTableThatHasOtherColumnsNow_IsRefused()
    {
        await lake.Lake.RunAsync("CREATE TABLE s.changed AS SELECT 1 AS a, 2 AS b");
        var view = await lake.AddViewAsync("spark", "SELECT * FROM changed", ("a", "INTEGER"), ("b", "INTEGER"));
        Assert.Equal([[1, 2]], await lake.Lake.RunAsync($"SELECT * FROM {view}"));
        await lake.Lake.RunAsync("ALTER TABLE s.changed RENAME COLUMN b TO c");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.Lake.RunAsync($"SELECT * FROM {view}"));
        Assert.Contains("*, which is a, c now and was a, b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_ViewOfViews_AnswersWithTheTypesThatTheyDeclare()
    {
        var inner = await lake.AddViewAsync("trino", "SELECT s, sum(i) FROM t GROUP BY s", ("s", "VARCHAR"), ("total", "BIGINT"));
        var outer = await lake.AddViewAsync("spark", $"SELECT s FROM {inner.Name} WHERE total > 4 AND lower(s) = 'abc'", ("s", "VARCHAR"));
        Assert.Equal([["abc"]], await lake.Lake.RunAsync($"SELECT * FROM {outer}"));
        Assert.Equal([[1L]], await lake.Lake.RunAsync($"SELECT count(*) FROM {outer} o JOIN s.own ON own.id = 1"));
    }

    private async Task<string> AnswerAsync(string dialect, string types, string sql)
    {
        var view = await lake.AddViewAsync(dialect, sql, types);
        var rows = await lake.Lake.RunAsync($"SELECT COLUMNS(*)::VARCHAR FROM {view}");
        return Sorted(rows.Select(r => string.Join(",", r)));
    }

    private static string Sorted(IEnumerable<string> rows) => string.Join("; ", rows.Order(StringComparer.Ordinal));

    private async Task AssertRefusedAsync(string dialect, string types, string sql, string words)
    {
        var view = await lake.AddViewAsync(dialect, sql, types);
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.Lake.RunAsync($"SELECT * FROM {view}"));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.StartsWith($"View '{view}' is written for {dialect} and says what may mean something else here: ", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Contains(words, StringComparison.Ordinal), error.Message);
    }
}
