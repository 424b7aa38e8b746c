using System.Buffers;
using System.Collections.Frozen;

namespace Tarn.Engine.Sql.Lexing;

/// <content>Operators, brackets and the colon, which may start a parameter.</content>
public sealed partial class SqlLexer
{
    // Longest first. '>>' is missing on purpose: it closes two levels of struct<array<int>>.
    private static readonly string[] Operators =
    [
        "->>", "!~~*", "!~~", "~~*", "~~~", "<=>", "...", "::", ":=", "=>", "->", "<=", ">=", "<>", "!=", "==", "||", "&&", "**", "//", "@>",
        "<@", "^@", "<<", "~~", "!~",
    ];

    private static readonly SearchValues<char> SecondInOperator = SearchValues.Create([.. Operators.Select(symbol => symbol[1]).Distinct()]);

    // After one of these words a colon cannot belong to a prefix alias (SELECT x :y), so it starts a parameter.
    private static readonly FrozenSet<string> BeforeParameter = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "ALL", "AND", "AS", "BETWEEN", "BY", "CASE", "DISTINCT", "ELSE", "ESCAPE", "FROM", "HAVING", "ILIKE", "IN", "INTERVAL", "IS", "LIKE",
        "LIMIT", "NOT", "OF", "OFFSET", "ON", "OR", "RETURNING", "SELECT", "SET", "SIMILAR", "THEN", "TO", "USING", "VALUES", "WHEN", "WHERE");

    private TokenKind ReadSymbol()
    {
        if (ReadOperator())
        {
            return TokenKind.Symbol;
        }

        var c = _text[_at];
        if (c == ':' && Ahead(1) is var next && (char.IsAsciiLetter(next) || next == '_') && ColonStartsParameter())
        {
            _at++;
            return ReadWord() == TokenKind.Word ? TokenKind.Parameter : TokenKind.Symbol;
        }

        if ("()[]{}<>,.:=+-*/%^&|~!@#\\".Contains(c, StringComparison.Ordinal))
        {
            TrackBracket(c);
            _at++;
            return TokenKind.Symbol;
        }

        throw Refused(_at, $"the character U+{(int)c:X4} has no place in SQL outside of quotes");
    }

    private bool ReadOperator()
    {
        if (!SecondInOperator.Contains(Ahead(1)))
        {
            return false;
        }

        var rest = _text.AsSpan(_at);
        foreach (var symbol in Operators)
        {
            if (rest.StartsWith(symbol, StringComparison.Ordinal))
            {
                _at += symbol.Length;
                return true;
            }
        }

        return false;
    }

    private void TrackBracket(char c)
    {
        if (c is '(' or '[' or '{')
        {
            _brackets.Push(c);
        }
        else if (c is ')' or ']' or '}' && _brackets.Count > 0)
        {
            _brackets.Pop();
        }
    }

    // In [a:b] and {'key':value} a colon separates.
    private bool ColonStartsParameter() => !(_brackets.TryPeek(out var open) && open is '[' or '{') && !AfterOperand();

    private bool AfterOperand()
    {
        if (_tokens.Count == 0)
        {
            return false;
        }

        var last = _tokens[^1];
        return last.Kind switch
        {
            TokenKind.Word => !BeforeParameter.Contains(last.Span.ToString()),
            TokenKind.Symbol => last.Span[0] is ')' or ']' or '}',
            TokenKind.Semicolon => false,
            _ => true,
        };
    }
}
