using System.Collections.Frozen;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Token indexes of a time-travel clause: [start..ClauseEnd], its expression, and the alias that follows up to AliasEnd.</summary>
internal sealed record TimeTravelSpan(
    TimeTravelUnit Unit, bool Native, int Start, int ExpressionStart, int ExpressionEnd, int ClauseEnd, int AliasEnd)
{
    public TimeTravelClause ToClause(SqlSource source, IReadOnlyList<Token> tokens) =>
        new(Unit, Cut(source, tokens, ExpressionStart, ExpressionEnd), Cut(source, tokens, Start, ClauseEnd));

    private static SqlText Cut(SqlSource source, IReadOnlyList<Token> tokens, int from, int to) =>
        new(source, tokens[from].Offset, tokens[to - 1].End - tokens[from].Offset);
}

/// <summary>
/// Finds the forms <c>[FOR] VERSION|SYSTEM_VERSION AS OF</c>, <c>[FOR] TIMESTAMP|SYSTEM_TIME AS OF</c> (Trino, Spark, SQL:2011) and
/// <c>AT (VERSION|TIMESTAMP => …)</c> (DuckDB) at a token.
/// </summary>
internal static class TimeTravelScanner
{
    private static readonly FrozenSet<string> Openers = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "AT", "FOR", "VERSION", "SYSTEM_VERSION", "TIMESTAMP", "SYSTEM_TIME");

    /// <summary>Whether the word can open a clause.</summary>
    public static bool CanStartAt(Token token) =>
        token.Kind == TokenKind.Word && Openers.GetAlternateLookup<ReadOnlySpan<char>>().Contains(token.Span);

    public static TimeTravelSpan? At(SqlSource source, IReadOnlyList<Token> tokens, int index, int start, int end)
    {
        // A clause stands behind a table, so some token comes before it.
        if (index == start || !CanStartAt(tokens[index]))
        {
            return null;
        }

        var cursor = new TokenCursor(source, tokens, index, end);
        var span = cursor.IsAt("AT") ? Native(cursor) : AsOf(cursor);
        return span is null ? null : span with { AliasEnd = AliasEnd(cursor) };
    }

    private static TimeTravelSpan? AsOf(TokenCursor cursor)
    {
        var start = cursor.Index;
        var hasFor = cursor.TryTake("FOR");
        var unit = UnitAt(cursor);
        if (unit is null || !(cursor.Peek(1).IsWord("AS") && cursor.Peek(2).IsWord("OF")))
        {
            return null;
        }

        cursor.Index += 3;
        if (!hasFor && !StartsPlainValue(cursor))
        {
            return null; // SELECT version AS of FROM t
        }

        var expression = cursor.Index;
        ValueScanner.Skip(cursor, unit == TimeTravelUnit.Version ? "a snapshot id or the name of a branch or tag" : "a point in time");
        return new TimeTravelSpan(unit.Value, false, start, expression, cursor.Index, cursor.Index, cursor.Index);
    }

    private static TimeTravelUnit? UnitAt(TokenCursor cursor) =>
        cursor.IsAt("VERSION") || cursor.IsAt("SYSTEM_VERSION") ? TimeTravelUnit.Version
        : cursor.IsAt("TIMESTAMP") || cursor.IsAt("SYSTEM_TIME") ? TimeTravelUnit.Timestamp
        : null;

    private static bool StartsPlainValue(TokenCursor cursor) =>
        cursor.Current.Kind is TokenKind.Text or TokenKind.Number or TokenKind.Parameter
        || (cursor.Current.Kind == TokenKind.Word && cursor.Peek(1).Kind == TokenKind.Text);

    private static TimeTravelSpan? Native(TokenCursor cursor)
    {
        var start = cursor.Index;
        if (!(cursor.Peek(1).IsSymbol("(") && cursor.Peek(3).IsSymbol("=>")))
        {
            return null;
        }

        cursor.Index += 2;
        if (UnitAt(cursor) is not { } unit)
        {
            return null;
        }

        cursor.Index += 2;
        var expression = cursor.Index;
        cursor.ExpectExpression(unit == TimeTravelUnit.Version ? "a version" : "a point in time");
        var expressionEnd = cursor.Index;
        cursor.ExpectSymbol(")");
        return new TimeTravelSpan(unit, true, start, expression, expressionEnd, cursor.Index, cursor.Index);
    }

    // [AS] alias [(columns)]
    private static int AliasEnd(TokenCursor cursor)
    {
        var start = cursor.Index;
        var hasAs = cursor.TryTake("AS");
        var isAlias = cursor.Current.IsName
            && (hasAs || cursor.Current.Kind != TokenKind.Word || !SqlKeywords.FollowsTable(cursor.Current.Value));
        if (!isAlias)
        {
            return start;
        }

        cursor.Take();
        if (cursor.Current.IsSymbol("("))
        {
            cursor.SkipBalanced();
        }

        return cursor.Index;
    }
}
