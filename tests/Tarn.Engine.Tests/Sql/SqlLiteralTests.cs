using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Literals;

namespace Tarn.Engine.Tests.Sql;

public sealed class SqlLiteralTests
{
    [Theory]
    [InlineData("'it''s'", "'it''s'")]
    [InlineData("E'a\\tb'", "'a\tb'")]
    [InlineData("-1_000.5e3", "-1000.5e3")]
    [InlineData("+7", "7")]
    [InlineData("0xFF", "255")]
    [InlineData("TRUE", "TRUE")]
    [InlineData("false", "FALSE")]
    [InlineData("null", "NULL")]
    [InlineData("default", "NULL")]
    [InlineData("(((1)))", "1")]
    [InlineData("x'0a fF'", "X'0AFF'")]
    [InlineData("date '2024-01-31'", "DATE '2024-01-31'")]
    [InlineData("timestamp with time zone '2024-01-31 UTC'", "TIMESTAMP WITH TIME ZONE '2024-01-31 UTC'")]
    [InlineData("timestamp without time zone '2024-01-31'", "TIMESTAMP '2024-01-31'")]
    [InlineData("uuid 'a'", "UUID 'a'")]
    [InlineData("ARRAY['a', 1, [true]]", "ARRAY['a', 1, ARRAY[TRUE]]")]
    [InlineData("array(1, 2)", "ARRAY[1, 2]")]
    [InlineData("[]", "ARRAY[]")]
    [InlineData("MAP {'a': 1, 'b': [2]}", "MAP {'a': 1, 'b': ARRAY[2]}")]
    [InlineData("MAP(ARRAY['a'], ARRAY['b'])", "MAP {'a': 'b'}")]
    [InlineData("map('a', 'b', 'c', 'd')", "MAP {'a': 'b', 'c': 'd'}")]
    [InlineData("map()", "MAP {}")]
    public void Parse_Literal_IsEvaluated(string sql, string expected)
    {
        var literal = SqlLiteral.Parse(SqlText.Of(sql));
        Assert.Equal(expected, literal.ToString());
        Assert.Equal(literal, SqlLiteral.Parse(SqlText.Of(expected)));
    }

    [Theory]
    [InlineData("1 + 1", "1:3", "expected a plain literal, found the expression 1 + 1")]
    [InlineData("now()", "1:1", "expected a literal, found 'now'")]
    [InlineData("-'a'", "1:2", "expected a number, found 'a'")]
    [InlineData("ARRAY[1, ]", "1:10", "expected a literal, found ']'")]
    [InlineData("x'abc'", "1:1", "this binary literal has an odd number of hexadecimal digits (3); each byte is a pair of them, as X'0AFF'")]
    [InlineData("map('a')", "1:4", "a map needs as many values as keys")]
    [InlineData("map(array[1], array[])", "1:4", "a map needs as many values as keys")]
    [InlineData("", "1:1", "expected a literal, found the end of the statement")]
    public void Parse_Expression_IsRefused(string sql, string place, string problem)
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlLiteral.Parse(SqlText.Of(sql)));
        Assert.Equal($"{place}: {problem}", $"{error.Line}:{error.Column}: {error.Problem}");
    }

    [Fact]
    public void Parse_DeepArray_IsRefused() =>
        Assert.Throws<SqlSyntaxException>(() => SqlLiteral.Parse(SqlText.Of(new string('[', 100_000))));

    [Theory]
    [InlineData("'a'", "a")]
    [InlineData("true", "true")]
    [InlineData("-1.50", "-1.50")]
    [InlineData("date '2024-01-31'", "2024-01-31")]
    [InlineData("null", null)]
    public void ToPropertyText_SingleValue_IsItsText(string sql, string? expected) =>
        Assert.Equal(expected, SqlLiteral.Parse(SqlText.Of(sql)).ToPropertyText());

    [Fact]
    public void ToPropertyText_Array_IsRefused() =>
        Assert.Equal(ErrorKind.InvalidRequest, Assert.Throws<TarnException>(() => SqlLiteral.Parse(SqlText.Of("[1]")).ToPropertyText()).Kind);

    [Fact]
    public void NumberLiteral_Numbers_TellWhatTheyHold()
    {
        Assert.True(new NumberLiteral("-9223372036854775808").TryGetInt64(out var least));
        Assert.Equal(long.MinValue, least);
        Assert.False(new NumberLiteral("9223372036854775808").TryGetInt64(out _));
        Assert.True(new NumberLiteral("9223372036854775808").IsInteger);
        Assert.False(new NumberLiteral("1e2").IsInteger);
        Assert.Equal(100.0, new NumberLiteral("1e2").ToDouble());
        Assert.Equal([0x0A, 0xFF], new BinaryLiteral("0AFF").ToBytes());
    }
}
