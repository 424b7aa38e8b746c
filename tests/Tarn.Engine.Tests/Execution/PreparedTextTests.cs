using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

/// <summary>What EXECUTE puts in the places of parameters is a value, found before the statement runs.</summary>
public sealed class PreparedTextTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder["lake"]);
        await _lake.RunAsync("CREATE SCHEMA s1");
        await _lake.RunAsync("CREATE TABLE s1.t AS SELECT i::INTEGER AS id, 'x' || i AS eod FROM range(5) r(i)");
        await _lake.RunAsync("PREPARE r AS SELECT id FROM s1.t WHERE id = ?");
    }

    [Theory]
    [InlineData("EXECUTE r(id)", 11, "id")]
    [InlineData("EXECUTE r(1 + eod)", 11, "eod")]
    [InlineData("EXECUTE r USING t.id", 17, "t")]
    public async Task Execute_ValueWithAColumn_IsRefusedAtItsPlace(string sql, int column, string name)
    {
        var error = await Assert.ThrowsAnyAsync<SqlSyntaxException>(() => _lake.RunAsync(sql));
        Assert.Equal((1, column), (error.Line, error.Column));
        Assert.Contains($"'{name}'", error.Problem, StringComparison.Ordinal);
        Assert.Contains("EXECUTE", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_ValueThatIsRandom_IsFoundOnce()
    {
        await _lake.RunAsync("PREPARE v AS SELECT count(DISTINCT $1), count(DISTINCT $1 - $1), min($1 - $1) FROM s1.t");
        Assert.Equal([1L, 1L, 0.0], (await _lake.RunAsync("EXECUTE v(random())"))[0]);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-5")]
    [InlineData("2 - 7")]
    [InlineData("-2147483647 - 1")]
    [InlineData("5::SMALLINT")]
    [InlineData("5::BIGINT")]
    [InlineData("-(3000000000)")]
    [InlineData("-9223372036854775807 - 1")]
    [InlineData("170141183460469231731687303715884105727 - 0")]
    [InlineData("1.50::DECIMAL(10, 2)")]
    [InlineData("-0.12")]
    [InlineData("0.1::FLOAT")]
    [InlineData("'NaN'::DOUBLE")]
    [InlineData("1e300 * 1")]
    [InlineData("true AND false")]
    [InlineData("DATE '2020-02-29'")]
    [InlineData("DATE '2020-02-28' + 1")]
    [InlineData("TIMESTAMP '2020-01-01 00:00:00.123456' + INTERVAL 1 DAY")]
    [InlineData("TIMESTAMPTZ '2020-01-01 00:00:00.123456+05' + INTERVAL 1 DAY")]
    [InlineData("TIMESTAMP_NS '2020-01-01 00:00:00.123456789'")]
    [InlineData("TIME '12:34:56.789' + INTERVAL 1 SECOND")]
    [InlineData("INTERVAL '40 days 90 seconds'")]
    [InlineData("X'00FF27'")]
    [InlineData("'\\x00\\xFF'::BLOB")]
    [InlineData("'0197c9d4-8f6a-7cc1-a3c5-6c1d4c9e0a11'::UUID")]
    [InlineData("'it''s' || ' $1 ? \"q\" -- no'")]
    [InlineData("''")]
    [InlineData("[1, 2, NULL]")]
    [InlineData("['it''s', 'a, b', 'NULL', NULL]")]
    [InlineData("{'n': 1, 'b': 'it''s', 'l': [DATE '2020-01-01']}")]
    [InlineData("MAP {'a, b': NULL, 'c': ['NULL', NULL]}")]
    [InlineData("NULL")]
    [InlineData("NULL::DATE")]
    public async Task Execute_Value_IsWhatItIsWithoutParameter(string value)
    {
        await _lake.RunAsync("PREPARE v AS SELECT typeof($1), hash($1)::VARCHAR, $1::VARCHAR");
        Assert.Equal(await _lake.RunAsync($"SELECT typeof(v), hash(v)::VARCHAR, v::VARCHAR FROM (SELECT {value} AS v)"), await _lake.RunAsync($"EXECUTE v({value})"));
    }

    [Fact]
    public async Task Execute_ValueOfAQuery_IsFoundBeforeTheStatement()
    {
        Assert.Equal([4], (await _lake.RunAsync("EXECUTE r((SELECT max(id) FROM s1.t))"))[0]);
        await _lake.RunAsync("PREPARE i AS INSERT INTO s1.t VALUES (?, ?)");
        await _lake.RunAsync("EXECUTE i((SELECT max(id) + 1 FROM s1.t), upper('a'))");
        Assert.Equal(["A"], (await _lake.RunAsync("SELECT eod FROM s1.t WHERE id = 5"))[0]);
    }

    [Fact]
    public async Task Execute_ParametersOfTheStatementItself_AreTakenByNumberAndPlace()
    {
        await _lake.RunAsync("PREPARE v AS SELECT $1 || '/' || $2");
        Assert.Equal("b/a!", await RunAsync("EXECUTE v($2, $1 || '!')", "a", "b"));
        Assert.Equal("a/b!", await RunAsync("EXECUTE v(?, ? || '!')", "a", "b"));
        var error = await Assert.ThrowsAnyAsync<SqlSyntaxException>(() => RunAsync("EXECUTE v($1, $2)", "a"));
        Assert.Equal(15, error.Column);

        async Task<object?> RunAsync(string sql, params object?[] parameters)
        {
            await using var result = await _lake.Session.ExecuteAsync(sql, new StatementOptions { Parameters = parameters });
            await foreach (var batch in result.ReadBatchesAsync())
                return batch.GetValue(0, 0);
            return null;
        }
    }

    [Fact]
    public async Task Execute_VersionAndTime_MayBeComputed()
    {
        await _lake.RunAsync("INSERT INTO s1.t VALUES (5, 'x5')");
        await _lake.RunAsync("PREPARE v AS SELECT count(*) FROM s1.t FOR VERSION AS OF ?");
        await _lake.RunAsync("PREPARE m AS SELECT count(*) FROM s1.t FOR TIMESTAMP AS OF ?");
        await _lake.RunAsync("ALTER TABLE s1.t CREATE TAG eod");
        Assert.Equal([5L], (await _lake.RunAsync("EXECUTE v((SELECT snapshot_id FROM s1.\"t$snapshots\" ORDER BY committed_at LIMIT 1))"))[0]);
        Assert.Equal([6L], (await _lake.RunAsync("EXECUTE v('eod')"))[0]);
        Assert.Equal([6L], (await _lake.RunAsync("EXECUTE v('e' || 'od')"))[0]);
        Assert.Equal([6L], (await _lake.RunAsync("EXECUTE m(current_timestamp + INTERVAL 1 HOUR)"))[0]);
        Assert.Equal([5L], (await _lake.RunAsync("EXECUTE m((SELECT committed_at FROM s1.\"t$snapshots\" ORDER BY committed_at LIMIT 1))"))[0]);
    }

    [Theory]
    [InlineData("PREPARE p AS EXECUTE p")]
    [InlineData("PREPARE p FROM EXECUTE r(1)")]
    [InlineData("PREPARE p FROM EXPLAIN EXECUTE p")]
    [InlineData("PREPARE p FROM EXECUTE IMMEDIATE 'SELECT 1'")]
    [InlineData("PREPARE p FROM PREPARE q AS SELECT 1")]
    [InlineData("PREPARE p FROM DEALLOCATE r")]
    public async Task Prepare_StatementOfPreparedOnes_IsRefused(string sql)
    {
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync(sql));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("DEALLOCATE p"));
    }

    public async Task DisposeAsync()
    {
        await _lake.DisposeAsync();
        _folder.Dispose();
    }
}
