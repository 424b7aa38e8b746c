using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Sql.Parsing;

/// <content>What was expected and what was found.</content>
internal sealed partial class TokenCursor
{
    private const int LongestShown = 40;

    /// <summary>Remembers an alternative that does not stand here.</summary>
    public void Tried(string expected)
    {
        if (_triedAt != _index)
        {
            _tried.Clear();
            _triedAt = _index;
        }

        if (!_tried.Contains(expected))
        {
            _tried.Add(expected);
        }
    }

    /// <summary>The error that none of the alternatives tried here stands here.</summary>
    public SqlSyntaxException Failure(string? hint = null)
    {
        var expected = _triedAt != _index || _tried.Count == 0 ? "something else" : Misspelt() ?? Join(_tried);
        return At(Current, $"expected {expected}, found {Found(Current)}{(hint is null ? "" : $" ({hint})")}");
    }

    /// <summary>The error that <paramref name="expected"/> does not stand here.</summary>
    public SqlSyntaxException Expected(string expected, string? hint = null)
    {
        Tried(expected);
        return Failure(hint);
    }

    /// <summary>An error with a text of its own at a token.</summary>
    public SqlSyntaxException At(Token token, string problem) => new(Source, token.Offset, problem, incomplete: token.Kind == TokenKind.End);

    // A word that is almost one of those expected was meant to be it.
    private string? Misspelt()
    {
        if (Current.Kind != TokenKind.Word)
        {
            return null;
        }

        var near = _tried.FindAll(expected => Spelling.IsNear(Current.Value.ToUpperInvariant(), expected));
        return near.Count > 0 ? Join(near) : null;
    }

    private static string Join(List<string> words) => words.Count == 1
        ? words[0]
        : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";

    private static string Found(Token token)
    {
        if (token.Kind == TokenKind.End)
        {
            return "the end of the statement";
        }

        var text = token.Span.ToString();
        text = text.Length > LongestShown ? text[..LongestShown] + "…" : text;
        return token.Kind == TokenKind.Text ? text : $"'{text}'";
    }
}
