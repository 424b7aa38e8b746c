namespace Tarn.Engine.Sql.Lexing;

/// <content>Quoted text, numbers and parameters.</content>
public sealed partial class SqlLexer
{
    private TokenKind? PrefixedLiteral(char c)
    {
        if (Ahead(1) != '\'')
        {
            return null;
        }

        switch (c)
        {
            case 'e' or 'E':
                _at++;
                return ReadEscaped();
            case 'x' or 'X':
                return ReadBinary();
            case 'b' or 'B':
                throw Refused(_at, "bits have no literal here; write bytes as X'0AFF', or the bits as a text with a cast: '0101'::BIT");
            default:
                return null;
        }
    }

    private TokenKind ReadBinary()
    {
        var start = _at++;
        ReadQuoted('\'', TokenKind.Binary, "binary literal");
        var digits = 0;
        for (var i = start + 2; i < _at - 1; i++)
        {
            if (IsSpace(_text[i]))
            {
                continue;
            }

            digits += char.IsAsciiHexDigit(_text[i]) ? 1 : throw Refused(i, $"'{_text[i]}' is no hexadecimal digit; a binary literal has pairs of them, as X'0AFF'");
        }

        return digits % 2 == 0 ? TokenKind.Binary : throw Refused(start, $"this binary literal has an odd number of hexadecimal digits ({digits}); each byte is a pair of them, as X'0AFF'");
    }

    private TokenKind ReadQuoted(char quote, TokenKind kind, string what)
    {
        var start = _at++;
        while (true)
        {
            var next = _text.IndexOf(quote, Math.Min(_at, _text.Length));
            if (next < 0)
            {
                throw Unclosed(start, what, quote.ToString());
            }

            _at = next + 1;
            if (Ahead(0) != quote)
            {
                break;
            }

            _at++;
        }

        return kind == TokenKind.Text || _at - start > 2 || kind == TokenKind.Binary
            ? kind
            : throw Refused(start, "a quoted name must not be empty");
    }

    private TokenKind ReadEscaped()
    {
        var start = _at - 1;
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] == '\\' || (_text[_at] == '\'' && Ahead(1) == '\''))
            {
                _at++;
            }
            else if (_text[_at] == '\'')
            {
                _at++;
                return TokenKind.Text;
            }
        }

        throw Unclosed(start, "string literal", "'");
    }

    // $1 and $name are parameters; $$ and $tag$ open a literal that the same tag closes.
    private TokenKind ReadDollar()
    {
        var start = _at++;
        var tagStart = _at;
        while (_at < _text.Length && _text[_at] != '$' && IsNamePart(_text[_at]))
        {
            _at++;
        }

        var isTag = _at == tagStart || !char.IsAsciiDigit(_text[tagStart]);
        if (isTag && Ahead(0) == '$')
        {
            var tag = _text[start..(_at + 1)];
            var close = _text.IndexOf(tag, _at + 1, StringComparison.Ordinal);
            _at = close < 0 ? throw Unclosed(start, "string literal", tag) : close + tag.Length;
            return TokenKind.Text;
        }

        return _at > tagStart ? TokenKind.Parameter : throw Refused(start, "expected a parameter number or name after '$'");
    }

    private TokenKind ReadNumber()
    {
        if (Ahead(0) == '0' && Ahead(1) is 'x' or 'X' && char.IsAsciiHexDigit(Ahead(2)))
        {
            _at += 2;
            SkipWhile(char.IsAsciiHexDigit);
            return TokenKind.Number;
        }

        SkipWhile(char.IsAsciiDigit);
        if (Ahead(0) == '.')
        {
            _at++;
            SkipWhile(char.IsAsciiDigit);
        }

        var sign = Ahead(1) is '+' or '-' ? 1 : 0;
        if (Ahead(0) is 'e' or 'E' && char.IsAsciiDigit(Ahead(1 + sign)))
        {
            _at += 1 + sign;
            SkipWhile(char.IsAsciiDigit);
        }

        return TokenKind.Number;
    }

    private void SkipWhile(Func<char, bool> digit)
    {
        while (digit(Ahead(0)) || (Ahead(0) == '_' && digit(Ahead(1))))
        {
            _at++;
        }
    }
}
