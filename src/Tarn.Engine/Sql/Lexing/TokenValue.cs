using System.Globalization;
using System.Text;

namespace Tarn.Engine.Sql.Lexing;

/// <summary>Takes the quotes and escapes off a token.</summary>
internal static class TokenValue
{
    public static string Of(Token token)
    {
        var text = token.Span.ToString();
        return token.Kind switch
        {
            TokenKind.QuotedName => text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal),
            TokenKind.BacktickName => text[1..^1].Replace("``", "`", StringComparison.Ordinal),
            TokenKind.Text => OfText(text),
            TokenKind.Binary => string.Concat(text[2..^1].Where(c => !SqlLexer.IsSpace(c))),
            _ => text,
        };
    }

    private static string OfText(string text) => text[0] switch
    {
        '\'' => text[1..^1].Replace("''", "'", StringComparison.Ordinal),
        '$' => DollarContent(text),
        _ => Unescape(text[2..^1]),
    };

    private static string DollarContent(string text)
    {
        var tag = text.IndexOf('$', 1) + 1;
        return text[tag..^tag];
    }

    // The escapes of PostgreSQL's E'' strings, section 4.1.2.2 of its manual.
    private static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\'')
            {
                i++;
            }

            if (c == '\\' && i + 1 < text.Length)
            {
                i = AppendEscape(result, text, i + 1);
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    private static int AppendEscape(StringBuilder result, string text, int at)
    {
        switch (text[at])
        {
            case 'n': result.Append('\n'); return at;
            case 't': result.Append('\t'); return at;
            case 'r': result.Append('\r'); return at;
            case 'b': result.Append('\b'); return at;
            case 'f': result.Append('\f'); return at;
            case 'x': return AppendCode(result, text, at, 2);
            case 'u': return AppendCode(result, text, at, 4);
            case 'U': return AppendCode(result, text, at, 8);
            default: result.Append(text[at]); return at;
        }
    }

    private static int AppendCode(StringBuilder result, string text, int at, int maxDigits)
    {
        var end = at + 1;
        while (end < text.Length && end - at <= maxDigits && char.IsAsciiHexDigit(text[end]))
        {
            end++;
        }

        if (end == at + 1 || !int.TryParse(text.AsSpan(at + 1, end - at - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code)
            || !Rune.IsValid(code))
        {
            result.Append(text[at]);
            return at;
        }

        result.Append(new Rune(code).ToString());
        return end - 1;
    }
}
