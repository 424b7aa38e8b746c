using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>USE, SET, RESET, PREPARE, EXECUTE, DEALLOCATE.</summary>
internal static class SessionParser
{
    public static SqlStatement ReadUse(TokenCursor cursor)
    {
        cursor.Expect("USE");
        var target = cursor.ExpectName("a schema name");
        cursor.ExpectEnd();
        return new UseStatement(target);
    }

    public static SqlStatement ReadSet(TokenCursor cursor)
    {
        var start = cursor.Index;
        cursor.Expect("SET");
        var scope = ReadScope(cursor);
        if (cursor.IsAt("TIME", "ZONE"))
        {
            var name = new QualifiedName([new NamePart("TimeZone", false)]);
            cursor.Index += 2;
            return new SetStatement(scope, name, cursor.ExpectRest("a time zone"));
        }

        if (cursor.IsAt("ROLE") || cursor.IsAt("TRANSACTION") || cursor.IsAt("CONSTRAINTS") || cursor.IsAt("PATH") || cursor.IsAt("AUTHORIZATION"))
        {
            if (!cursor.Peek(1).IsSymbol("=") && !cursor.Peek(1).IsWord("TO"))
            {
                var kind = $"SET {cursor.Current.Value.ToUpperInvariant()}";
                cursor.Index = start;
                return StatementParser.Other(cursor) with { Kind = kind };
            }
        }

        var setting = cursor.ExpectName("a setting");
        if (!cursor.TryTakeSymbol("=") && !cursor.TryTake("TO"))
        {
            throw cursor.Failure();
        }

        return new SetStatement(scope, setting, cursor.ExpectRest("a value"));
    }

    public static SqlStatement ReadReset(TokenCursor cursor)
    {
        cursor.Expect("RESET");
        var scope = ReadScope(cursor);
        var name = cursor.TryTake("ALL") ? null : cursor.ExpectName("a setting");
        cursor.ExpectEnd();
        return new ResetStatement(scope, name);
    }

    public static SqlStatement ReadPrepare(TokenCursor cursor)
    {
        cursor.Expect("PREPARE");
        var name = cursor.ExpectIdentifier("a name for the prepared statement");
        IReadOnlyList<SqlText> types = cursor.Current.IsSymbol("(") ? cursor.Parenthesised(() => cursor.ExpectExpression("a type")) : [];
        if (!cursor.TryTake("AS"))
        {
            cursor.Expect("FROM");
        }

        if (cursor.IsAt("PREPARE") || cursor.IsAt("EXECUTE") || cursor.IsAt("DEALLOCATE"))
        {
            throw cursor.At(cursor.Current, $"PREPARE cannot prepare {cursor.Current.Value.ToUpperInvariant()}; prepare the statement that is to run");
        }

        if (cursor.AtEnd)
        {
            throw cursor.Expected("a statement");
        }

        var start = cursor.Index;
        var first = cursor.Current;
        var inner = StatementParser.Read(cursor);
        if (inner is ExplainStatement { Statement: PrepareStatement or ExecuteStatement or ExecuteImmediateStatement or DeallocateStatement })
        {
            throw cursor.At(first, "PREPARE cannot prepare EXPLAIN of a statement about prepared ones; prepare the statement that is to run");
        }

        return new PrepareStatement(name, types, inner with { Source = cursor.SliceFrom(start) });
    }

    public static SqlStatement ReadExecute(TokenCursor cursor)
    {
        cursor.Expect("EXECUTE");
        var immediate = cursor.IsAt("IMMEDIATE") && cursor.Peek(1).Kind == TokenKind.Text;
        if (immediate)
        {
            cursor.Take();
        }

        var name = immediate ? cursor.Take().Value : cursor.ExpectIdentifier("the name of a prepared statement");
        IReadOnlyList<Argument> arguments = cursor.Current.IsSymbol("(") ? PropertyParser.ReadArguments(cursor) : [];
        if (arguments.Count == 0 && cursor.TryTake("USING"))
        {
            List<Argument> values = [PropertyParser.ReadArgument(cursor)];
            while (cursor.TryTakeSymbol(","))
            {
                values.Add(PropertyParser.ReadArgument(cursor));
            }

            arguments = values;
        }

        cursor.ExpectEnd();
        return immediate ? new ExecuteImmediateStatement(name, arguments) : new ExecuteStatement(name, arguments);
    }

    public static SqlStatement ReadDeallocate(TokenCursor cursor)
    {
        cursor.Expect("DEALLOCATE");
        cursor.TryTake("PREPARE");
        var name = cursor.TryTake("ALL") ? null : cursor.ExpectIdentifier("the name of a prepared statement");
        cursor.ExpectEnd();
        return new DeallocateStatement(name);
    }

    // SET session = 1 sets a thing that is called session.
    private static string? ReadScope(TokenCursor cursor) =>
        cursor.Peek(1).IsSymbol("=") || cursor.Peek(1).IsWord("TO") ? null : cursor.TryTakeAny("SESSION", "GLOBAL", "LOCAL", "VARIABLE");
}
