using System.Text.Json;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>
/// How many digits a decimal of Spark or Trino has where the engine stops at 18 and looks for overflow: at more than 38 the dialects give up digits, each in
/// its own way.
/// </summary>
/// <param name="stopped">Whether the engine stops at 18 digits anywhere in the plan: columns of 18 digits may be such results then.</param>
internal sealed class DecimalDigits(bool stopped)
{
    private const int EngineDigits = 18, Max = 38;

    // Spark's decimals for whole numbers.
    private const int IntegerDigits = 10, BigintDigits = 20;

    /// <summary>Whether a plan has a sum or product at which the engine stops.</summary>
    public static bool StopsIn(JsonElement node)
    {
        EngineJson.RequireStack();
        return node.ValueKind switch
        {
            JsonValueKind.Array => node.EnumerateArray().Any(StopsIn),
            JsonValueKind.Object => (IsSum(node) && new DecimalDigits(false).Of(node) > EngineDigits) || node.EnumerateObject().Any(p => StopsIn(p.Value)),
            _ => false,
        };
    }

    /// <summary>Whether a sum or product has no more digits than all dialects keep.</summary>
    public bool Fits(JsonElement call) => Of(call) < Max;

    private int Of(JsonElement expression)
    {
        EngineJson.RequireStack();
        var type = BoundType.Of(expression);
        if (IsSum(expression))
            return OfSum(expression);
        if (EngineJson.Text(expression, "expression_class") == "BOUND_CAST" && expression.GetProperty("child") is var child && BoundType.Of(child) is var from && (from.IsDecimal || from.IsWhole))
            return from.IsWhole ? type.Scale + (from.Id == "INTEGER" ? IntegerDigits : BigintDigits) : Math.Max(type.Width, Of(child) + type.Scale - from.Scale);
        return EngineJson.Text(expression, "expression_class") is not ("BOUND_CAST" or "BOUND_CONSTANT") && stopped && type.Width == EngineDigits ? Max - 1 : type.Width;
    }

    private int OfSum(JsonElement call)
    {
        var (left, right) = (call.GetProperty("children")[0], call.GetProperty("children")[1]);
        int leftScale = BoundType.Of(left).Scale, rightScale = BoundType.Of(right).Scale;
        return 1 + (EngineJson.Text(call, "name") == "*" ? Of(left) + Of(right) : Math.Max(leftScale, rightScale) + Math.Max(Of(left) - leftScale, Of(right) - rightScale));
    }

    private static bool IsSum(JsonElement expression) => EngineJson.Text(expression, "expression_class") == "BOUND_FUNCTION" && EngineJson.Text(expression, "name") is ("+" or "-" or "*")
        && expression.GetProperty("children") is var operands && operands.GetArrayLength() == 2 && operands.EnumerateArray().All(o => BoundType.Of(o).IsDecimal);
}
