using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>DELETE, UPDATE and TRUNCATE.</summary>
internal static class DataParser
{
    public static SqlStatement ReadDelete(TokenCursor cursor)
    {
        cursor.Expect("DELETE", "FROM");
        var table = cursor.ExpectName("a table name");
        var alias = ReadAlias(cursor);
        if (cursor.IsAt("USING") || cursor.IsAt("RETURNING"))
        {
            throw cursor.At(cursor.Current, $"DELETE … {cursor.Current.Value.ToUpperInvariant()} is not supported; use WHERE with a subquery");
        }

        var where = ReadWhere(cursor);
        cursor.ExpectEnd();
        return new DeleteStatement(table, alias, where);
    }

    public static SqlStatement ReadUpdate(TokenCursor cursor)
    {
        cursor.Expect("UPDATE");
        var table = cursor.ExpectName("a table name");
        var alias = ReadAlias(cursor);
        cursor.Expect("SET");
        List<Assignment> assignments = [ReadAssignment(cursor)];
        while (cursor.TryTakeSymbol(","))
        {
            assignments.Add(ReadAssignment(cursor));
        }

        var from = cursor.TryTake("FROM") ? ReadTables(cursor) : null;
        var where = ReadWhere(cursor);
        cursor.ExpectEnd();
        return new UpdateStatement(table, alias, assignments, from, where);
    }

    public static SqlStatement ReadTruncate(TokenCursor cursor)
    {
        cursor.Expect("TRUNCATE");
        cursor.TryTake("TABLE");
        var table = cursor.ExpectName("a table name");
        cursor.ExpectEnd();
        return new TruncateStatement(table);
    }

    public static string? ReadAlias(TokenCursor cursor)
    {
        if (cursor.TryTake("AS"))
        {
            return cursor.ExpectIdentifier("an alias");
        }

        var isAlias = cursor.Current.IsName && !(cursor.Current.Kind == TokenKind.Word && SqlKeywords.FollowsTable(cursor.Current.Value));
        return isAlias ? cursor.Take().Value : null;
    }

    private static QueryText? ReadWhere(TokenCursor cursor)
    {
        if (!cursor.TryTake("WHERE"))
        {
            return null;
        }

        var start = cursor.Index;
        cursor.ExpectRest("a condition");
        cursor.Index = start;
        return QueryParser.ReadPart(cursor, cursor.End);
    }

    private static Assignment ReadAssignment(TokenCursor cursor)
    {
        var column = cursor.ExpectName("a column name");
        cursor.ExpectSymbol("=");
        return new Assignment(column, QueryParser.ReadExpression(cursor, "a value", "FROM", "WHERE", "RETURNING"));
    }

    private static QueryText ReadTables(TokenCursor cursor)
    {
        var start = cursor.Index;
        while (!cursor.AtEnd && !cursor.IsAt("WHERE"))
        {
            cursor.SkipBalanced();
        }

        var end = cursor.Index;
        cursor.Index = start;
        return end > start ? QueryParser.ReadPart(cursor, end) : throw cursor.Expected("a table");
    }
}
