using FsCheck;
using FsCheck.Fluent;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Testing;

namespace Tarn.Engine.Tests.Sql;

public sealed class SqlScriptTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" -- only a comment\n;;", "")]
    [InlineData("a;b", "a|b")]
    [InlineData("SELECT ';' ; -- ;\n SELECT \";\" /* ; */ ;", "SELECT ';'|SELECT \";\"")]
    [InlineData("SELECT $$;$$; x", "SELECT $$;$$|x")]
    public void Split_Script_CutsBehindSemicolons(string script, string expected) =>
        Assert.Equal(expected, string.Join('|', SqlScript.Split(script)));

    [Theory]
    [InlineData("", ScriptState.Empty)]
    [InlineData(" -- x", ScriptState.Empty)]
    [InlineData("SELECT 1", ScriptState.NeedsSemicolon)]
    [InlineData("SELECT 1;", ScriptState.Complete)]
    [InlineData("SELECT 1; -- done", ScriptState.Complete)]
    [InlineData("SELECT 1; SELECT", ScriptState.NeedsSemicolon)]
    [InlineData("SELECT (1", ScriptState.OpenBracket)]
    [InlineData("SELECT ';", ScriptState.OpenLiteral)]
    [InlineData("SELECT /* ;", ScriptState.OpenLiteral)]
    [InlineData("SELECT \u0001", ScriptState.Complete)]
    public void State_Text_TellsWhetherToWait(string text, ScriptState expected) => Assert.Equal(expected, SqlScript.State(text));

    [Fact]
    public void Split_Statement_KnowsItsPlaceInTheScript()
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlParser.ParseScript("SELECT 1;\n  DROP TABEL x;"));
        Assert.Equal((2, 8), (error.Line, error.Column));
        Assert.EndsWith("  DROP TABEL x;\n       ^", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pieces_AnyText_JoinToTheText() => Check.One(Many, Prop.ForAll(SqlTexts.Any, text =>
    {
        if (Pieces(text) is not { } pieces)
        {
            return true;
        }

        return string.Concat(pieces.Select(piece => piece.Whole.Text)) == text
            && pieces.All(piece => piece.Whole.Text.Contains(piece.Statement.Text, StringComparison.Ordinal));
    }));

    [Fact]
    public void Tokenize_AnyText_GivesOrderedTokensOrASyntaxError() => Check.One(Many, Prop.ForAll(SqlTexts.Any, text =>
    {
        try
        {
            var at = 0;
            return SqlLexer.Tokenize(new SqlSource(text)).All(token =>
            {
                var inOrder = token.Offset >= at && (token.Length > 0 || token.Kind == TokenKind.End) && token.Value.Length <= token.Length;
                at = token.End;
                return inOrder;
            });
        }
        catch (SqlSyntaxException)
        {
            return true;
        }
    }));

    [Fact]
    public void Parse_AnyText_GivesAStatementOrASyntaxError() => Check.One(Many, Prop.ForAll(SqlTexts.Any, text =>
    {
        try
        {
            return SqlParser.Parse(text).Source.Length > 0;
        }
        catch (SqlSyntaxException error)
        {
            return error.Line >= 1 && error.Column >= 1;
        }
    }));

    private static Config Many => Config.QuickThrowOnFailure.WithMaxTest(Soak.Rounds(2_000, 200_000));

    private static IReadOnlyList<ScriptPiece>? Pieces(string text)
    {
        try
        {
            return SqlScript.Pieces(new SqlSource(text));
        }
        catch (SqlSyntaxException)
        {
            return null;
        }
    }
}
