using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>ALTER TABLE, behind these words.</summary>
internal static partial class AlterTableParser
{
    public static SqlStatement Read(TokenCursor cursor)
    {
        var ifExists = cursor.TryTakeIf("EXISTS");
        var table = cursor.ExpectName("a table name");
        List<AlterTableAction> actions = [.. ReadActions(cursor)];
        while (cursor.TryTakeSymbol(","))
        {
            actions.AddRange(ReadActions(cursor));
        }

        cursor.ExpectEnd();
        return new AlterTableStatement(table, ifExists, actions);
    }

    private static IReadOnlyList<AlterTableAction> ReadActions(TokenCursor cursor)
    {
        switch (cursor.TryTakeAny("ADD", "DROP", "RENAME", "ALTER", "CHANGE", "SET", "UNSET", "RESET", "REPLACE", "WRITE", "EXECUTE", "CREATE", "OWNER"))
        {
            case "ADD":
                return ReadAdd(cursor);
            case "DROP":
                return ReadDrop(cursor);
            case "RENAME":
                return [ReadRename(cursor)];
            case "ALTER":
                return ReadAlterColumn(cursor);
            case "CHANGE":
                return ReadChangeColumn(cursor);
            case "SET":
                return ReadSet(cursor);
            case "UNSET" when GovernanceParser.TryReadUnset(cursor) is { } tags:
                return [new RemoveTableProperties(tags)];
            case "UNSET":
                _ = cursor.TryTakeAny("TBLPROPERTIES", "PROPERTIES") ?? throw cursor.Failure();
                return [new RemoveTableProperties(PropertyParser.ReadNames(cursor))];
            case "RESET":
                return [ReadReset(cursor)];
            case "REPLACE":
                return [ReadReplace(cursor)];
            case "WRITE":
                return [ReadWrite(cursor)];
            case "EXECUTE":
                return [ReadExecute(cursor)];
            case "CREATE":
                return [RefParser.ReadCreate(cursor, cursor.TryTake("OR", "REPLACE"), mustExist: false)];
            case "OWNER":
                return [new SetTableProperties([GovernanceParser.ReadOwnerTo(cursor)])];
            default:
                throw cursor.Failure();
        }
    }

    private static AlterTableAction ReadRename(TokenCursor cursor)
    {
        if (cursor.TryTake("TO"))
        {
            return new RenameTable(cursor.ExpectName("a table name"));
        }

        cursor.TryTake("COLUMN");
        var ifExists = cursor.TryTake("IF", "EXISTS");
        var path = cursor.ExpectName("a column name");
        cursor.Expect("TO");
        return new RenameColumn(path, cursor.ExpectIdentifier("a column name"), ifExists);
    }

    private static IReadOnlyList<AlterTableAction> ReadSet(TokenCursor cursor)
    {
        if (GovernanceParser.TryReadSet(cursor) is { } facts)
        {
            return [new SetTableProperties(facts)];
        }

        switch (cursor.TryTakeAny("PROPERTIES", "TBLPROPERTIES", "IDENTIFIER", "PARTITIONED", "SORTED"))
        {
            case "PROPERTIES":
                return FromProperties(PropertyParser.ReadList(cursor));
            case "TBLPROPERTIES":
                return FromProperties(PropertyParser.ReadList(cursor).Select(p => p with { IsOwn = true }));
            case "IDENTIFIER":
                cursor.Expect("FIELDS");
                return [new SetIdentifierFields(ReadColumns(cursor))];
            case "PARTITIONED":
                cursor.Expect("BY");
                return [new SetPartitioning(cursor.Parenthesised(() => PartitionParser.Read(cursor)))];
            case "SORTED":
                cursor.Expect("BY");
                return [new SetSortOrder(cursor.Parenthesised(() => PartitionParser.ReadSort(cursor)), null)];
            default:
                throw cursor.Failure();
        }
    }

    private static List<AlterTableAction> FromProperties(IEnumerable<Property> properties)
    {
        List<AlterTableAction> actions = [];
        List<Property> plain = [];
        foreach (var property in PropertyParser.WithExtra(properties))
        {
            if (property.Is("partitioning"))
            {
                actions.Add(new SetPartitioning(PartitionParser.ReadStrings(property, PartitionParser.Read)));
            }
            else if (property.Is("sorted_by"))
            {
                actions.Add(new SetSortOrder(PartitionParser.ReadStrings(property, PartitionParser.ReadSort), null));
            }
            else
            {
                plain.Add(property);
            }
        }

        return plain.Count == 0 ? actions : [new SetTableProperties(plain), .. actions];
    }

    private static AlterTableAction ReadReset(TokenCursor cursor)
    {
        var what = cursor.TryTakeAny("PARTITIONED", "SORTED") ?? throw cursor.Failure();
        cursor.Expect("BY");
        return what == "PARTITIONED" ? new SetPartitioning([]) : new SetSortOrder([], null);
    }

    private static AlterTableAction ReadReplace(TokenCursor cursor)
    {
        if (!cursor.TryTake("PARTITION", "FIELD"))
        {
            return RefParser.ReadCreate(cursor, orReplace: true, mustExist: true);
        }

        var old = PartitionParser.Read(cursor);
        cursor.Expect("WITH");
        return new ReplacePartitionField(old, PartitionParser.Read(cursor));
    }

    // Spark's grammar: WRITE [DISTRIBUTED BY PARTITION] [LOCALLY] ORDERED BY …, or UNORDERED, in either order.
    private static SetSortOrder ReadWrite(TokenCursor cursor)
    {
        var byPartition = cursor.TryTake("DISTRIBUTED", "BY", "PARTITION");
        if (cursor.TryTake("UNORDERED"))
        {
            byPartition |= cursor.TryTake("DISTRIBUTED", "BY", "PARTITION");
            return new SetSortOrder([], byPartition ? "hash" : "none");
        }

        if (byPartition && (cursor.AtEnd || cursor.Current.IsSymbol(",")))
        {
            return new SetSortOrder([], "hash");
        }

        var locally = cursor.TryTake("LOCALLY");
        cursor.Expect("ORDERED", "BY");
        var bracketed = cursor.TryTakeSymbol("(");
        List<SortFieldText> fields = [PartitionParser.ReadSort(cursor)];
        while (cursor.TryTakeSymbol(","))
        {
            fields.Add(PartitionParser.ReadSort(cursor));
        }

        if (bracketed)
        {
            cursor.ExpectSymbol(")");
        }

        byPartition |= cursor.TryTake("DISTRIBUTED", "BY", "PARTITION");
        return new SetSortOrder(fields, byPartition ? "hash" : locally ? "none" : "range");
    }

    private static ExecuteProcedure ReadExecute(TokenCursor cursor)
    {
        var procedure = cursor.ExpectName("a procedure name");
        var arguments = cursor.Current.IsSymbol("(") ? PropertyParser.ReadArguments(cursor) : [];
        QueryText? where = null;
        if (cursor.TryTake("WHERE"))
        {
            where = QueryParser.ReadExpression(cursor, "a condition");
        }

        return new ExecuteProcedure(procedure, arguments, where);
    }

    private static List<QualifiedName> ReadColumns(TokenCursor cursor)
    {
        if (cursor.Current.IsSymbol("("))
        {
            return cursor.Parenthesised(() => cursor.ExpectName("a column name"));
        }

        List<QualifiedName> columns = [cursor.ExpectName("a column name")];
        while (cursor.Current.IsSymbol(",") && !AtNextAction(cursor))
        {
            cursor.Take();
            columns.Add(cursor.ExpectName("a column name"));
        }

        return columns;
    }

    // ADD COLUMN a int, DROP COLUMN b: behind the comma stands an action and no column.
    private static bool AtNextAction(TokenCursor cursor) =>
        cursor.Peek(1).Kind == TokenKind.Word && cursor.Peek(1).Value.ToUpperInvariant() is "ADD" or "DROP" or "ALTER" or "RENAME"
        && cursor.Peek(2).IsWord("COLUMN");
}
