using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>Functions by the types that they are called with: those for which all dialects give the same, or an error.</summary>
/// <param name="view">The view.</param>
/// <param name="digits">Digits of decimals in the plan.</param>
internal sealed class ForeignViewFunctions(ForeignView view, DecimalDigits digits)
{
    private static readonly FrozenSet<string> s_dayUnits = new[] { "day", "week", "month", "quarter", "year" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private static readonly FrozenSet<string> s_timeUnits = new[] { "second", "minute", "hour" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at a call in the plan.</summary>
    /// <exception cref="TarnException">Unsupported.</exception>
    public void Check(JsonElement call)
    {
        JsonElement[] arguments = [.. call.GetProperty("children").EnumerateArray()];
        BoundType[] types = [.. arguments.Select(BoundType.Of)];
        string name = call.GetProperty("name").GetString()!;
        if (!(name is "+" or "-" or "*" ? IsSum(call, types) : IsSame(name, arguments, types)))
            throw Refused(call, types);
    }

    /// <summary>Looks at a call of an aggregate in the plan.</summary>
    /// <exception cref="TarnException">Unsupported.</exception>
    public void CheckAggregate(JsonElement call)
    {
        BoundType[] types = [.. call.GetProperty("children").EnumerateArray().Select(BoundType.Of)];
        bool isSame = (call.GetProperty("name").GetString(), types) switch
        {
            ("count_star", []) or ("count" or "min" or "max", [_]) => true,
            // The engine's, around a subquery that gives one value.
            ("first", [_]) => true,
            ("sum", [var type]) => type.IsAnyWhole || type.IsDecimal || type.Id == "DOUBLE",
            ("avg", [var type]) => type.IsWhole || type.Id == "DOUBLE",
            ("bool_and" or "bool_or", [var type]) => type.Id == "BOOLEAN",
            _ => false,
        };
        if (!isSame)
            throw Refused(call, types);
    }

    private bool IsSame(string name, JsonElement[] arguments, BoundType[] types) => (name, types) switch
    {
        ("%", [var left, var right]) => left.IsWhole && right.IsWhole && (view.IsSpark || IsOtherThanZero(arguments[1])),
        ("||", [var left, var right]) => IsText(left) && IsText(right),
        // A backslash in a pattern escapes in Spark only. In literals of Spark there is none.
        ("~~" or "!~~", [var left, var right]) => IsText(left) && IsText(right) && Literal(arguments[1]) is not null,
        ("lower" or "upper" or "length", [var type]) => IsText(type),
        ("replace", [var text, var search, var with]) => IsText(text) && IsText(search) && IsText(with) && Literal(arguments[1]) is { Length: > 0 },
        ("abs", [var type]) => type.IsWhole || type.IsDecimal || type.Id == "DOUBLE",
        // Of a DOUBLE Spark gives a BIGINT, and rounds by its decimal digits.
        ("floor" or "ceil" or "ceiling", [{ IsDecimal: true }]) or ("round", [{ IsDecimal: true }]) => true,
        ("round", [{ IsDecimal: true }, _]) => Digits(arguments[1]) is >= 0,
        ("year" or "month" or "day", [{ Id: "DATE" or "TIMESTAMP" }]) => true,
        // Spark's gives an instant of the session's zone.
        ("date_trunc", [_, { Id: "DATE" or "TIMESTAMP" } type]) => !view.IsSpark && Literal(arguments[0]) is { } unit && (s_dayUnits.Contains(unit) || (type.Id == "TIMESTAMP" && s_timeUnits.Contains(unit))),
        ("struct_extract", [_, _]) => Literal(arguments[1]) is not null,
        ("error", _) => true,
        _ => false,
    };

    private bool IsSum(JsonElement call, BoundType[] types) => types switch
    {
        [var type] => IsNumber(type),
        [{ IsDecimal: true }, { IsDecimal: true }] => digits.Fits(call),
        [var left, var right] => IsNumber(left) && left == right,
        _ => false,
    };

    private static bool IsNumber(BoundType type) => type.IsAnyWhole || type.IsDecimal || type.Id == "DOUBLE";

    private static bool IsText(BoundType type) => type.Id == "VARCHAR";

    private static string? Literal(JsonElement expression) => Constant(expression) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static long? Digits(JsonElement expression) => Constant(expression) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long digits) ? digits : null;

    private static bool IsOtherThanZero(JsonElement expression) => Digits(expression) is not (null or 0);

    // Casts that no one wrote stand around many.
    private static JsonElement? Constant(JsonElement expression)
    {
        while (expression.GetProperty("expression_class").GetString() == "BOUND_CAST")
            expression = expression.GetProperty("child");
        return expression.GetProperty("expression_class").GetString() == "BOUND_CONSTANT" && expression.GetProperty("value").TryGetProperty("value", out var value) ? value : null;
    }

    private TarnException Refused(JsonElement call, BoundType[] types) => view.Refused($"{BoundWords.Of(call)} over {string.Join(", ", types)}");
}
