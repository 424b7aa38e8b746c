using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Tests.Sql.Lexing;

public sealed class SqlLexerTests
{
    [Theory]
    [InlineData("a Bc _d1 é$x", "Word:a Word:Bc Word:_d1 Word:é$x")]
    [InlineData("\"a\"\"b\" `c``d`", "QuotedName:\"a\"\"b\" BacktickName:`c``d`")]
    [InlineData("'it''s' E'\\'x' $$a'b$$ $t$ $$ $t$", "Text:'it''s' Text:E'\\'x' Text:$$a'b$$ Text:$t$ $$ $t$")]
    [InlineData("x'0A' X'0 a\nfF' X''", "Binary:x'0A' Binary:X'0 a\nfF' Binary:X''")]
    [InlineData("(.5 1.5 1. 1e5 1.5E-3 1_000 0xFF", "Symbol:( Number:.5 Number:1.5 Number:1. Number:1e5 Number:1.5E-3 Number:1_000 Number:0xFF")]
    [InlineData("1month", "Number:1 Word:month")]
    [InlineData("? $1 $name", "Parameter:? Parameter:$1 Parameter:$name")]
    [InlineData("WHERE a = :a AND b IN (:b)", "Word:WHERE Word:a Symbol:= Parameter::a Word:AND Word:b Word:IN Symbol:( Parameter::b Symbol:)")]
    [InlineData("a[1:n] {'k':v} x :y", "Word:a Symbol:[ Number:1 Symbol:: Word:n Symbol:] Symbol:{ Text:'k' Symbol:: Word:v Symbol:} Word:x Symbol:: Word:y")]
    [InlineData("a::int->>'b'||c<=d<>e!=f=>g:=h", "Word:a Symbol::: Word:int Symbol:->> Text:'b' Symbol:|| Word:c Symbol:<= Word:d Symbol:<> Word:e Symbol:!= Word:f Symbol:=> Word:g Symbol::= Word:h")]
    [InlineData("a>>b", "Word:a Symbol:> Symbol:> Word:b")]
    [InlineData("a -- c ; '\nb", "Word:a Word:b")]
    [InlineData("a/* x /* y */ ' */b/**/c", "Word:a Word:b Word:c")]
    [InlineData("a\u00A0b\u200Bc\uFEFF", "Word:a Word:b Word:c")]
    [InlineData("a;b", "Word:a Semicolon:; Word:b")]
    [InlineData("t.5", "Word:t Symbol:. Number:5")]
    public void Tokenize_Text_CutsIt(string sql, string expected)
    {
        var tokens = SqlLexer.Tokenize(new SqlSource(sql));
        Assert.Equal(TokenKind.End, tokens[^1].Kind);
        Assert.Equal(expected, string.Join(' ', tokens.SkipLast(1).Select(token => $"{token.Kind}:{token}")));
    }

    [Theory]
    [InlineData("'it''s'", "it's")]
    [InlineData("\"a\"\"b\"", "a\"b")]
    [InlineData("`a``b`", "a`b")]
    [InlineData("E'a\\n\\t\\'\\x41\\u00e9\\U0001F600\\q''z'", "a\n\t'Aé😀q'z")]
    [InlineData("$$it's$$", "it's")]
    [InlineData("$tag$a$$b$tag$", "a$$b")]
    [InlineData("Word", "Word")]
    public void Value_Token_IsItsMeaning(string sql, string value) => Assert.Equal(value, SqlLexer.Tokenize(new SqlSource(sql))[0].Value);

    [Theory]
    [InlineData("a\nb", 1, 2, 1)]
    [InlineData("a\r\n  b", 1, 2, 3)]
    [InlineData("a\rb", 1, 2, 1)]
    [InlineData("/*\n\n*/ a", 0, 3, 4)]
    public void Position_Token_CountsFromOne(string sql, int token, int line, int column)
    {
        var position = SqlLexer.Tokenize(new SqlSource(sql))[token].Position;
        Assert.Equal((line, column), (position.Line, position.Column));
    }

    [Theory]
    [InlineData("SELECT 'abc", "1:8", "this string literal is never closed; expected ' before the end of the text")]
    [InlineData("SELECT\n \"abc", "2:2", "this quoted name is never closed; expected \" before the end of the text")]
    [InlineData("a `b", "1:3", "this quoted name is never closed; expected ` before the end of the text")]
    [InlineData("a /* /* */", "1:3", "this comment is never closed; expected */ before the end of the text")]
    [InlineData("a /*/", "1:3", "this comment is never closed; expected */ before the end of the text")]
    [InlineData("a $x$ $y$", "1:3", "this string literal is never closed; expected $x$ before the end of the text")]
    [InlineData("E'\\'", "1:1", "this string literal is never closed; expected ' before the end of the text")]
    public void Tokenize_OpenLiteral_IsIncomplete(string sql, string place, string problem)
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlLexer.Tokenize(new SqlSource(sql)));
        Assert.Equal($"{place}: {problem}", $"{error.Line}:{error.Column}: {error.Problem}");
        Assert.True(error.Incomplete);
    }

    [Theory]
    [InlineData("SELECT \u0001", "1:8", "the character U+0001 has no place in SQL outside of quotes")]
    [InlineData("a \"\"", "1:3", "a quoted name must not be empty")]
    [InlineData("a $", "1:3", "expected a parameter number or name after '$'")]
    public void Tokenize_Illegal_IsRefused(string sql, string place, string problem)
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlLexer.Tokenize(new SqlSource(sql)));
        Assert.Equal($"{place}: {problem}", $"{error.Line}:{error.Column}: {error.Problem}");
        Assert.False(error.Incomplete);
    }
}
