using System.Collections.Frozen;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Chooses the parser of a statement by its first words.</summary>
internal static class StatementParser
{
    private static readonly string[] Known =
    [
        "SELECT", "WITH", "VALUES", "FROM", "PIVOT", "UNPIVOT", "SUMMARIZE", "DESCRIBE", "SHOW", "EXPLAIN", "USE", "SET", "RESET", "PREPARE", "EXECUTE",
        "DEALLOCATE", "CREATE", "DROP", "ALTER", "INSERT", "DELETE", "UPDATE", "MERGE", "TRUNCATE", "COMMENT", "CALL", "UNDROP",
    ];

    private static readonly FrozenSet<string> Passed = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "ABORT", "ANALYZE", "ATTACH", "BEGIN", "CHECKPOINT", "CLOSE", "COMMIT", "COPY", "DECLARE", "DENY", "DETACH", "DISCARD", "END", "EXPORT", "FETCH",
        "FORCE", "GRANT", "IMPORT", "INSTALL", "LISTEN", "LOAD", "LOCK", "NOTIFY", "PRAGMA", "REFRESH", "RELEASE", "REPLACE", "REVOKE", "ROLLBACK",
        "SAVEPOINT", "START", "UNLISTEN", "VACUUM");

    // Things that CREATE, DROP and ALTER may name and that Tarn has no model for.
    private static readonly FrozenSet<string> OtherObjects = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "CATALOG", "FUNCTION", "INDEX", "MACRO", "MATERIALIZED", "PERSISTENT", "RECURSIVE", "ROLE", "SECRET", "SEQUENCE", "TEMP", "TEMPORARY", "TRIGGER", "TYPE",
        "UNIQUE", "USER");

    public static SqlStatement Read(TokenCursor cursor)
    {
        if (cursor.IsAt("WITH") && QueryParser.FindInsert(cursor) is { } insert)
        {
            return InsertParser.ReadBehind(cursor, insert);
        }

        if (QueryParser.AtQuery(cursor))
        {
            return QueryParser.Read(cursor);
        }

        var first = cursor.Current.Kind == TokenKind.Word ? cursor.Current.Value.ToUpperInvariant() : "";
        return first switch
        {
            "EXPLAIN" => QueryParser.ReadExplain(cursor),
            "DESCRIBE" or "DESC" => ShowParser.ReadDescribe(cursor),
            "SHOW" => ShowParser.Read(cursor),
            "USE" => SessionParser.ReadUse(cursor),
            "SET" => SessionParser.ReadSet(cursor),
            "RESET" => SessionParser.ReadReset(cursor),
            "PREPARE" => SessionParser.ReadPrepare(cursor),
            "EXECUTE" => SessionParser.ReadExecute(cursor),
            "DEALLOCATE" => SessionParser.ReadDeallocate(cursor),
            "CREATE" => ReadCreate(cursor),
            "DROP" => ReadDrop(cursor),
            "ALTER" => ReadAlter(cursor),
            "INSERT" => InsertParser.Read(cursor),
            "DELETE" => DataParser.ReadDelete(cursor),
            "UPDATE" => DataParser.ReadUpdate(cursor),
            "MERGE" => MergeParser.Read(cursor),
            "TRUNCATE" => DataParser.ReadTruncate(cursor),
            "COMMENT" => ViewParser.ReadComment(cursor),
            "CALL" => ViewParser.ReadCall(cursor),
            "UNDROP" => ViewParser.ReadUndrop(cursor),
            _ when Passed.Contains(first) => Other(cursor),
            _ => throw Unknown(cursor),
        };
    }

    /// <summary>The whole statement as <see cref="OtherStatement"/>, named by its first word.</summary>
    public static OtherStatement Other(TokenCursor cursor)
    {
        var start = cursor.Index;
        var kind = cursor.Current.Value.ToUpperInvariant();
        return new OtherStatement(kind, cursor.ExpectRest("a statement")) { Source = cursor.SliceFrom(start) };
    }

    private static SqlStatement ReadCreate(TokenCursor cursor)
    {
        var start = cursor.Index;
        cursor.Expect("CREATE");
        var orReplace = cursor.TryTake("OR", "REPLACE");
        switch (cursor.TryTakeAny("TABLE", "VIEW", "SCHEMA", "BRANCH", "TAG") ?? cursor.TryTakeSpelling("DATABASE", "NAMESPACE"))
        {
            case "TABLE":
                return TableParser.ReadCreate(cursor, orReplace);
            case "VIEW":
                return ViewParser.ReadCreate(cursor, orReplace);
            case "BRANCH" or "TAG":
                cursor.Index--;
                return RefParser.ReadCreateInTable(cursor, orReplace);
            case not null when orReplace:
                throw cursor.At(cursor.Tokens[cursor.Index - 1], "a schema cannot be replaced; drop it first");
            case not null:
                return SchemaParser.ReadCreate(cursor);
        }

        return OtherObject(cursor, start, "CREATE");
    }

    private static SqlStatement ReadDrop(TokenCursor cursor)
    {
        var start = cursor.Index;
        cursor.Expect("DROP");
        switch (cursor.TryTakeAny("TABLE", "VIEW", "SCHEMA", "BRANCH", "TAG") ?? cursor.TryTakeSpelling("DATABASE", "NAMESPACE"))
        {
            case "TABLE":
                return TableParser.ReadDrop(cursor);
            case "VIEW":
                return ViewParser.ReadDrop(cursor);
            case "BRANCH" or "TAG":
                cursor.Index--;
                return RefParser.ReadDropInTable(cursor);
            case not null:
                return SchemaParser.ReadDrop(cursor);
        }

        return OtherObject(cursor, start, "DROP");
    }

    private static SqlStatement ReadAlter(TokenCursor cursor)
    {
        var start = cursor.Index;
        cursor.Expect("ALTER");
        switch (cursor.TryTakeAny("TABLE", "VIEW", "SCHEMA", "BRANCH") ?? cursor.TryTakeSpelling("DATABASE", "NAMESPACE"))
        {
            case "TABLE":
                return AlterTableParser.Read(cursor);
            case "VIEW":
                return ViewParser.ReadAlter(cursor);
            case "BRANCH":
                cursor.Index--;
                return RefParser.ReadFastForward(cursor);
            case not null:
                return SchemaParser.ReadAlter(cursor);
        }

        return OtherObject(cursor, start, "ALTER");
    }

    private static OtherStatement OtherObject(TokenCursor cursor, int start, string verb)
    {
        var word = cursor.Current.Value;
        if (cursor.Current.Kind != TokenKind.Word || !OtherObjects.Contains(word))
        {
            throw cursor.Failure();
        }

        cursor.Index = start;
        return Other(cursor) with { Kind = $"{verb} {word.ToUpperInvariant()}" };
    }

    private static SqlSyntaxException Unknown(TokenCursor cursor)
    {
        var token = cursor.Current;
        var word = token.Value.ToUpperInvariant();
        var near = token.Kind == TokenKind.Word ? Known.FirstOrDefault(known => Spelling.IsNear(word, known)) : null;
        return cursor.At(token, $"expected a statement such as SELECT, found '{token}'{(near is null ? "" : $"; did you mean {near}?")}");
    }
}
