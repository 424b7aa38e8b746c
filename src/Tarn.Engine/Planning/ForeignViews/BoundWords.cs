using System.Text.Json;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>Expressions of the engine's plan in words, for messages.</summary>
internal static class BoundWords
{
    /// <summary>The expression, without the casts that no one wrote.</summary>
    public static string Of(JsonElement expression)
    {
        EngineJson.RequireStack();
        string name = EngineJson.Text(expression, "name");
        return EngineJson.Text(expression, "expression_class") switch
        {
            "BOUND_CONSTANT" => OfConstant(expression.GetProperty("value")),
            "BOUND_CAST" => Of(expression.GetProperty("child")),
            "BOUND_COMPARISON" => $"{Of(expression.GetProperty("left"))} {Symbol(EngineJson.Text(expression, "type"))} {Of(expression.GetProperty("right"))}",
            "BOUND_FUNCTION" when !char.IsAsciiLetter(name[0]) && Children(expression) is [var left, var right] => $"{Of(left)} {Symbol(name)} {Of(right)}",
            "BOUND_FUNCTION" or "BOUND_AGGREGATE" => $"{name}({List(Children(expression))})",
            "BOUND_OPERATOR" when EngineJson.Text(expression, "type") is "COMPARE_IN" or "COMPARE_NOT_IN" => $"{Of(Children(expression)[0])} {Symbol(EngineJson.Text(expression, "type"))} ({List(Children(expression)[1..])})",
            "BOUND_OPERATOR" => $"{EngineJson.Text(expression, "type").Replace("OPERATOR_", "", StringComparison.Ordinal)}({List(Children(expression))})",
            "BOUND_CASE" => "CASE",
            _ => EngineJson.Text(expression, "alias") is { Length: > 0 } alias ? alias : EngineJson.Text(expression, "type"),
        };
    }

    private static string OfConstant(JsonElement value) => value.GetProperty("is_null").GetBoolean() ? "NULL" : value.GetProperty("value") switch
    {
        { ValueKind: JsonValueKind.String } text => $"'{text.GetString()}'",
        { ValueKind: JsonValueKind.Number } number when value.GetProperty("type").GetProperty("type_info") is { ValueKind: JsonValueKind.Object } details && details.TryGetProperty("scale", out var scale) =>
            OfDecimal(number.GetRawText(), scale.GetInt32()),
        var other => other.GetRawText(),
    };

    private static string OfDecimal(string digits, int scale)
    {
        string sign = digits.StartsWith('-') ? "-" : "", padded = digits.TrimStart('-').PadLeft(scale + 1, '0');
        return scale == 0 ? digits : $"{sign}{padded[..^scale]}.{padded[^scale..]}";
    }

    private static string Symbol(string type) => type switch
    {
        "COMPARE_EQUAL" => "=",
        "COMPARE_NOTEQUAL" => "<>",
        "COMPARE_LESSTHAN" => "<",
        "COMPARE_GREATERTHAN" => ">",
        "COMPARE_LESSTHANOREQUALTO" => "<=",
        "COMPARE_GREATERTHANOREQUALTO" => ">=",
        "COMPARE_IN" => "IN",
        "COMPARE_NOT_IN" => "NOT IN",
        "~~" => "LIKE",
        "!~~" => "NOT LIKE",
        _ => type.Replace("COMPARE_", "IS ", StringComparison.Ordinal).Replace('_', ' '),
    };

    private static string List(IEnumerable<JsonElement> expressions) => string.Join(", ", expressions.Select(Of));

    private static JsonElement[] Children(JsonElement expression) => [.. expression.GetProperty("children").EnumerateArray()];
}
