using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Branches and tags, in Spark's form behind ALTER TABLE and in Trino's with IN TABLE.</summary>
internal static class RefParser
{
    /// <summary>Reads <c>BRANCH|TAG [IF NOT EXISTS] name …</c> behind CREATE or REPLACE.</summary>
    public static CreateRef ReadCreate(TokenCursor cursor, bool orReplace, bool mustExist)
    {
        var place = cursor.Current;
        var kind = ReadKind(cursor);
        var ifNotExists = cursor.TryTakeIf("NOT", "EXISTS");
        if (orReplace && ifNotExists)
        {
            throw cursor.At(place, "REPLACE and IF NOT EXISTS exclude each other");
        }

        var created = new CreateRef
        {
            Kind = kind,
            Name = ReadName(cursor, kind),
            OrReplace = orReplace,
            MustExist = mustExist,
            IfNotExists = ifNotExists,
        };
        return ReadRetention(cursor, created with { From = cursor.TryTake("AS", "OF", "VERSION") ? ReadVersion(cursor) : null });
    }

    /// <summary>Reads <c>BRANCH|TAG [IF EXISTS] name</c> behind DROP.</summary>
    public static DropRef ReadDrop(TokenCursor cursor)
    {
        var kind = ReadKind(cursor);
        var ifExists = cursor.TryTakeIf("EXISTS");
        return new DropRef(kind, ReadName(cursor, kind), ifExists);
    }

    /// <summary><c>CREATE [OR REPLACE] BRANCH|TAG [IF NOT EXISTS] name IN TABLE table [FROM version] [AS OF VERSION version] [RETAIN …]</c>.</summary>
    public static SqlStatement ReadCreateInTable(TokenCursor cursor, bool orReplace)
    {
        var kind = ReadKind(cursor);
        var ifNotExists = cursor.TryTakeIf("NOT", "EXISTS");
        var name = ReadName(cursor, kind);
        var table = ReadTable(cursor);
        var from = cursor.TryTake("FROM") || cursor.TryTake("AS", "OF", "VERSION") ? ReadVersion(cursor) : null;
        var created = new CreateRef { Kind = kind, Name = name, OrReplace = orReplace, IfNotExists = ifNotExists, From = from };
        created = ReadRetention(cursor, created);
        cursor.ExpectEnd();
        return new AlterTableStatement(table, false, [created]);
    }

    /// <summary><c>DROP BRANCH|TAG [IF EXISTS] name IN TABLE table</c>.</summary>
    public static SqlStatement ReadDropInTable(TokenCursor cursor)
    {
        var dropped = ReadDrop(cursor);
        var table = ReadTable(cursor);
        cursor.ExpectEnd();
        return new AlterTableStatement(table, false, [dropped]);
    }

    /// <summary><c>ALTER BRANCH name IN TABLE table FAST FORWARD TO target</c>.</summary>
    public static SqlStatement ReadFastForward(TokenCursor cursor)
    {
        cursor.Expect("BRANCH");
        var name = ReadName(cursor, RefKind.Branch);
        var table = ReadTable(cursor);
        cursor.Expect("FAST", "FORWARD", "TO");
        var target = ReadName(cursor, RefKind.Branch);
        cursor.ExpectEnd();
        return new AlterTableStatement(table, false, [new FastForwardBranch(name, target)]);
    }

    private static QualifiedName ReadTable(TokenCursor cursor)
    {
        cursor.Expect("IN", "TABLE");
        return cursor.ExpectName("a table name");
    }

    private static RefKind ReadKind(TokenCursor cursor) => cursor.TryTakeAny("BRANCH", "TAG") switch
    {
        "BRANCH" => RefKind.Branch,
        "TAG" => RefKind.Tag,
        _ => throw cursor.Failure(),
    };

    // Names such as 'end-of-2024' may stand in single quotes as well.
    private static string ReadName(TokenCursor cursor, RefKind kind) => cursor.Current.Kind == TokenKind.Text
        ? cursor.Take().Value
        : cursor.ExpectIdentifier(kind == RefKind.Branch ? "the name of a branch" : "the name of a tag");

    private static SqlLiteral ReadVersion(TokenCursor cursor)
    {
        if (cursor.Current.IsName)
        {
            return new StringLiteral(cursor.Take().Value);
        }

        var place = cursor.Current;
        var version = LiteralParser.Read(cursor);
        return version is NumberLiteral { IsInteger: true } or StringLiteral ? version : throw cursor.At(place, "expected a snapshot id or the name of a branch or tag");
    }

    private static CreateRef ReadRetention(TokenCursor cursor, CreateRef created)
    {
        if (cursor.TryTake("RETAIN"))
        {
            created = created with { MaxRefAge = ReadDuration(cursor, cursor.ExpectInteger("a number of days, hours or minutes")) };
        }

        if (created.Kind == RefKind.Tag || !cursor.TryTake("WITH", "SNAPSHOT", "RETENTION"))
        {
            return created;
        }

        var place = cursor.Current;
        var number = cursor.ExpectInteger("a number of snapshots, days, hours or minutes");
        if (cursor.TryTake("SNAPSHOTS"))
        {
            created = created with { MinSnapshotsToKeep = number is >= 1 and <= int.MaxValue ? (int)number : throw cursor.At(place, "at least 1 snapshot must be kept") };
            return cursor.Current.Kind == TokenKind.Number
                ? created with { MaxSnapshotAge = ReadDuration(cursor, cursor.ExpectInteger("a number of days, hours or minutes")) }
                : created;
        }

        return created with { MaxSnapshotAge = ReadDuration(cursor, number) };
    }

    private static TimeSpan ReadDuration(TokenCursor cursor, long number)
    {
        var place = cursor.Tokens[cursor.Index - 1];
        var unit = (cursor.TryTakeAny("DAYS", "HOURS", "MINUTES") ?? cursor.TryTakeSpelling("DAY", "HOUR", "MINUTE")) switch
        {
            "DAYS" or "DAY" => TimeSpan.TicksPerDay,
            "HOURS" or "HOUR" => TimeSpan.TicksPerHour,
            "MINUTES" or "MINUTE" => TimeSpan.TicksPerMinute,
            _ => throw cursor.Failure(),
        };
        return number is > 0 && number <= long.MaxValue / unit ? TimeSpan.FromTicks(number * unit) : throw cursor.At(place, $"the time {number} is out of range");
    }
}
