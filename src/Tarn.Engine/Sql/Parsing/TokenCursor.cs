using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>
/// Walks over the tokens of one statement. Alternatives that were tried in vain at a place are remembered, so that an error there
/// can name all of them.
/// </summary>
internal sealed partial class TokenCursor
{
    private readonly IReadOnlyList<Token> _tokens;
    private readonly int _end;
    private readonly List<string> _tried = [];
    private int _triedAt = -1;
    private int _index;

    /// <summary>A cursor over tokens[start..end]; the token at <paramref name="end"/> stands for the end of the statement.</summary>
    public TokenCursor(SqlSource source, IReadOnlyList<Token> tokens, int start, int end)
    {
        Source = source;
        _tokens = tokens;
        _index = start;
        _end = end;
    }

    /// <summary>A cursor over the tokens of a slice; places still count in the text that it was cut from.</summary>
    public static TokenCursor Over(SqlText text)
    {
        var tokens = SqlLexer.Tokenize(text);
        return new TokenCursor(text.Source, tokens, 0, tokens.Count - 1);
    }

    public SqlSource Source { get; }

    /// <summary>Index of the current token; may be set back to try another way.</summary>
    public int Index
    {
        get => _index;
        set => _index = value;
    }

    public Token Current => Peek(0);

    public bool AtEnd => _index >= _end;

    public IReadOnlyList<Token> Tokens => _tokens;

    public int End => _end;

    /// <summary>The token <paramref name="ahead"/> places on; behind the statement an empty token of kind End.</summary>
    public Token Peek(int ahead)
    {
        var at = _index + ahead;
        return at < _end ? _tokens[at] : new Token(TokenKind.End, Source, _tokens[_end].Offset, 0);
    }

    public Token Take()
    {
        var token = Current;
        if (!AtEnd)
        {
            _index++;
        }

        return token;
    }

    /// <summary>Whether the words stand here, in this order.</summary>
    public bool IsAt(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!Peek(i).IsWord(words[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes the words when all stand here.</summary>
    public bool TryTake(params ReadOnlySpan<string> words)
    {
        if (IsAt(words))
        {
            _index += words.Length;
            return true;
        }

        Tried(string.Join(' ', words));
        return false;
    }

    /// <summary>Takes one of several single words and returns it in upper case; null when none stands here.</summary>
    public string? TryTakeAny(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (TryTake(word))
            {
                return word;
            }
        }

        return null;
    }

    /// <summary>Like <see cref="TryTakeAny"/>, for other spellings that an error need not name.</summary>
    public string? TryTakeSpelling(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Current.IsWord(word))
            {
                _index++;
                return word;
            }
        }

        return null;
    }

    /// <summary>Takes <c>IF EXISTS</c> or <c>IF NOT EXISTS</c>; IF and another word is an error, since a name cannot be followed by a word here.</summary>
    public bool TryTakeIf(params ReadOnlySpan<string> words)
    {
        if (!(Current.IsWord("IF") && Peek(1).Kind == TokenKind.Word))
        {
            return false;
        }

        _index++;
        Expect(words);
        return true;
    }

    public bool TryTakeSymbol(string symbol)
    {
        if (Current.IsSymbol(symbol))
        {
            _index++;
            return true;
        }

        Tried($"'{symbol}'");
        return false;
    }

    public void Expect(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (!TryTake(word))
            {
                throw Failure();
            }
        }
    }

    public void ExpectSymbol(string symbol)
    {
        if (!TryTakeSymbol(symbol))
        {
            throw Failure();
        }
    }

    public void ExpectEnd()
    {
        if (!AtEnd)
        {
            Tried("the end of the statement");
            throw Failure();
        }
    }

    /// <summary>The slice from the token at <paramref name="from"/> up to the one before the current.</summary>
    public SqlText SliceFrom(int from) => Slice(from, _index);

    public SqlText Slice(int from, int to) => to <= from
        ? new SqlText(Source, from < _end ? _tokens[from].Offset : _tokens[_end].Offset, 0)
        : new SqlText(Source, _tokens[from].Offset, _tokens[to - 1].End - _tokens[from].Offset);
}
