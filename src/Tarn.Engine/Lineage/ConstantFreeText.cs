using System.Text;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Lineage;

/// <summary>A statement without what could be a secret: <c>?</c> for every constant, comments left out, blanks and line ends as one blank.</summary>
internal static class ConstantFreeText
{
    public static string Of(SqlText statement)
    {
        var text = new StringBuilder(statement.Text.Length);
        int end = -1;
        foreach (var token in SqlLexer.Tokenize(statement))
        {
            if (token.Kind == TokenKind.End)
                break;
            if (end >= 0 && token.Offset > end)
                text.Append(' ');
            text.Append(token.Kind is TokenKind.Text or TokenKind.Number ? "?" : token.Span);
            end = token.End;
        }

        return text.ToString();
    }
}
