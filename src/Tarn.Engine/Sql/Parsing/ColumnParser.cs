using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;
using Tarn.Iceberg.Governance;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>What a column says behind its type.</summary>
internal sealed record ColumnOptions(bool NotNull, string? Comment, SqlLiteral? Default, IReadOnlyList<Tag> Tags);

/// <summary>Reads column definitions.</summary>
internal static class ColumnParser
{
    public static ColumnDefinition Read(TokenCursor cursor)
    {
        var start = cursor.Index;
        RefuseTableConstraint(cursor);
        var name = cursor.ExpectIdentifier("a column name");
        var type = TypeParser.Read(cursor);
        var options = ReadOptions(cursor);
        return new ColumnDefinition(name, type, options.NotNull, options.Comment, options.Default, cursor.SliceFrom(start)) { Tags = options.Tags };
    }

    /// <summary>NOT NULL, COMMENT, DEFAULT and TAGS in any order.</summary>
    public static ColumnOptions ReadOptions(TokenCursor cursor)
    {
        var options = new ColumnOptions(false, null, null, []);
        while (true)
        {
            if (cursor.TryTake("NOT", "NULL"))
            {
                options = options with { NotNull = true };
            }
            else if (cursor.TryTake("COMMENT"))
            {
                options = options with { Comment = cursor.ExpectText("the comment as a string") };
            }
            else if (cursor.TryTake("DEFAULT"))
            {
                options = options with { Default = LiteralParser.Read(cursor) };
            }
            else if (cursor.TryTake("TAGS"))
            {
                options = options with { Tags = GovernanceParser.ReadTags(cursor) };
            }
            else if (!cursor.TryTake("NULL"))
            {
                RefuseConstraint(cursor);
                return options;
            }
        }
    }

    private static void RefuseConstraint(TokenCursor cursor)
    {
        if (cursor.Current.Kind == TokenKind.Word && cursor.Current.Value.ToUpperInvariant() is
            "PRIMARY" or "UNIQUE" or "CHECK" or "REFERENCES" or "GENERATED" or "COLLATE" or "CONSTRAINT")
        {
            throw NoConstraint(cursor, cursor.Current);
        }
    }

    private static void RefuseTableConstraint(TokenCursor cursor)
    {
        var (word, next) = (cursor.Current, cursor.Peek(1));
        if ((word.IsWord("PRIMARY") && next.IsWord("KEY")) || (word.IsWord("FOREIGN") && next.IsWord("KEY")) || (word.IsWord("UNIQUE") && next.IsSymbol("("))
            || (word.IsWord("CHECK") && next.IsSymbol("(")) || (word.IsWord("CONSTRAINT") && next.IsName && cursor.Peek(2).IsName))
        {
            throw NoConstraint(cursor, word);
        }
    }

    private static SqlSyntaxException NoConstraint(TokenCursor cursor, Token word) =>
        cursor.At(word, $"an Iceberg table knows no {Full(word)}; a column can be NOT NULL, have a DEFAULT and a COMMENT");

    private static string Full(Token word) => word.Value.ToUpperInvariant() switch
    {
        "PRIMARY" => "PRIMARY KEY",
        "FOREIGN" => "FOREIGN KEY",
        "GENERATED" => "GENERATED columns",
        var other => other,
    };
}
