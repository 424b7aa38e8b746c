using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Sql.Parsing;

/// <summary>Reads partition transforms and sort fields, in the forms of Trino and Spark.</summary>
internal static class PartitionParser
{
    private const string Known = "identity, year, month, day, hour, bucket(n, column), truncate(n, column) or void";

    public static PartitionTransformText Parse(SqlText text)
    {
        var cursor = TokenCursor.Over(text);
        var field = Read(cursor);
        cursor.ExpectEnd();
        return field;
    }

    public static SortFieldText ParseSort(SqlText text)
    {
        var cursor = TokenCursor.Over(text);
        var field = ReadSort(cursor);
        cursor.ExpectEnd();
        return field;
    }

    /// <summary>A transform, with the name behind AS when there is one.</summary>
    public static PartitionTransformText Read(TokenCursor cursor)
    {
        var start = cursor.Index;
        var field = ReadTerm(cursor);
        var name = cursor.TryTake("AS") ? cursor.ExpectIdentifier("a name for the partition field") : null;
        return field with { Name = name, Source = cursor.SliceFrom(start) };
    }

    public static SortFieldText ReadSort(TokenCursor cursor)
    {
        var term = ReadTerm(cursor);
        var descending = cursor.TryTakeAny("ASC", "DESC") == "DESC";
        bool? first = cursor.TryTake("NULLS") ? cursor.TryTakeAny("FIRST", "LAST") switch
        {
            "FIRST" => true,
            "LAST" => false,
            _ => throw cursor.Failure(),
        } : null;
        return new SortFieldText(term, descending, first ?? !descending);
    }

    /// <summary>Reads each string of <c>ARRAY['month(order_date)', …]</c> with <paramref name="parse"/>; errors point into the statement.</summary>
    public static IReadOnlyList<T> ReadStrings<T>(Property property, Func<TokenCursor, T> parse)
    {
        IReadOnlyList<SqlLiteral> items = property.Value switch
        {
            ArrayLiteral array => array.Items,
            StringLiteral one => [one],
            NullLiteral => [],
            _ => [property.Value],
        };
        var tokens = TokenCursor.Over(property.Source).Tokens;
        var places = tokens.Skip(1).Where(token => token.Kind == TokenKind.Text).ToArray(); // the first token is the property's name
        return [.. items.Select((item, i) => ReadString(property, item, i < places.Length ? places[i] : tokens[^2], parse))];
    }

    private static T ReadString<T>(Property property, SqlLiteral item, Token place, Func<TokenCursor, T> parse)
    {
        if (item is not StringLiteral text)
        {
            throw new SqlSyntaxException(property.Source.Source, property.Source.Offset, $"{property.Name} takes strings, found {item}");
        }

        try
        {
            var cursor = TokenCursor.Over(SqlText.Of(text.Value));
            var result = parse(cursor);
            cursor.ExpectEnd();
            return result;
        }
        catch (SqlSyntaxException error)
        {
            var quote = place.Kind == TokenKind.Text ? 1 : 0;
            throw new SqlSyntaxException(property.Source.Source, place.Offset + quote + error.Column - 1, $"in {property.Name} {place}: {error.Problem}");
        }
    }

    private static PartitionTransformText ReadTerm(TokenCursor cursor)
    {
        var start = cursor.Index;
        if (cursor.Current.IsName && cursor.Peek(1).IsSymbol("("))
        {
            return ReadCall(cursor);
        }

        var column = cursor.ExpectName("a column name or a transform");
        return new PartitionTransformText("identity", null, column, null, cursor.SliceFrom(start));
    }

    private static PartitionTransformText ReadCall(TokenCursor cursor)
    {
        var start = cursor.Index;
        var function = cursor.Take();
        var transform = function.Value.ToLowerInvariant() switch
        {
            "identity" => "identity",
            "bucket" => "bucket",
            "truncate" or "trunc" => "truncate",
            "year" or "years" => "year",
            "month" or "months" => "month",
            "day" or "days" or "date" => "day",
            "hour" or "hours" or "date_hour" => "hour",
            "void" => "void",
            _ => throw cursor.At(function, $"unknown partition transform '{function}'; expected {Known}"),
        };
        cursor.ExpectSymbol("(");
        var (argument, column) = ReadArguments(cursor, transform is "bucket" or "truncate");
        cursor.ExpectSymbol(")");
        return new PartitionTransformText(transform, argument, column, null, cursor.SliceFrom(start));
    }

    // Spark writes bucket(16, id), Trino bucket(id, 16).
    private static (int? Argument, QualifiedName Column) ReadArguments(TokenCursor cursor, bool hasNumber)
    {
        if (!hasNumber)
        {
            return (null, cursor.ExpectName("a column name"));
        }

        if (cursor.Current.Kind == TokenKind.Number)
        {
            var number = ReadNumber(cursor);
            cursor.ExpectSymbol(",");
            return (number, cursor.ExpectName("a column name"));
        }

        var column = cursor.ExpectName("a column name");
        cursor.ExpectSymbol(",");
        return (ReadNumber(cursor), column);
    }

    private static int ReadNumber(TokenCursor cursor)
    {
        var token = cursor.Current;
        var number = cursor.ExpectInteger("a positive number");
        return number is >= 1 and <= int.MaxValue ? (int)number : throw cursor.At(token, $"expected a number between 1 and {int.MaxValue}, found {number}");
    }
}
