namespace Tarn.Engine.Sql.Lexing;

/// <summary>
/// Cuts a SQL text into tokens, by the lexical rules of PostgreSQL and DuckDB plus backtick names. Linear in the length of the text.
/// </summary>
public sealed partial class SqlLexer
{
    private readonly SqlSource _source;
    private readonly string _text;
    private readonly int _base;
    private readonly List<Token> _tokens = [];
    private readonly Stack<char> _brackets = new();
    private int _at;

    private SqlLexer(SqlSource source, int start, int length)
    {
        _source = source;
        _text = length == source.Text.Length ? source.Text : source.Text.Substring(start, length);
        _base = start;
    }

    /// <summary>All tokens of the text, closed by one of kind <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="SqlSyntaxException">A literal, name or comment is not closed, or a character belongs to no token.</exception>
    public static IReadOnlyList<Token> Tokenize(SqlSource source) => new SqlLexer(source, 0, source.Text.Length).Run();

    /// <summary>All tokens of a slice, with offsets in the text that it was cut from.</summary>
    /// <exception cref="SqlSyntaxException">A literal, name or comment is not closed, or a character belongs to no token.</exception>
    public static IReadOnlyList<Token> Tokenize(SqlText text) => new SqlLexer(text.Source, text.Offset, text.Length).Run();

    private List<Token> Run()
    {
        while (SkipTrivia())
        {
            var start = _at;
            var kind = ReadToken();
            _tokens.Add(new Token(kind, _source, _base + start, _at - start));
        }

        _tokens.Add(new Token(TokenKind.End, _source, _base + _text.Length, 0));
        return _tokens;
    }

    private TokenKind ReadToken()
    {
        var c = _text[_at];
        switch (c)
        {
            case ';':
                _at++;
                return TokenKind.Semicolon;
            case '\'':
                return ReadQuoted('\'', TokenKind.Text, "string literal");
            case '"':
                return ReadQuoted('"', TokenKind.QuotedName, "quoted name");
            case '`':
                return ReadQuoted('`', TokenKind.BacktickName, "quoted name");
            case '$':
                return ReadDollar();
            case '?':
                _at++;
                return TokenKind.Parameter;
        }

        if (PrefixedLiteral(c) is { } literal)
        {
            return literal;
        }

        if (IsNameStart(c))
        {
            return ReadWord();
        }

        return char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Ahead(1)) && !AfterOperand()) ? ReadNumber() : ReadSymbol();
    }

    private char Ahead(int count) => _at + count < _text.Length ? _text[_at + count] : '\0';

    private bool SkipTrivia()
    {
        while (_at < _text.Length)
        {
            if (IsSpace(_text[_at]))
            {
                _at++;
            }
            else if (_text[_at] == '-' && Ahead(1) == '-')
            {
                var end = _text.AsSpan(_at).IndexOfAny('\r', '\n');
                _at = end < 0 ? _text.Length : _at + end;
            }
            else if (_text[_at] == '/' && Ahead(1) == '*')
            {
                SkipBlockComment();
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private void SkipBlockComment()
    {
        var start = _at;
        var depth = 0;
        do
        {
            var next = _text.AsSpan(_at).IndexOfAny('/', '*');
            if (next < 0 || _at + next + 1 >= _text.Length)
            {
                throw Unclosed(start, "comment", "*/");
            }

            _at += next;
            var opens = _text[_at] == '/' && _text[_at + 1] == '*';
            var closes = _text[_at] == '*' && _text[_at + 1] == '/';
            depth += opens ? 1 : closes ? -1 : 0;
            _at += opens || closes ? 2 : 1;
        }
        while (depth > 0);
    }

    private TokenKind ReadWord()
    {
        while (_at < _text.Length && IsNamePart(_text[_at]))
        {
            _at++;
        }

        return TokenKind.Word;
    }

    // DuckDB turns these Unicode spaces into plain ones before it parses.
    internal static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v'
        or '\u00A0' or '\u1680' or '\uFEFF' or (>= '\u2000' and <= '\u200B') or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000';

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c > '\u009F' && !IsSpace(c));

    private static bool IsNamePart(char c) => IsNameStart(c) || char.IsAsciiDigit(c) || c == '$';

    private SqlSyntaxException Unclosed(int start, string what, string closer) =>
        new(_source, _base + start, $"this {what} is never closed; expected {closer} before the end of the text", incomplete: true);

    private SqlSyntaxException Refused(int at, string problem) => new(_source, _base + at, problem);
}
