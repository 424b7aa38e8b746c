using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Views, comments and calls.</summary>
internal static class ViewParser
{
    public static SqlStatement ReadCreate(TokenCursor cursor, bool orReplace)
    {
        var place = cursor.Current;
        var ifNotExists = cursor.TryTakeIf("NOT", "EXISTS");
        if (orReplace && ifNotExists)
        {
            throw cursor.At(place, "OR REPLACE and IF NOT EXISTS exclude each other");
        }

        var name = cursor.ExpectName("a view name");
        IReadOnlyList<ViewColumn> columns = cursor.Current.IsSymbol("(") ? cursor.Parenthesised(() => ReadColumn(cursor)) : [];
        string? comment = null;
        List<Property> properties = [];
        while (!cursor.TryTake("AS"))
        {
            switch (cursor.TryTakeAny("COMMENT", "TBLPROPERTIES", "WITH", "SECURITY"))
            {
                case "COMMENT":
                    comment = cursor.ExpectText("the comment as a string");
                    break;
                case "SECURITY":
                    throw cursor.At(cursor.Tokens[cursor.Index - 1], "SECURITY is not supported; a view reads with the rights of who queries it");
                case not null:
                    properties.AddRange(PropertyParser.ReadParenthesised(cursor));
                    break;
                default:
                    throw cursor.Failure();
            }
        }

        return new CreateViewStatement(name, orReplace, ifNotExists, columns, comment, properties, ReadQuery(cursor));
    }

    public static SqlStatement ReadDrop(TokenCursor cursor)
    {
        var ifExists = cursor.TryTakeIf("EXISTS");
        var name = cursor.ExpectName("a view name");
        cursor.ExpectEnd();
        return new DropViewStatement(name, ifExists);
    }

    public static SqlStatement ReadAlter(TokenCursor cursor)
    {
        var ifExists = cursor.TryTakeIf("EXISTS");
        var name = cursor.ExpectName("a view name");
        SqlStatement statement;
        if (cursor.TryTake("RENAME", "TO"))
        {
            statement = new RenameViewStatement(name, ifExists, cursor.ExpectName("a view name"));
        }
        else if (cursor.TryTake("OWNER"))
        {
            statement = new AlterViewPropertiesStatement(name, ifExists, [GovernanceParser.ReadOwnerTo(cursor)], []);
        }
        else if (cursor.TryTake("SET"))
        {
            if (GovernanceParser.TryReadSet(cursor) is { } facts)
            {
                cursor.ExpectEnd();
                return new AlterViewPropertiesStatement(name, ifExists, facts, []);
            }

            _ = cursor.TryTakeAny("PROPERTIES", "TBLPROPERTIES") ?? throw cursor.Failure();
            statement = new AlterViewPropertiesStatement(name, ifExists, PropertyParser.ReadList(cursor), []);
        }
        else if (cursor.TryTake("UNSET"))
        {
            if (GovernanceParser.TryReadUnset(cursor) is { } tags)
            {
                cursor.ExpectEnd();
                return new AlterViewPropertiesStatement(name, ifExists, [], tags);
            }

            _ = cursor.TryTakeAny("PROPERTIES", "TBLPROPERTIES") ?? throw cursor.Failure();
            statement = new AlterViewPropertiesStatement(name, ifExists, [], PropertyParser.ReadNames(cursor));
        }
        else
        {
            if (ifExists && cursor.IsAt("AS"))
            {
                throw cursor.At(cursor.Current, "IF EXISTS does not go with AS; CREATE OR REPLACE VIEW gives a view another query, or makes it");
            }

            cursor.Expect("AS");
            statement = new CreateViewStatement(name, OrReplace: true, IfNotExists: false, [], null, [], ReadQuery(cursor)) { MustExist = true };
        }

        cursor.ExpectEnd();
        return statement;
    }

    public static SqlStatement ReadComment(TokenCursor cursor)
    {
        cursor.Expect("COMMENT", "ON");
        var target = cursor.TryTakeAny("TABLE", "VIEW", "COLUMN", "SCHEMA") switch
        {
            "TABLE" => CommentTarget.Table,
            "VIEW" => CommentTarget.View,
            "COLUMN" => CommentTarget.Column,
            "SCHEMA" => CommentTarget.Schema,
            _ => throw cursor.Failure(),
        };
        var place = cursor.Current;
        var name = cursor.ExpectName($"a {target.ToString().ToLowerInvariant()} name");
        if (target == CommentTarget.Column && name.Parts.Count < 2)
        {
            throw cursor.At(place, $"the column needs its table: write table.{name}");
        }

        cursor.Expect("IS");
        var comment = cursor.TryTake("NULL") ? null : cursor.ExpectText("the comment as a string");
        cursor.ExpectEnd();
        return new CommentStatement(target, name, comment);
    }

    /// <summary><c>UNDROP TABLE|VIEW name [RENAME TO name|AS name]</c>.</summary>
    public static SqlStatement ReadUndrop(TokenCursor cursor)
    {
        cursor.Expect("UNDROP");
        bool isView = (cursor.TryTakeAny("TABLE", "VIEW") ?? throw cursor.Failure()) == "VIEW";
        string what = isView ? "a view name" : "a table name";
        var name = cursor.ExpectName(what);
        var newName = cursor.TryTake("RENAME", "TO") || cursor.TryTake("AS") ? cursor.ExpectName(what) : null;
        cursor.ExpectEnd();
        return new UndropStatement(name, isView, newName);
    }

    public static SqlStatement ReadCall(TokenCursor cursor)
    {
        cursor.Expect("CALL");
        var procedure = cursor.ExpectName("a procedure name");
        var arguments = PropertyParser.ReadArguments(cursor);
        cursor.ExpectEnd();
        return new CallStatement(procedure, arguments);
    }

    private static QueryText ReadQuery(TokenCursor cursor)
    {
        for (var i = cursor.Index; i < cursor.End; i++)
        {
            if (cursor.Tokens[i].Kind == TokenKind.Parameter)
            {
                throw cursor.At(cursor.Tokens[i], $"a view has no parameters, for nobody gives it values; write a value in place of {cursor.Tokens[i]}");
            }
        }

        return QueryParser.ReadText(cursor, cursor.End);
    }

    private static ViewColumn ReadColumn(TokenCursor cursor)
    {
        var name = cursor.ExpectIdentifier("a column name");
        return new ViewColumn(name, cursor.TryTake("COMMENT") ? cursor.ExpectText("the comment as a string") : null);
    }
}
