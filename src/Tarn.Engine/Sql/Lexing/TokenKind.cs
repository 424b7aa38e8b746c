namespace Tarn.Engine.Sql.Lexing;

/// <summary>What a token is.</summary>
public enum TokenKind
{
    /// <summary>The end of the text or of the statement; has no characters.</summary>
    End,

    /// <summary>A bare word: keyword or name.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A name in backticks, as Spark writes it.</summary>
    BacktickName,

    /// <summary>A string literal: <c>'…'</c>, <c>E'…'</c> or <c>$tag$…$tag$</c>.</summary>
    Text,

    /// <summary>A binary literal: <c>X'AB01'</c>, pairs of hexadecimal digits, white space between any of them.</summary>
    Binary,

    /// <summary>A number without sign.</summary>
    Number,

    /// <summary>A parameter: <c>?</c>, <c>$1</c>, <c>$name</c> or <c>:name</c>.</summary>
    Parameter,

    /// <summary>An operator or a bracket, comma, dot, colon.</summary>
    Symbol,

    /// <summary>A semicolon.</summary>
    Semicolon,
}
