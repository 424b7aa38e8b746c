using System.Collections.Frozen;
using Tarn.Engine.Sql.Lexing;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>
/// Finds the end of a value expression that no keyword closes: operands joined by arithmetic, as in
/// <c>FOR TIMESTAMP AS OF now() - INTERVAL '1' DAY o</c>, where <c>o</c> is the table's alias.
/// </summary>
internal static class ValueScanner
{
    private static readonly FrozenSet<string> Units = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "MICROSECOND", "MICROSECONDS", "MILLISECOND", "MILLISECONDS", "SECOND", "SECONDS", "MINUTE", "MINUTES", "HOUR", "HOURS", "DAY", "DAYS",
        "WEEK", "WEEKS", "MONTH", "MONTHS", "QUARTER", "QUARTERS", "YEAR", "YEARS", "DECADE", "DECADES", "CENTURY", "CENTURIES");

    public static void Skip(TokenCursor cursor, string what)
    {
        SkipOperand(cursor, what);
        while (cursor.Current.Kind == TokenKind.Symbol && cursor.Current.Span is "+" or "-" or "*" or "/" or "||")
        {
            cursor.Take();
            SkipOperand(cursor, what);
        }
    }

    private static void SkipOperand(TokenCursor cursor, string what)
    {
        while (cursor.Current.IsSymbol("-") || cursor.Current.IsSymbol("+"))
        {
            cursor.Take();
        }

        if (cursor.Current.Kind is TokenKind.Text or TokenKind.Number or TokenKind.Parameter)
        {
            cursor.Take();
        }
        else if (cursor.Current.IsSymbol("("))
        {
            cursor.SkipBalanced();
        }
        else if (cursor.IsAt("INTERVAL"))
        {
            SkipInterval(cursor, what);
        }
        else if (cursor.Current.IsName && !(cursor.Current.Kind == TokenKind.Word && SqlKeywords.FollowsTable(cursor.Current.Value)))
        {
            SkipNamed(cursor);
        }
        else
        {
            throw cursor.Expected(what);
        }

        SkipSuffixes(cursor, what);
    }

    private static void SkipInterval(TokenCursor cursor, string what)
    {
        cursor.Take();
        SkipOperand(cursor, what);
        if (cursor.Current.Kind == TokenKind.Word && Units.Contains(cursor.Current.Value))
        {
            cursor.Take();
        }
    }

    // A typed literal (TIMESTAMP WITH TIME ZONE '…'), a name or a call.
    private static void SkipNamed(TokenCursor cursor)
    {
        cursor.Take();
        SkipZone(cursor);
        if (cursor.Current.Kind == TokenKind.Text)
        {
            cursor.Take();
            return;
        }

        while (cursor.Current.IsSymbol(".") && cursor.Peek(1).IsName)
        {
            cursor.Index += 2;
        }

        if (cursor.Current.IsSymbol("("))
        {
            cursor.SkipBalanced();
            SkipZone(cursor);
        }

        if (cursor.Current.Kind == TokenKind.Text)
        {
            cursor.Take(); // TIMESTAMP(6) WITH TIME ZONE '…'
        }
    }

    private static void SkipZone(TokenCursor cursor)
    {
        if (cursor.IsAt("WITH", "TIME", "ZONE") || cursor.IsAt("WITHOUT", "TIME", "ZONE"))
        {
            cursor.Index += 3;
        }
    }

    private static void SkipSuffixes(TokenCursor cursor, string what)
    {
        while (true)
        {
            if (cursor.TryTakeSymbol("::"))
            {
                SkipNamed(cursor);
            }
            else if (cursor.IsAt("AT", "TIME", "ZONE"))
            {
                cursor.Index += 3;
                SkipOperand(cursor, what);
            }
            else
            {
                return;
            }
        }
    }
}
