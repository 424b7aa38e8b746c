using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Literals;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Reads constants.</summary>
internal static class LiteralParser
{
    private const int DeepestNesting = 100;

    public static SqlLiteral Parse(SqlText text)
    {
        var cursor = TokenCursor.Over(text);
        var literal = Read(cursor);
        if (!cursor.AtEnd)
        {
            throw cursor.At(cursor.Current, $"expected a plain literal, found the expression {text.Text}");
        }

        return literal;
    }

    public static SqlLiteral Read(TokenCursor cursor, int depth = 0)
    {
        var token = cursor.Current;
        if (depth > DeepestNesting)
        {
            throw cursor.At(token, $"literals nest deeper than {DeepestNesting} levels");
        }

        return token.Kind switch
        {
            TokenKind.Text => new StringLiteral(cursor.Take().Value),
            TokenKind.Number => new NumberLiteral(NumberText(cursor.Take())),
            TokenKind.Binary => new BinaryLiteral(cursor.Take().Value.ToUpperInvariant()),
            TokenKind.Symbol => ReadSymbol(cursor, depth),
            TokenKind.Word => ReadWord(cursor, depth),
            _ => throw cursor.Expected("a literal"),
        };
    }

    private static SqlLiteral ReadSymbol(TokenCursor cursor, int depth)
    {
        if (cursor.Current.IsSymbol("-") || cursor.Current.IsSymbol("+"))
        {
            var sign = cursor.Take().IsSymbol("-") ? "-" : "";
            return cursor.Current.Kind == TokenKind.Number ? new NumberLiteral(sign + NumberText(cursor.Take())) : throw cursor.Expected("a number");
        }

        if (cursor.Current.IsSymbol("["))
        {
            cursor.Take();
            return new ArrayLiteral(Items(cursor, "]", depth));
        }

        if (cursor.Current.IsSymbol("("))
        {
            cursor.Take();
            var inner = Read(cursor, depth + 1);
            cursor.ExpectSymbol(")");
            return inner;
        }

        throw cursor.Expected("a literal");
    }

    private static SqlLiteral ReadWord(TokenCursor cursor, int depth)
    {
        var word = cursor.Current.Value.ToUpperInvariant();
        var next = cursor.Peek(1);
        if (word is "TRUE" or "FALSE" or "NULL" or "DEFAULT")
        {
            cursor.Take();
            return word is "NULL" or "DEFAULT" ? new NullLiteral() : new BooleanLiteral(word == "TRUE");
        }

        if (word == "ARRAY" && (next.IsSymbol("[") || next.IsSymbol("(")))
        {
            cursor.Take();
            return new ArrayLiteral(Items(cursor, cursor.Take().IsSymbol("[") ? "]" : ")", depth));
        }

        if (word == "MAP" && (next.IsSymbol("{") || next.IsSymbol("(")))
        {
            cursor.Take();
            return next.IsSymbol("{") ? ReadBracedMap(cursor, depth) : ReadMapCall(cursor, depth);
        }

        return TypedLiteralAt(cursor) ?? throw cursor.Expected("a literal");
    }

    private static TypedLiteral? TypedLiteralAt(TokenCursor cursor)
    {
        var start = cursor.Index;
        var type = cursor.Take().Value.ToUpperInvariant();
        if (cursor.TryTake("WITH", "TIME", "ZONE") || cursor.TryTake("WITH", "LOCAL", "TIME", "ZONE"))
        {
            type += " WITH TIME ZONE";
        }
        else
        {
            cursor.TryTake("WITHOUT", "TIME", "ZONE");
        }

        if (cursor.Current.Kind == TokenKind.Text)
        {
            return new TypedLiteral(type, cursor.Take().Value);
        }

        cursor.Index = start;
        return null;
    }

    private static List<SqlLiteral> Items(TokenCursor cursor, string closer, int depth) =>
        cursor.TryTakeSymbol(closer) ? [] : cursor.ListUntil(closer, () => Read(cursor, depth + 1));

    private static MapLiteral ReadBracedMap(TokenCursor cursor, int depth)
    {
        cursor.ExpectSymbol("{");
        return new MapLiteral(cursor.TryTakeSymbol("}") ? [] : cursor.ListUntil("}", () =>
        {
            var key = Read(cursor, depth + 1);
            if (!cursor.TryTakeSymbol(":"))
            {
                cursor.ExpectSymbol("=");
            }

            return KeyValuePair.Create(key, Read(cursor, depth + 1));
        }));
    }

    // Trino: MAP(ARRAY[keys], ARRAY[values]); Spark: map(key, value, key, value).
    private static MapLiteral ReadMapCall(TokenCursor cursor, int depth)
    {
        var opener = cursor.Current;
        cursor.ExpectSymbol("(");
        var items = Items(cursor, ")", depth);
        if (items is [ArrayLiteral keys, ArrayLiteral values] && keys.Items.Count == values.Items.Count)
        {
            return new MapLiteral([.. keys.Items.Zip(values.Items, KeyValuePair.Create)]);
        }

        return items.Count % 2 == 0 && items is not [ArrayLiteral, ArrayLiteral]
            ? new MapLiteral([.. items.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1]))])
            : throw cursor.At(opener, "a map needs as many values as keys");
    }

    private static string NumberText(Token token)
    {
        var text = token.Value.Replace("_", "", StringComparison.Ordinal);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return System.Numerics.BigInteger.Parse("0" + text[2..], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture)
                .ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return text;
    }
}
