using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Types;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Reads column types.</summary>
internal static partial class TypeParser
{
    private const int DeepestNesting = 100;

    public static SqlType Parse(SqlText text)
    {
        var cursor = TokenCursor.Over(text);
        var type = Read(cursor);
        cursor.ExpectEnd();
        return type;
    }

    public static SqlType Read(TokenCursor cursor, int depth = 0)
    {
        if (depth > DeepestNesting)
        {
            throw cursor.At(cursor.Current, $"types nest deeper than {DeepestNesting} levels");
        }

        return cursor.Current.IsName ? ReadFrom(cursor, cursor.Take(), depth) : throw cursor.Expected("a type");
    }

    private static SqlType ReadFrom(TokenCursor cursor, Token name, int depth)
    {
        var type = ReadBase(cursor, name, depth);
        while (cursor.Current.IsSymbol("["))
        {
            var bracket = cursor.Take();
            type = cursor.TryTakeSymbol("]")
                ? new ArraySqlType(type)
                : throw cursor.At(bracket, $"Iceberg has no list of a fixed length; write {type}[] for a list of any length");
        }

        return type;
    }

    private static SqlType ReadBase(TokenCursor cursor, Token name, int depth)
    {
        var word = name.Value.ToLowerInvariant();
        return word switch
        {
            "row" or "struct" => ReadStruct(cursor, depth),
            "array" or "list" => ReadArray(cursor, depth),
            "map" => ReadMap(cursor, depth),
            "decimal" or "numeric" or "dec" => ReadDecimal(cursor, name),
            "varchar" or "char" or "character" or "bpchar" or "nvarchar" => ReadText(cursor),
            "binary" => cursor.Current.IsSymbol("(") ? ReadFixed(cursor) : new PrimitiveSqlType(SqlPrimitive.Varbinary),
            "fixed" => ReadFixed(cursor),
            "timestamp" => ReadTimestamp(cursor, hasZone: false),
            "timestamptz" when cursor.Current.IsSymbol("(") => ReadTimestamp(cursor, hasZone: true),
            "time" => ReadTime(cursor, name),
            "double" => ReadDouble(cursor),
            "geometry" => new GeometrySqlType(ReadTextArguments(cursor, 1).FirstOrDefault()),
            "geography" => ReadGeography(cursor),
            _ => ReadSimple(cursor, name, word),
        };
    }

    private static SqlType ReadSimple(TokenCursor cursor, Token name, string word)
    {
        if (!TypeNames.Simple.TryGetValue(word, out var type))
        {
            throw cursor.At(name, TypeNames.Instead.TryGetValue(word, out var instead)
                ? $"Iceberg has no type {word}; {instead}"
                : $"expected a type such as bigint, varchar or decimal(12, 2), found '{name}'");
        }

        if (cursor.Current.IsSymbol("("))
        {
            // FLOAT(24), INT(11): widths that mean nothing here.
            throw cursor.At(cursor.Current, $"the type {word} takes no parameters");
        }

        return type;
    }

    private static VarcharSqlType ReadText(TokenCursor cursor)
    {
        cursor.TryTake("VARYING");
        return new VarcharSqlType(cursor.TryTakeSymbol("(") ? ClosedLength(cursor) : null);
    }

    private static FixedSqlType ReadFixed(TokenCursor cursor)
    {
        if (!cursor.TryTakeSymbol("("))
        {
            cursor.ExpectSymbol("[");
            return new FixedSqlType(ClosedLength(cursor, "]"));
        }

        return new FixedSqlType(ClosedLength(cursor));
    }

    private static int ClosedLength(TokenCursor cursor, string closer = ")")
    {
        var token = cursor.Current;
        var length = cursor.ExpectInteger("a length");
        cursor.ExpectSymbol(closer);
        return length is >= 1 and <= int.MaxValue ? (int)length : throw cursor.At(token, $"a length must be between 1 and {int.MaxValue}, found {length}");
    }

    private static DecimalSqlType ReadDecimal(TokenCursor cursor, Token name)
    {
        if (!cursor.TryTakeSymbol("("))
        {
            throw cursor.At(name, $"{name} needs its size, as in decimal(18, 3): engines disagree on the default");
        }

        var token = cursor.Current;
        var precision = cursor.ExpectInteger("a precision");
        var scale = cursor.TryTakeSymbol(",") ? cursor.ExpectInteger("a scale") : 0;
        cursor.ExpectSymbol(")");
        return precision is >= 1 and <= 38 && scale <= precision
            ? new DecimalSqlType((int)precision, (int)scale)
            : throw cursor.At(token, $"decimal({precision}, {scale}): the precision must be 1 to 38 and the scale not above it");
    }

    private static TimestampSqlType ReadTimestamp(TokenCursor cursor, bool hasZone)
    {
        var precision = ReadPrecision(cursor);
        return new TimestampSqlType(ReadZone(cursor) || hasZone, precision > 6);
    }

    private static PrimitiveSqlType ReadTime(TokenCursor cursor, Token name)
    {
        var precision = ReadPrecision(cursor);
        return precision > 6 ? throw cursor.At(name, $"time({precision}): Iceberg keeps a time of day in microseconds; write time(6)")
            : ReadZone(cursor) ? throw cursor.At(name, "Iceberg has no time of day with a zone; use time")
            : new PrimitiveSqlType(SqlPrimitive.Time);
    }

    private static long ReadPrecision(TokenCursor cursor)
    {
        if (!cursor.TryTakeSymbol("("))
        {
            return 6;
        }

        var token = cursor.Current;
        var precision = cursor.ExpectInteger("the number of digits behind the second");
        cursor.ExpectSymbol(")");
        return precision <= 9 ? precision : throw cursor.At(token, $"the digits behind the second must be 0 to 9, found {precision}");
    }

    private static bool ReadZone(TokenCursor cursor)
    {
        var without = cursor.TryTake("WITHOUT", "TIME", "ZONE");
        return !without && (cursor.TryTake("WITH", "TIME", "ZONE") || cursor.TryTake("WITH", "LOCAL", "TIME", "ZONE"));
    }

    private static PrimitiveSqlType ReadDouble(TokenCursor cursor)
    {
        cursor.TryTake("PRECISION");
        return new PrimitiveSqlType(SqlPrimitive.Double);
    }

    private static GeographySqlType ReadGeography(TokenCursor cursor)
    {
        var texts = ReadTextArguments(cursor, 2);
        return new GeographySqlType(texts.FirstOrDefault(), texts.ElementAtOrDefault(1)?.ToLowerInvariant());
    }

    private static List<string> ReadTextArguments(TokenCursor cursor, int most)
    {
        if (!cursor.Current.IsSymbol("("))
        {
            return [];
        }

        var opener = cursor.Current;
        var texts = cursor.Parenthesised(() => cursor.Current.Kind == TokenKind.Text
            ? cursor.Take().Value
            : string.Concat(cursor.ExpectExpression("a coordinate reference system").Text.Where(c => !char.IsWhiteSpace(c))));
        return texts.Count <= most ? texts : throw cursor.At(opener, $"at most {most} parameters are possible here, found {texts.Count}");
    }
}
