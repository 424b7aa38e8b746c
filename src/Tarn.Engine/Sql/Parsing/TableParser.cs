using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>CREATE and DROP TABLE, behind these words.</summary>
internal static class TableParser
{
    public static SqlStatement ReadDrop(TokenCursor cursor)
    {
        var ifExists = cursor.TryTakeIf("EXISTS");
        var name = cursor.ExpectName("a table name");
        var purge = cursor.TryTake("PURGE");
        cursor.ExpectEnd();
        return new DropTableStatement(name, ifExists, purge);
    }

    public static SqlStatement ReadCreate(TokenCursor cursor, bool orReplace)
    {
        var place = cursor.Current;
        var ifNotExists = cursor.TryTakeIf("NOT", "EXISTS");
        if (orReplace && ifNotExists)
        {
            throw cursor.At(place, "OR REPLACE and IF NOT EXISTS exclude each other");
        }

        var table = new CreateTableStatement { Name = cursor.ExpectName("a table name"), OrReplace = orReplace, IfNotExists = ifNotExists };
        RefuseLike(cursor, 0);
        if (cursor.Current.IsSymbol("(") && !QueryParser.AtQuery(cursor))
        {
            RefuseLike(cursor, 1);
            table = ReadColumns(cursor, table);
        }

        table = ReadClauses(cursor, table);
        if (!cursor.AtEnd)
        {
            table = ReadQuery(cursor, table);
        }

        return table.Query is null && (table.Columns.Count == 0 || table.ColumnAliases is not null)
            ? throw cursor.Expected("AS with a query", table.ColumnAliases is null ? "a table needs columns or a query" : "columns without types take them from a query")
            : table;
    }

    private static void RefuseLike(TokenCursor cursor, int ahead)
    {
        if (cursor.Peek(ahead).IsWord("LIKE"))
        {
            throw cursor.At(cursor.Peek(ahead), "LIKE is not supported; write CREATE TABLE … AS SELECT * FROM … WITH NO DATA");
        }
    }

    // (a, b) names the columns of a query; (a integer, …) defines them.
    private static CreateTableStatement ReadColumns(TokenCursor cursor, CreateTableStatement table)
    {
        if (cursor.Peek(1).IsName && (cursor.Peek(2).IsSymbol(",") || cursor.Peek(2).IsSymbol(")")))
        {
            return table with { ColumnAliases = cursor.Parenthesised(() => cursor.ExpectIdentifier("a column name")) };
        }

        return table with { Columns = ReadDefinitions(cursor) };
    }

    // A comma behind the last one is taken, as the engine takes it.
    private static List<ColumnDefinition> ReadDefinitions(TokenCursor cursor)
    {
        cursor.ExpectSymbol("(");
        List<ColumnDefinition> columns = [ColumnParser.Read(cursor)];
        while (cursor.TryTakeSymbol(",") && !cursor.Current.IsSymbol(")"))
        {
            RefuseLike(cursor, 0);
            columns.Add(ColumnParser.Read(cursor));
        }

        cursor.ExpectSymbol(")");
        return columns;
    }

    private static CreateTableStatement ReadClauses(TokenCursor cursor, CreateTableStatement table)
    {
        while (!cursor.AtEnd && !cursor.IsAt("AS") && !QueryParser.AtQuery(cursor) || cursor.IsAt("WITH"))
        {
            var start = cursor.Index;
            table = cursor.TryTakeAny("COMMENT", "WITH", "TBLPROPERTIES", "PARTITIONED", "USING", "LOCATION", "SORTED", "ORDERED", "AS") switch
            {
                "COMMENT" => table with { Comment = cursor.ExpectText("the comment as a string") },
                "WITH" => WithProperties(table, PropertyParser.ReadParenthesised(cursor)),
                "TBLPROPERTIES" => WithProperties(table, [.. PropertyParser.ReadParenthesised(cursor).Select(p => p with { IsOwn = true })]),
                "PARTITIONED" => ReadPartitioned(cursor, table),
                "USING" => ReadUsing(cursor, table),
                "LOCATION" => table with { Properties = [.. table.Properties, ReadLocation(cursor, start)] },
                "SORTED" or "ORDERED" => ReadSorted(cursor, table),
                _ => throw cursor.Failure(),
            };
        }

        return table;
    }

    private static CreateTableStatement WithProperties(CreateTableStatement table, IReadOnlyList<Property> properties)
    {
        foreach (var property in PropertyParser.WithExtra(properties))
        {
            table = property switch
            {
                _ when property.Is("partitioning") => table with { Partitioning = PartitionParser.ReadStrings(property, PartitionParser.Read) },
                _ when property.Is("sorted_by") => table with { SortedBy = PartitionParser.ReadStrings(property, PartitionParser.ReadSort) },
                _ => table with { Properties = [.. table.Properties, property] },
            };
        }

        return table;
    }

    private static CreateTableStatement ReadPartitioned(TokenCursor cursor, CreateTableStatement table)
    {
        cursor.Expect("BY");
        return table with { Partitioning = cursor.Parenthesised(() => PartitionParser.Read(cursor)) };
    }

    private static CreateTableStatement ReadSorted(TokenCursor cursor, CreateTableStatement table)
    {
        cursor.Expect("BY");
        return table with { SortedBy = cursor.Parenthesised(() => PartitionParser.ReadSort(cursor)) };
    }

    private static CreateTableStatement ReadUsing(TokenCursor cursor, CreateTableStatement table)
    {
        cursor.Expect("ICEBERG");
        return table;
    }

    private static Property ReadLocation(TokenCursor cursor, int start)
    {
        var location = new StringLiteral(cursor.ExpectText("the location as a string"));
        return new Property("location", location, cursor.SliceFrom(start));
    }

    private static CreateTableStatement ReadQuery(TokenCursor cursor, CreateTableStatement table)
    {
        cursor.TryTake("AS");
        if (table.Columns.Count > 0)
        {
            throw cursor.At(cursor.Tokens[cursor.Index - 1], "a table with a query takes the types from it; give column names without types");
        }

        var end = cursor.End;
        var noData = EndsWith(cursor, "WITH", "NO", "DATA");
        end -= noData ? 3 : EndsWith(cursor, "WITH", "DATA") ? 2 : 0;
        var query = QueryParser.ReadText(cursor, end);
        cursor.Index = cursor.End;
        return table with { Query = query, WithData = !noData };
    }

    private static bool EndsWith(TokenCursor cursor, params string[] words)
    {
        var first = cursor.End - words.Length;
        return first > cursor.Index && words.Select((word, i) => cursor.Tokens[first + i].IsWord(word)).All(same => same);
    }
}
