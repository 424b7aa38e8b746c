using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Reads properties and arguments.</summary>
internal static class PropertyParser
{
    private const string Extra = "extra_properties";

    /// <summary><c>(name = value, …)</c>; Spark allows <c>'name' 'value'</c> without the sign.</summary>
    public static IReadOnlyList<Property> ReadParenthesised(TokenCursor cursor)
    {
        cursor.ExpectSymbol("(");
        return cursor.TryTakeSymbol(")") ? [] : cursor.ListUntil(")", () => Read(cursor));
    }

    /// <summary><c>(name = value, …)</c> or <c>name = value, …</c>, at least one.</summary>
    public static IReadOnlyList<Property> ReadList(TokenCursor cursor)
    {
        if (cursor.Current.IsSymbol("("))
        {
            return ReadParenthesised(cursor);
        }

        List<Property> properties = [Read(cursor)];
        while (cursor.TryTakeSymbol(","))
        {
            properties.Add(Read(cursor));
        }

        return properties;
    }

    /// <summary>The properties, those inside of Trino's <c>extra_properties = MAP(ARRAY['name'], ARRAY['value'])</c> in its place.</summary>
    public static IEnumerable<Property> WithExtra(IEnumerable<Property> properties) => properties.SelectMany<Property, Property>(property => property switch
    {
        { Value: MapLiteral map } when property.Is(Extra) => map.Entries.Select(entry => entry.Key is StringLiteral { Value: var name }
            ? new Property(name, entry.Value, property.Source) { IsOwn = true, IsExtra = true }
            : throw Refused(property, $"has the name {entry.Key}; names are texts")),
        _ when property.Is(Extra) => throw Refused(property, $"is {property.Value}; give a map: {Extra} = MAP {{'name': 'value'}}"),
        _ => [property],
    });

    private static SqlSyntaxException Refused(Property property, string problem) => new(property.Source.Source, property.Source.Offset, $"{Extra} {problem}");

    /// <summary><c>[IF EXISTS] ('name', …)</c> or <c>name, …</c>.</summary>
    public static IReadOnlyList<string> ReadNames(TokenCursor cursor)
    {
        cursor.TryTake("IF", "EXISTS");
        if (cursor.TryTakeSymbol("("))
        {
            return cursor.ListUntil(")", () => ReadKey(cursor));
        }

        List<string> names = [ReadKey(cursor)];
        while (cursor.TryTakeSymbol(","))
        {
            names.Add(ReadKey(cursor));
        }

        return names;
    }

    /// <summary><c>(value, name => value, …)</c>, possibly empty.</summary>
    public static IReadOnlyList<Argument> ReadArguments(TokenCursor cursor)
    {
        cursor.ExpectSymbol("(");
        return cursor.TryTakeSymbol(")") ? [] : cursor.ListUntil(")", () => ReadArgument(cursor));
    }

    public static Argument ReadArgument(TokenCursor cursor)
    {
        string? name = null;
        if (cursor.Current.IsName && (cursor.Peek(1).IsSymbol("=>") || cursor.Peek(1).IsSymbol(":=")))
        {
            name = cursor.Take().Value;
            cursor.Take();
        }

        return new Argument(name, cursor.ExpectExpression("a value"));
    }

    private static Property Read(TokenCursor cursor)
    {
        var start = cursor.Index;
        var name = ReadKey(cursor);
        var spark = cursor.Current.Kind == TokenKind.Text;
        if (!spark)
        {
            cursor.ExpectSymbol("=");
        }

        var value = IsBareWord(cursor) ? new StringLiteral(cursor.Take().Value) : LiteralParser.Read(cursor);
        return new Property(name, value, cursor.SliceFrom(start));
    }

    // format = parquet, as people write it.
    private static bool IsBareWord(TokenCursor cursor) =>
        cursor.Current.Kind == TokenKind.Word && (cursor.Peek(1).Kind == TokenKind.End || cursor.Peek(1).IsSymbol(",") || cursor.Peek(1).IsSymbol(")"))
        && cursor.Current.Value.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL" or "DEFAULT");

    private static string ReadKey(TokenCursor cursor)
    {
        if (cursor.Current.Kind == TokenKind.Text)
        {
            return cursor.Take().Value;
        }

        if (!cursor.Current.IsName)
        {
            throw cursor.Expected("a property name");
        }

        List<string> parts = [cursor.Take().Value];
        while (cursor.Current.IsSymbol(".") || cursor.Current.IsSymbol("-"))
        {
            parts.Add(cursor.Take().Value);
            parts.Add(cursor.Current.IsName ? cursor.Take().Value : throw cursor.Expected("the rest of the property name"));
        }

        return string.Concat(parts);
    }
}
