using System.Text.Json;
using System.Text.RegularExpressions;
using Tarn.Core.Errors;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>Casts, written and not, that give the same value in every dialect or end the query: those to wider numbers, of whole numbers, of times to dates, of literals.</summary>
/// <param name="view">The view.</param>
/// <param name="untypedLiterals">Texts in it without a type before them.</param>
internal sealed partial class ForeignViewCasts(ForeignView view, IReadOnlySet<string> untypedLiterals)
{
    /// <summary>Looks at a cast of the plan.</summary>
    /// <param name="cast">The cast.</param>
    /// <param name="around">The expression around it, for messages, or nothing.</param>
    /// <exception cref="TarnException">Unsupported.</exception>
    public void Check(JsonElement cast, JsonElement around)
    {
        var child = cast.GetProperty("child");
        var (from, to) = (BoundType.Of(child), BoundType.Of(cast));
        if (cast.GetProperty("try_cast").GetBoolean() || !(from == to || from.Id == "NULL" || IsExact(from, to) || IsLiteral(child, to)))
            throw view.Refused($"{BoundWords.Of(child)} of type {from} taken as {to}{(around.ValueKind == JsonValueKind.Object ? $" in {BoundWords.Of(around)}" : "")}");
    }

    // What does not fit is an error here.
    private bool IsExact(BoundType from, BoundType to) => (from.Id, to.Id) switch
    {
        (_, "INTEGER" or "BIGINT" or "HUGEINT") => from.IsAnyWhole,
        (_, "DECIMAL") => from.IsWhole || (from.IsDecimal && to.Scale >= from.Scale),
        (_, "DOUBLE") => from.IsWhole || from.Id == "FLOAT",
        ("TIMESTAMP", "DATE") => true,
        // To Spark a UUID of Iceberg is text.
        ("UUID", "VARCHAR") => view.IsSpark,
        _ => false,
    };

    private bool IsLiteral(JsonElement child, BoundType to)
    {
        if (child.GetProperty("expression_class").GetString() != "BOUND_CONSTANT" || BoundType.Of(child).Id != "VARCHAR" || child.GetProperty("value").GetProperty("value").GetString() is not { } text)
            return false;
        return to.Id switch
        {
            // TRUE and FALSE, as the engine's parser gives them.
            "BOOLEAN" => text is "t" or "f" && !untypedLiterals.Contains(text),
            "DATE" => Day().IsMatch(text),
            "TIMESTAMP" => Time().IsMatch(text) && !untypedLiterals.Contains(text),
            _ => false,
        };
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z")]
    private static partial Regex Day();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?\z")]
    private static partial Regex Time();
}
