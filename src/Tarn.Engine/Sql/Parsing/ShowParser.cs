using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>SHOW and DESCRIBE.</summary>
internal static class ShowParser
{
    public static SqlStatement Read(TokenCursor cursor)
    {
        var start = cursor.Index;
        cursor.Expect("SHOW");
        var statement = ReadKnown(cursor);
        if (statement is null)
        {
            var kind = $"SHOW {cursor.Current.Value.ToUpperInvariant()}";
            cursor.Index = start;
            return StatementParser.Other(cursor) with { Kind = kind };
        }

        cursor.ExpectEnd();
        return statement;
    }

    public static SqlStatement ReadDescribe(TokenCursor cursor)
    {
        cursor.Take();
        if (cursor.TryTakeAny("INPUT", "OUTPUT") is { } side)
        {
            if (!cursor.AtEnd && !cursor.Current.IsSymbol("."))
            {
                var prepared = cursor.ExpectIdentifier("the name of a prepared statement");
                cursor.ExpectEnd();
                return new DescribePreparedStatement(prepared, side == "INPUT");
            }

            cursor.Index--;
        }

        var takesTable = cursor.TryTake("TABLE") || (cursor.Peek(1).IsName && cursor.TryTake("VIEW"));
        var extended = cursor.Peek(1).IsName && cursor.TryTakeAny("EXTENDED", "FORMATTED") is not null;
        var table = cursor.ExpectName(takesTable ? "a table name" : "a table name or a query");
        cursor.ExpectEnd();
        return new DescribeStatement(table, extended);
    }

    private static SqlStatement? ReadKnown(TokenCursor cursor)
    {
        switch (cursor.TryTakeAny(
            "CATALOGS", "SCHEMAS", "TABLES", "VIEWS", "COLUMNS", "CREATE", "STATS", "BRANCHES", "TAGS", "PARTITIONS", "TBLPROPERTIES")
            ?? cursor.TryTakeSpelling("DATABASES", "NAMESPACES"))
        {
            case "CATALOGS":
                return new ShowCatalogsStatement(ReadLike(cursor));
            case "SCHEMAS" or "DATABASES" or "NAMESPACES":
                return new ShowSchemasStatement(ReadFrom(cursor, "a catalog name"), ReadLike(cursor));
            case "TABLES":
                return new ShowTablesStatement(ReadFrom(cursor, "a schema name"), ReadLike(cursor));
            case "VIEWS":
                return new ShowViewsStatement(ReadFrom(cursor, "a schema name"), ReadLike(cursor));
            case "COLUMNS":
                return new ShowColumnsStatement(ExpectFrom(cursor), ReadLike(cursor));
            case "CREATE":
                return ReadCreate(cursor);
            case "STATS":
                return ReadStats(cursor);
            case "BRANCHES":
                return new ShowRefsStatement(ExpectFrom(cursor), Tags: false);
            case "TAGS":
                return new ShowRefsStatement(ExpectFrom(cursor), Tags: true);
            case "PARTITIONS":
                return new ShowPartitionsStatement(ExpectFrom(cursor));
            case "TBLPROPERTIES":
                return new ShowPropertiesStatement(cursor.ExpectName("a table name"));
            default:
                return ReadVariable(cursor);
        }
    }

    private static ShowVariableStatement? ReadVariable(TokenCursor cursor)
    {
        if (!cursor.Current.IsName)
        {
            throw cursor.Expected("a setting");
        }

        if (cursor.IsAt("TIME", "ZONE") && cursor.Peek(2).Kind == TokenKind.End)
        {
            cursor.Index += 2;
            return new ShowVariableStatement(QualifiedName.Of("TimeZone"));
        }

        var isOther = cursor.IsAt("ALL") || cursor.IsAt("SESSION") || cursor.IsAt("FUNCTIONS") || cursor.IsAt("ROLES") || cursor.IsAt("GRANTS");
        var start = cursor.Index;
        if (!isOther)
        {
            var name = cursor.ExpectName("a setting");
            if (cursor.AtEnd)
            {
                return new ShowVariableStatement(name);
            }
        }

        cursor.Index = start;
        return null;
    }

    private static ShowCreateStatement ReadCreate(TokenCursor cursor)
    {
        ShowCreateKind kind = cursor.TryTakeAny("TABLE", "VIEW", "SCHEMA") switch
        {
            "TABLE" => ShowCreateKind.Table,
            "VIEW" => ShowCreateKind.View,
            "SCHEMA" => ShowCreateKind.Schema,
            _ => throw cursor.Failure(),
        };
        return new ShowCreateStatement(kind, cursor.ExpectName($"a {kind.ToString().ToLowerInvariant()} name"));
    }

    private static SqlStatement ReadStats(TokenCursor cursor)
    {
        cursor.Expect("FOR");
        return QueryParser.AtQuery(cursor)
            ? new ShowQueryStatsStatement(QueryParser.ReadText(cursor, cursor.End))
            : new ShowStatsStatement(cursor.ExpectName("a table name"));
    }

    private static QualifiedName? ReadFrom(TokenCursor cursor, string what) =>
        cursor.TryTake("FROM") || cursor.TryTakeSpelling("IN") is not null ? cursor.ExpectName(what) : null;

    private static QualifiedName ExpectFrom(TokenCursor cursor) => ReadFrom(cursor, "a table name") ?? throw cursor.Failure();

    private static string? ReadLike(TokenCursor cursor) => cursor.TryTake("LIKE") || cursor.Current.Kind == TokenKind.Text
        ? cursor.ExpectText("a pattern as a string")
        : null;
}
