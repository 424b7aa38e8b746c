using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>CREATE, DROP and ALTER SCHEMA, behind these words.</summary>
internal static class SchemaParser
{
    public static SqlStatement ReadCreate(TokenCursor cursor)
    {
        var ifNotExists = cursor.TryTakeIf("NOT", "EXISTS");
        var name = cursor.ExpectName("a schema name");
        string? comment = null;
        List<Property> properties = [];
        while (!cursor.AtEnd)
        {
            var start = cursor.Index;
            if (cursor.TryTake("COMMENT"))
            {
                comment = cursor.ExpectText("the comment as a string");
            }
            else if (cursor.TryTake("LOCATION"))
            {
                var location = new StringLiteral(cursor.ExpectText("the location as a string"));
                properties.Add(new Property("location", location, cursor.SliceFrom(start)));
            }
            else if (cursor.TryTake("WITH"))
            {
                cursor.TryTakeAny("DBPROPERTIES", "PROPERTIES");
                properties.AddRange(PropertyParser.ReadParenthesised(cursor));
            }
            else
            {
                cursor.ExpectEnd();
            }
        }

        return new CreateSchemaStatement(name, ifNotExists, comment, properties);
    }

    public static SqlStatement ReadDrop(TokenCursor cursor)
    {
        var ifExists = cursor.TryTakeIf("EXISTS");
        var name = cursor.ExpectName("a schema name");
        var cascade = cursor.TryTakeAny("CASCADE", "RESTRICT") == "CASCADE";
        cursor.ExpectEnd();
        return new DropSchemaStatement(name, ifExists, cascade);
    }

    public static SqlStatement ReadAlter(TokenCursor cursor)
    {
        var name = cursor.ExpectName("a schema name");
        SqlStatement statement;
        if (cursor.TryTake("RENAME", "TO"))
        {
            statement = new RenameSchemaStatement(name, cursor.ExpectName("a schema name"));
        }
        else if (cursor.TryTake("OWNER"))
        {
            statement = new AlterSchemaPropertiesStatement(name, [GovernanceParser.ReadOwnerTo(cursor)], []);
        }
        else if (cursor.TryTake("SET"))
        {
            if (GovernanceParser.TryReadSet(cursor) is { } facts)
            {
                cursor.ExpectEnd();
                return new AlterSchemaPropertiesStatement(name, facts, []);
            }

            _ = cursor.TryTakeAny("PROPERTIES") ?? cursor.TryTakeSpelling("DBPROPERTIES") ?? throw cursor.Failure();
            statement = new AlterSchemaPropertiesStatement(name, PropertyParser.ReadList(cursor), []);
        }
        else
        {
            cursor.Expect("UNSET");
            if (GovernanceParser.TryReadUnset(cursor) is { } tags)
            {
                cursor.ExpectEnd();
                return new AlterSchemaPropertiesStatement(name, [], tags);
            }

            _ = cursor.TryTakeAny("PROPERTIES") ?? cursor.TryTakeSpelling("DBPROPERTIES") ?? throw cursor.Failure();
            statement = new AlterSchemaPropertiesStatement(name, [], PropertyParser.ReadNames(cursor));
        }

        cursor.ExpectEnd();
        return statement;
    }
}
