using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <content>Columns, partition fields and references added, dropped and changed.</content>
internal static partial class AlterTableParser
{
    private static List<AlterTableAction> ReadAdd(TokenCursor cursor)
    {
        if (cursor.TryTake("PARTITION", "FIELD"))
        {
            return [new AddPartitionField(PartitionParser.Read(cursor))];
        }

        if (cursor.IsAt("CONSTRAINT") || cursor.IsAt("PRIMARY", "KEY"))
        {
            throw cursor.At(cursor.Current, "an Iceberg table cannot keep constraints; SET IDENTIFIER FIELDS names the columns that identify a row");
        }

        var many = cursor.TryTake("COLUMNS");
        if (!many)
        {
            cursor.TryTake("COLUMN");
        }

        if (cursor.Current.IsSymbol("("))
        {
            return cursor.Parenthesised(() => ReadAddColumn(cursor));
        }

        List<AlterTableAction> columns = [ReadAddColumn(cursor)];
        while (many && cursor.Current.IsSymbol(",") && !AtNextAction(cursor))
        {
            cursor.Take();
            columns.Add(ReadAddColumn(cursor));
        }

        return columns;
    }

    private static AlterTableAction ReadAddColumn(TokenCursor cursor)
    {
        var ifNotExists = cursor.TryTake("IF", "NOT", "EXISTS");
        var path = cursor.ExpectName("a column name");
        cursor.TryTakeSymbol(":");
        var type = TypeParser.Read(cursor);
        var options = ColumnParser.ReadOptions(cursor);
        return new AddColumn(path, type, options.NotNull, options.Comment, options.Default, ReadPosition(cursor), ifNotExists) { Tags = options.Tags };
    }

    private static List<AlterTableAction> ReadDrop(TokenCursor cursor)
    {
        if (cursor.TryTake("PARTITION", "FIELD"))
        {
            return [new DropPartitionField(PartitionParser.Read(cursor))];
        }

        if (cursor.TryTake("IDENTIFIER", "FIELDS"))
        {
            return [new DropIdentifierFields(ReadColumns(cursor))];
        }

        if ((cursor.IsAt("BRANCH") || cursor.IsAt("TAG")) && !cursor.Peek(1).IsSymbol(".") && cursor.Peek(1).Kind is not (TokenKind.End or TokenKind.Symbol))
        {
            return [RefParser.ReadDrop(cursor)];
        }

        if (!cursor.TryTake("COLUMNS"))
        {
            cursor.TryTake("COLUMN");
        }

        var ifExists = cursor.TryTake("IF", "EXISTS");
        return [.. ReadColumns(cursor).Select(path => new DropColumn(path, ifExists))];
    }

    private static List<AlterTableAction> ReadAlterColumn(TokenCursor cursor)
    {
        cursor.TryTake("COLUMN");
        var path = cursor.ExpectName("a column name");
        List<AlterTableAction> actions = [];
        do
        {
            actions.Add(ReadColumnChange(cursor, path));
        }
        while (!cursor.AtEnd && !cursor.Current.IsSymbol(","));

        return actions;
    }

    // Spark takes ALTER's forms behind CHANGE too; Hive's form repeats the name, or gives a new one, and the type.
    private static List<AlterTableAction> ReadChangeColumn(TokenCursor cursor)
    {
        cursor.TryTake("COLUMN");
        var start = cursor.Index;
        var path = cursor.ExpectName("a column name");
        if (!AtNewName(cursor))
        {
            cursor.Index = start;
            return ReadAlterColumn(cursor);
        }

        var newName = cursor.ExpectIdentifier("the column's new name");
        List<AlterTableAction> actions = [new ChangeColumnType(path, TypeParser.Read(cursor))];
        if (cursor.TryTake("NOT", "NULL"))
        {
            actions.Add(new ChangeColumnNullability(path, NotNull: true));
        }

        if (cursor.TryTake("COMMENT"))
        {
            actions.Add(new ChangeColumnComment(path, cursor.ExpectText("the comment as a string")));
        }

        if (ReadPosition(cursor) is { } position)
        {
            actions.Add(new MoveColumn(path, position));
        }

        // Last, because all others call the column by its old name.
        return newName == path.Last ? actions : [.. actions, new RenameColumn(path, newName, IfExists: false)];
    }

    private static bool AtNewName(TokenCursor cursor)
    {
        var (word, next) = (cursor.Current, cursor.Peek(1));
        return word.IsName && !(word.Kind == TokenKind.Word && word.Value.ToUpperInvariant() switch
        {
            "TYPE" => true,
            "SET" => next.IsWord("DATA") || next.IsWord("NOT") || next.IsWord("DEFAULT") || next.IsWord("TAGS"),
            "DROP" => next.IsWord("NOT") || next.IsWord("DEFAULT"),
            "UNSET" => next.IsWord("TAGS"),
            "COMMENT" => next.Kind == TokenKind.Text || next.IsWord("NULL"),
            "FIRST" => next.Kind == TokenKind.End || next.IsSymbol(","),
            "AFTER" => cursor.Peek(2).Kind == TokenKind.End || cursor.Peek(2).IsSymbol(","),
            _ => false,
        });
    }

    private static AlterTableAction ReadColumnChange(TokenCursor cursor, QualifiedName path)
    {
        if (cursor.TryTake("SET", "DATA", "TYPE") || cursor.TryTake("TYPE"))
        {
            return new ChangeColumnType(path, TypeParser.Read(cursor));
        }

        if (cursor.TryTake("SET", "NOT", "NULL") || cursor.TryTake("DROP", "NOT", "NULL"))
        {
            return new ChangeColumnNullability(path, cursor.Tokens[cursor.Index - 3].IsWord("SET"));
        }

        if (cursor.TryTake("SET", "DEFAULT"))
        {
            return new ChangeColumnDefault(path, LiteralParser.Read(cursor));
        }

        if (cursor.TryTake("DROP", "DEFAULT"))
        {
            return new ChangeColumnDefault(path, null);
        }

        if (cursor.TryTake("SET", "TAGS"))
        {
            return new SetColumnTags(path, GovernanceParser.ReadTags(cursor));
        }

        if (cursor.TryTake("UNSET", "TAGS"))
        {
            return new RemoveColumnTags(path, GovernanceParser.ReadKeys(cursor));
        }

        if (cursor.TryTake("COMMENT"))
        {
            return new ChangeColumnComment(path, cursor.TryTake("NULL") ? null : cursor.ExpectText("the comment as a string"));
        }

        return ReadPosition(cursor) is { } position ? new MoveColumn(path, position) : throw cursor.Failure();
    }

    private static ColumnPosition? ReadPosition(TokenCursor cursor) =>
        cursor.TryTake("FIRST") ? new ColumnPosition(null)
        : cursor.TryTake("AFTER") ? new ColumnPosition(cursor.ExpectName("a column name"))
        : null;
}
