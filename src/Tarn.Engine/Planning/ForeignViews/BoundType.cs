using System.Globalization;
using System.Text.Json;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>The type of an expression in the engine's plan.</summary>
/// <param name="Id">The engine's name, for instance <c>BIGINT</c>; for types with parts or an alias all that the plan says of it.</param>
/// <param name="Width">Digits of a DECIMAL; else 0.</param>
/// <param name="Scale">Digits behind the point of a DECIMAL; else 0.</param>
internal readonly record struct BoundType(string Id, int Width, int Scale)
{
    private static readonly BoundType s_boolean = new("BOOLEAN", 0, 0);

    /// <summary>A whole number that Iceberg, Spark and Trino have.</summary>
    public bool IsWhole => Id is "INTEGER" or "BIGINT";

    /// <summary>A whole number, or a sum of some, which is wider here.</summary>
    public bool IsAnyWhole => IsWhole || Id == "HUGEINT";

    /// <summary>A decimal.</summary>
    public bool IsDecimal => Width > 0;

    /// <summary>The type of an expression.</summary>
    public static BoundType Of(JsonElement expression) => EngineJson.Text(expression, "expression_class") switch
    {
        "BOUND_CONSTANT" => Read(expression.GetProperty("value").GetProperty("type")),
        "BOUND_COMPARISON" or "BOUND_CONJUNCTION" or "BOUND_BETWEEN" => s_boolean,
        _ => Read(expression.GetProperty("return_type")),
    };

    /// <inheritdoc/>
    public override string ToString() => IsDecimal ? string.Create(CultureInfo.InvariantCulture, $"DECIMAL({Width},{Scale})") : Id;

    private static BoundType Read(JsonElement type)
    {
        string id = EngineJson.Text(type, "id");
        var details = type.GetProperty("type_info");
        if (details.ValueKind == JsonValueKind.Null)
            return new BoundType(id, 0, 0);
        return id == "DECIMAL" && EngineJson.Text(details, "alias").Length == 0
            ? new BoundType(id, details.GetProperty("width").GetInt32(), details.GetProperty("scale").GetInt32())
            : new BoundType(type.GetRawText(), 0, 0);
    }
}
