using Tarn.Core.Errors;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

/// <summary>Variables hold their values, also when the engine behind the session is replaced.</summary>
public sealed class SetVariableTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder["lake"]);
        await _lake.RunAsync("CREATE SCHEMA s1");
        await _lake.RunAsync("CREATE TABLE s1.t AS SELECT i AS a, 'it''s' AS b FROM range(3) r(i)");
    }

    [Theory]
    [InlineData("row(1, 'a')")]
    [InlineData("(SELECT list({'n': a, 'b': b} ORDER BY a) FROM s1.t)")]
    [InlineData("MAP {'a, b': NULL, 'c': ['NULL', NULL]}")]
    [InlineData("5::VARIANT")]
    [InlineData("union_value(n := 2)")]
    [InlineData("2::UNION(s VARCHAR, n INTEGER)")]
    [InlineData("'NaN'::DOUBLE")]
    [InlineData("0.1::FLOAT")]
    [InlineData("TIMESTAMPTZ '2020-01-01 00:00:00.123456+05'")]
    [InlineData("INTERVAL '40 days 90 seconds'")]
    [InlineData("'\\x00\\xFF'::BLOB")]
    [InlineData("'a'::ENUM('a', 'b')")]
    [InlineData("NULL")]
    [InlineData("(SELECT count(*) FROM s1.t)")]
    public async Task Execute_EngineIsReplaced_GivesTheSameValue(string value)
    {
        const string Value = "SELECT typeof(getvariable('x')), getvariable('x')::VARCHAR, hash(getvariable('x')::VARCHAR), union_tag(u) FROM (SELECT union_value(v := getvariable('x')) AS u)";
        await _lake.RunAsync($"SET VARIABLE x = {value}");
        var before = await _lake.RunAsync(Value);
        await ReplaceEngineAsync();
        Assert.Equal(before, await _lake.RunAsync(Value));
    }

    [Theory]
    [InlineData("5::VARIANT", "variant_typeof(getvariable('x'))")]
    [InlineData("union_value(n := 2)", "union_tag(getvariable('x'))")]
    [InlineData("2::UNION(s VARCHAR, n INTEGER)", "union_tag(getvariable('x'))")]
    public async Task Execute_EngineIsReplaced_GivesTheSameMember(string value, string member)
    {
        await _lake.RunAsync($"SET VARIABLE x = {value}");
        var before = await _lake.RunAsync($"SELECT {member}::VARCHAR");
        await ReplaceEngineAsync();
        Assert.Equal(before, await _lake.RunAsync($"SELECT {member}::VARCHAR"));
    }

    [Theory]
    [InlineData("(SELECT row(a, b) FROM s1.t LIMIT 1)", "STRUCT(")]
    [InlineData("(SELECT max(a)::VARIANT FROM s1.t)", "VARIANT")]
    [InlineData("(SELECT union_value(n := max(a)) FROM s1.t)", "UNION(")]
    [InlineData("row(random(), 1)", "STRUCT(")]
    [InlineData("row(current_timestamp, 1)", "STRUCT(")]
    [InlineData("row(getvariable('x'), 1)", "STRUCT(")]
    public async Task Execute_ValueThatTextDoesNotGiveBack_IsRefusedAndTheVariableStays(string value, string named)
    {
        await _lake.RunAsync("SET VARIABLE x = 7");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync($"SET VARIABLE x = {value}"));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal([7], (await _lake.RunAsync("SELECT getvariable('x')"))[0]);
        await ReplaceEngineAsync();
        Assert.Equal([7], (await _lake.RunAsync("SELECT getvariable('x')"))[0]);
    }

    [Fact]
    public async Task Execute_VariableThatIsLostWithTheEngine_IsToldOnce()
    {
        await _lake.RunAsync("SET VARIABLE kept = 1");
        var session = (Engine.Sessions.EngineSession)_lake.Session;
        session.Variables["VARIABLE \"lost\""] = "CAST('(1, a)' AS STRUCT(INTEGER, VARCHAR))";
        await ReplaceEngineAsync();
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT getvariable('kept')"));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("\"lost\"", error.Message, StringComparison.Ordinal);
        Assert.Equal([1], (await _lake.RunAsync("SELECT getvariable('kept')"))[0]);
    }

    [Fact]
    public async Task Execute_Parameter_IsBound()
    {
        await _lake.RunAsync("PREPARE p FROM SET VARIABLE x = $1 + 1");
        await _lake.RunAsync("EXECUTE p (5)");
        await ReplaceEngineAsync();
        Assert.Equal("6", (await _lake.RunAsync("SELECT getvariable('x')::VARCHAR"))[0][0]);
    }

    [Theory]
    [InlineData("SET VARIABLE x = (SELECT nope FROM s1.t)", "line 1:26")]
    [InlineData("SET VARIABLE x =\n  1 + nope", "line 2:7")]
    [InlineData("SET VARIABLE x = (SELECT `nope` FROM s1.t)", "line 1:26")]
    public async Task Execute_ValueThatIsWrong_NamesThePlaceAndNothingInside(string sql, string place)
    {
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync(sql));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains("nope", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("read_parquet", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("__tarn", error.Message, StringComparison.Ordinal);
    }

    // The engine gives up an instance by what its message says.
    private async Task ReplaceEngineAsync() =>
        await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("SELECT error('database has been invalidated')"));

    public async Task DisposeAsync()
    {
        await _lake.DisposeAsync();
        _folder.Dispose();
    }
}
