namespace Tarn.Engine.Sql.Lexing;

/// <summary>One token of a SQL text. White space and comments are not tokens.</summary>
public readonly record struct Token(TokenKind Kind, SqlSource Source, int Offset, int Length)
{
    /// <summary>Offset just behind the token.</summary>
    public int End => Offset + Length;

    /// <summary>The characters as written.</summary>
    public ReadOnlySpan<char> Span => Source.Text.AsSpan(Offset, Length);

    /// <summary>Line and column of the first character.</summary>
    public SourcePosition Position => Source.PositionAt(Offset);

    /// <summary>Whether the token can be a name: a bare word or a quoted one.</summary>
    public bool IsName => Kind is TokenKind.Word or TokenKind.QuotedName or TokenKind.BacktickName;

    /// <summary>The meaning: a name without its quotes, the characters of a string literal, else the text as written.</summary>
    public string Value => TokenValue.Of(this);

    /// <summary>Whether the token is this bare word, in any case.</summary>
    public bool IsWord(string word) => Kind == TokenKind.Word && Span.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the token is exactly this operator or bracket.</summary>
    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Span.SequenceEqual(symbol);

    /// <inheritdoc/>
    public override string ToString() => Kind == TokenKind.End ? "end" : Span.ToString();
}
