using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>INSERT INTO and INSERT OVERWRITE.</summary>
internal static class InsertParser
{
    /// <summary>WITH … INSERT INTO …: the names that stand before it are those of its query.</summary>
    /// <param name="cursor">At WITH.</param>
    /// <param name="insert">Index of INSERT.</param>
    public static SqlStatement ReadBehind(TokenCursor cursor, int insert)
    {
        var with = cursor.Index;
        var names = QueryParser.ReadPart(cursor, insert);
        var read = (InsertStatement)Read(cursor);
        if (read.Query is not { } query)
        {
            throw cursor.At(cursor.Tokens[insert], "WITH gives names to a query, which DEFAULT VALUES is not");
        }

        Token[] tokens = [.. cursor.Tokens.Take(cursor.End).Where(t => t.Offset >= query.Original.Offset)];
        if (!tokens[0].IsWord("VALUES"))
        {
            return read with { Query = query.Behind(names) };
        }

        // Parameters in the names would have no place any more.
        if (!tokens.Skip(1).Any(BeginsQuery) && !cursor.Tokens.Take(insert).Skip(with).Any(t => t.Kind == TokenKind.Parameter))
        {
            return read;
        }

        var standing = tokens.Index().FirstOrDefault(t => IsDefault(tokens, t.Index));
        return standing.Index == 0
            ? read with { Query = query.Behind(names) }
            : throw cursor.At(standing.Item, "DEFAULT cannot stand beside values that ask the names of WITH: leave its column out, INSERT INTO t (a, b) …, or write WITH into the brackets of the value that asks");
    }

    private static bool BeginsQuery(Token token) =>
        token.Kind == TokenKind.Word && token.Value.ToUpperInvariant() is "SELECT" or "FROM" or "VALUES" or "TABLE" or "WITH" or "PIVOT" or "PIVOT_WIDER" or "PIVOT_LONGER" or "UNPIVOT" or "SUMMARIZE" or "DESCRIBE" or "DESC" or "SHOW";

    private static bool IsDefault(Token[] tokens, int i) =>
        i > 0 && i + 1 < tokens.Length && tokens[i].IsWord("DEFAULT") && (tokens[i - 1].IsSymbol("(") || tokens[i - 1].IsSymbol(",")) && (tokens[i + 1].IsSymbol(",") || tokens[i + 1].IsSymbol(")"));

    public static SqlStatement Read(TokenCursor cursor)
    {
        cursor.Expect("INSERT");
        if (cursor.IsAt("OR"))
        {
            throw cursor.At(cursor.Current, "INSERT OR REPLACE and OR IGNORE need a key, which Iceberg tables do not have");
        }

        var overwrite = cursor.TryTake("OVERWRITE");
        if (!cursor.TryTake("INTO") && !overwrite)
        {
            throw cursor.Failure();
        }

        // INSERT INTO TABLE t, as Spark writes it.
        cursor.TryTake("TABLE");
        var insert = new InsertStatement { Table = cursor.ExpectName("a table name"), Overwrite = overwrite };
        if (overwrite && cursor.TryTake("PARTITION"))
        {
            insert = insert with { Partition = cursor.Parenthesised(() => ReadPartition(cursor)) };
        }

        return ReadRows(cursor, ReadMatching(cursor, ReadColumns(cursor, insert)));
    }

    private static InsertStatement ReadColumns(TokenCursor cursor, InsertStatement insert) =>
        cursor.Current.IsSymbol("(") && !QueryParser.AtQuery(cursor)
            ? insert with { Columns = cursor.Parenthesised(() => cursor.ExpectName("a column name")) }
            : insert;

    private static InsertStatement ReadMatching(TokenCursor cursor, InsertStatement insert)
    {
        var place = cursor.Current;
        if (!cursor.TryTake("BY", "NAME"))
        {
            cursor.TryTake("BY", "POSITION");
            return ReadColumnsAgain(cursor, insert);
        }

        return insert.Columns is null
            ? insert with { Matching = InsertMatching.ByName }
            : throw cursor.At(place, "BY NAME and a list of columns exclude each other");
    }

    private static InsertStatement ReadColumnsAgain(TokenCursor cursor, InsertStatement insert) =>
        insert.Columns is null ? ReadColumns(cursor, insert) : insert;

    private static InsertStatement ReadRows(TokenCursor cursor, InsertStatement insert)
    {
        if (cursor.TryTake("DEFAULT", "VALUES"))
        {
            cursor.ExpectEnd();
            return insert;
        }

        if (!QueryParser.AtQuery(cursor))
        {
            cursor.Tried("VALUES");
            throw cursor.Expected("a query");
        }

        RefuseTail(cursor);
        return insert with { Query = QueryParser.ReadText(cursor, cursor.End) };
    }

    // ON CONFLICT and RETURNING stand behind the query, outside of all brackets.
    private static void RefuseTail(TokenCursor cursor)
    {
        var start = cursor.Index;
        while (!cursor.AtEnd)
        {
            if (cursor.IsAt("ON", "CONFLICT"))
            {
                throw cursor.At(cursor.Current, "ON CONFLICT needs a key, which Iceberg tables do not have");
            }

            if (cursor.IsAt("RETURNING"))
            {
                throw cursor.At(cursor.Current, "RETURNING is not supported; query the table after the insert");
            }

            cursor.SkipBalanced();
        }

        cursor.Index = start;
    }

    private static PartitionValue ReadPartition(TokenCursor cursor)
    {
        var column = cursor.ExpectName("a column name");
        return new PartitionValue(column, cursor.TryTakeSymbol("=") ? LiteralParser.Read(cursor) : null);
    }
}
