using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Governance;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Owners and tags, as Trino (SET AUTHORIZATION), PostgreSQL (OWNER TO) and Databricks (SET TAGS) write them.</summary>
internal static class GovernanceParser
{
    /// <summary>Behind SET: <c>TAGS (…)</c>, <c>AUTHORIZATION [USER|ROLE] name</c> or <c>OWNER TO name</c>, as properties; null when none of them stands here.</summary>
    public static IReadOnlyList<Property>? TryReadSet(TokenCursor cursor)
    {
        int start = cursor.Index;
        switch (cursor.TryTakeAny("TAGS", "AUTHORIZATION", "OWNER"))
        {
            case "TAGS":
                return [.. ReadTags(cursor).Select(t => new Property(GovernanceProperties.Of(t.Key), new StringLiteral(t.Value), cursor.SliceFrom(start)))];
            case "AUTHORIZATION":
                return [ReadOwner(cursor, start)];
            case "OWNER":
                cursor.Expect("TO");
                return [ReadOwner(cursor, start)];
            default:
                return null;
        }
    }

    /// <summary>Behind UNSET: <c>TAGS (…)</c> as names of properties; null when it does not stand here.</summary>
    public static IReadOnlyList<string>? TryReadUnset(TokenCursor cursor) =>
        cursor.TryTake("TAGS") ? [.. ReadKeys(cursor).Select(key => GovernanceProperties.Of(key))] : null;

    /// <summary><c>OWNER TO name</c> behind OWNER.</summary>
    public static Property ReadOwnerTo(TokenCursor cursor)
    {
        int start = cursor.Index - 1;
        cursor.Expect("TO");
        return ReadOwner(cursor, start);
    }

    /// <summary><c>('key' = 'value', 'key', …)</c>.</summary>
    public static IReadOnlyList<Tag> ReadTags(TokenCursor cursor) => cursor.Parenthesised(() =>
    {
        var place = cursor.Current;
        var tag = new Tag(ReadKey(cursor), cursor.TryTakeSymbol("=") ? cursor.ExpectText("the value of the tag as a string") : "");
        return tag.Fault is { } fault ? throw cursor.At(place, $"this is no tag: {fault}") : tag;
    });

    /// <summary><c>[IF EXISTS] ('key', …)</c>; a key that is not there is no error either way.</summary>
    public static IReadOnlyList<string> ReadKeys(TokenCursor cursor)
    {
        cursor.TryTakeIf("EXISTS");
        return cursor.Parenthesised(() => ReadKey(cursor));
    }

    private static string ReadKey(TokenCursor cursor) => cursor.Current.Kind == TokenKind.Text ? cursor.Take().Value : cursor.ExpectIdentifier("the name of a tag");

    // Trino says whether a user or a role is meant; whoever it is has one name here.
    private static Property ReadOwner(TokenCursor cursor, int start)
    {
        if ((cursor.IsAt("USER") || cursor.IsAt("ROLE")) && (cursor.Peek(1).IsName || cursor.Peek(1).Kind == TokenKind.Text))
            cursor.Take();
        var place = cursor.Current;
        string owner = cursor.Current.Kind == TokenKind.Text ? cursor.Take().Value : cursor.ExpectIdentifier("the name of the owner");
        return owner.Length == 0 ? throw cursor.At(place, "the name of the owner is empty") : new Property(GovernanceProperties.Owner, new StringLiteral(owner), cursor.SliceFrom(start));
    }
}
