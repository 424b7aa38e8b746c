using System.Text;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Rewrites what DuckDB does not know and remembers where each character came from.</summary>
internal sealed class QueryRewriter
{
    private const int MostDigits = 38;

    private readonly SqlText _original;
    private readonly IReadOnlyList<Token> _tokens;
    private readonly int _end;
    private readonly StringBuilder _out = new();
    private readonly List<QuerySegment> _segments = [];
    private readonly List<TimeTravelClause> _clauses = [];
    private bool _changed;

    private QueryRewriter(SqlText original, IReadOnlyList<Token> tokens, int start, int end)
    {
        _original = original;
        _tokens = tokens;
        _end = end;
        Next = start;
    }

    private int Next { get; set; }

    public static QueryText Rewrite(SqlText text)
    {
        var tokens = SqlLexer.Tokenize(text);
        return Rewrite(text, tokens, 0, tokens.Count - 1);
    }

    /// <summary>Rewrites tokens[start..end] of a statement, which are the query <paramref name="text"/>.</summary>
    public static QueryText Rewrite(SqlText text, IReadOnlyList<Token> tokens, int start, int end)
    {
        CheckBrackets(text, tokens, start, end);
        if (!MayChange(tokens, start, end))
        {
            return new QueryText(text, text.Text, [], []);
        }

        var rewriter = new QueryRewriter(text, tokens, start, end);
        rewriter.Run(start);
        return rewriter._changed
            ? new QueryText(text, rewriter._out.ToString(), rewriter._segments, rewriter._clauses)
            : new QueryText(text, text.Text, [], rewriter._clauses);
    }

    private static bool MayChange(IReadOnlyList<Token> tokens, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (IsForeign(tokens[i]) || TimeTravelScanner.CanStartAt(tokens[i]) || DeepNameScanner.CanStartAt(tokens, i, end))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsForeign(Token token) =>
        token.Kind == TokenKind.BacktickName || (token.Kind == TokenKind.Parameter && token.Span[0] == ':') || LeadingZeros(token) > 0;

    // DuckDB counts zeros in front among the 38 digits of a decimal, and takes 0.12… with 38 digits behind the point for a DOUBLE, which keeps 16 of them.
    private static int LeadingZeros(Token token)
    {
        if (token.Kind != TokenKind.Number || token.Length <= MostDigits || token.Span[0] != '0' || token.Span.IndexOfAny('e', 'E') >= 0 || !token.Span.Contains('.'))
        {
            return 0;
        }

        var significant = token.Span.TrimStart("0_");
        var digits = 0;
        foreach (var c in significant)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        return digits <= MostDigits ? token.Length - significant.Length : 0;
    }

    private static void CheckBrackets(SqlText text, IReadOnlyList<Token> tokens, int start, int end)
    {
        var cursor = new TokenCursor(text.Source, tokens, start, end);
        while (!cursor.AtEnd)
        {
            cursor.SkipBalanced();
        }
    }

    private void Run(int start)
    {
        while (Next < _end)
        {
            var clause = TimeTravelScanner.At(_original.Source, _tokens, Next, start, _end);
            if (clause is null)
            {
                EmitTrivia(Next, start);
                EmitName(DeepNameScanner.At(_tokens, Next, start, _end));
            }
            else
            {
                EmitClause(clause, start);
            }
        }
    }

    // A deep name loses the levels between its first and last part, which stand together in one.
    private void EmitName(int parts)
    {
        var first = Next++;
        EmitToken(_tokens[first]);
        if (parts == 0)
        {
            return;
        }

        _changed = true;
        var levels = Enumerable.Range(1, parts - 2).Select(part => _tokens[first + (2 * part)].Value);
        Insert($".{SqlPrinter.QuoteIdentifier(FoldedLevels.Fold(levels))}.", _tokens[first + 2].Offset);
        Next = first + (2 * (parts - 1));
        EmitToken(_tokens[Next++]);
    }

    private void EmitClause(TimeTravelSpan clause, int start)
    {
        _clauses.Add(clause.ToClause(_original.Source, _tokens));
        if (clause.Native && clause.AliasEnd == clause.ClauseEnd)
        {
            EmitTrivia(Next, start);
            EmitRange(Next, clause.ClauseEnd);
        }
        else
        {
            _changed = true;
            ReplaceTableKeyword(clause, start);
            Insert(" ", _tokens[Next].Offset);
            if (clause.AliasEnd > clause.ClauseEnd)
            {
                EmitRange(clause.ClauseEnd, clause.AliasEnd);
                Insert(" ", _tokens[Next].Offset);
            }

            Insert(clause.Unit == TimeTravelUnit.Version ? "AT (VERSION => " : "AT (TIMESTAMP => ", _tokens[Next].Offset);
            EmitRange(clause.ExpressionStart, clause.ExpressionEnd);
            Insert(")", _tokens[clause.ExpressionEnd - 1].Offset);
        }

        Next = clause.AliasEnd;
    }

    // DuckDB takes no AT behind TABLE name, but does behind FROM name, which means the same.
    private void ReplaceTableKeyword(TimeTravelSpan clause, int start)
    {
        var at = Next - 1;
        while (at - 2 >= start && _tokens[at - 1].IsSymbol("."))
        {
            at -= 2;
        }

        if (at - 1 < start || !_tokens[at - 1].IsWord("TABLE") || clause.AliasEnd > clause.ClauseEnd)
        {
            return;
        }

        // What a clause cut away is in no segment, and what it moved is not in the order of the text.
        if (PlaceOf(_tokens[at - 1]) is { } place)
        {
            _out.Remove(place, 5).Insert(place, "FROM "); // as long as before, so that no place moves
        }
    }

    private int? PlaceOf(Token token)
    {
        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            var segment = _segments[i];
            var length = (i + 1 < _segments.Count ? _segments[i + 1].Start : _out.Length) - segment.Start;
            if (segment.Copied && segment.Origin <= token.Offset && token.End <= segment.Origin + length)
            {
                return segment.Start + (token.Offset - segment.Origin);
            }
        }

        return null;
    }

    private void EmitRange(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            EmitTrivia(i, from);
            EmitToken(_tokens[i]);
        }
    }

    private void EmitTrivia(int token, int first)
    {
        if (token > first)
        {
            Copy(_tokens[token - 1].End, _tokens[token].Offset);
        }
    }

    private void EmitToken(Token token)
    {
        if (token.Kind == TokenKind.BacktickName)
        {
            _changed = true;
            Insert(SqlPrinter.QuoteIdentifier(token.Value), token.Offset);
        }
        else if (token.Kind == TokenKind.Parameter && token.Span[0] == ':')
        {
            _changed = true;
            Insert("$", token.Offset);
            Copy(token.Offset + 1, token.End);
        }
        else
        {
            var zeros = LeadingZeros(token);
            _changed |= zeros > 0;
            Copy(token.Offset + zeros, token.End);
        }
    }

    private void Copy(int from, int to)
    {
        if (to <= from)
        {
            return;
        }

        if (_segments.Count == 0 || !_segments[^1].Copied || _segments[^1].Origin + (_out.Length - _segments[^1].Start) != from)
        {
            _segments.Add(new QuerySegment(_out.Length, from, Copied: true));
        }

        _out.Append(_original.Source.Text, from, to - from);
    }

    private void Insert(string text, int origin)
    {
        _segments.Add(new QuerySegment(_out.Length, origin, Copied: false));
        _out.Append(text);
    }
}
