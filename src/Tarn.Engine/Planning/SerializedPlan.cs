using System.Text.Json;
using Tarn.DuckDb;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>The engine's optimized plan as data, where each column is its position in what is below: exact, where EXPLAIN prints names.</summary>
internal static class SerializedPlan
{
    /// <summary>The plan of the query, or null: not every query has a plan that can be written down.</summary>
    public static JsonElement? Of(DuckDbConnection connection, string sql)
    {
        try
        {
            using var document = EngineJson.Parse((string?)connection.Scalar($"SELECT json_serialize_plan({EngineSql.String(sql)}, optimize := true)") ?? "{}");
            return document.RootElement.TryGetProperty("plans", out var plans) ? plans.Clone() : null;
        }
        catch (DuckDbException)
        {
            return null;
        }
    }

    /// <summary>What is read from a plan; null when it is written otherwise than this version of the engine writes it, which costs pruning and no more.</summary>
    public static T? Read<T>(JsonElement? plan, Func<JsonElement, T?> reading)
        where T : class
    {
        try
        {
            return plan is { } known ? reading(known) : null;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
