using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.DuckDb;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>Evaluates an expression without columns, given as the engine's parse tree.</summary>
internal static class ConstantExpression
{
    /// <summary>The value as <see cref="DuckDbVector.GetValue"/> gives it, cast to <paramref name="type"/> when one is given.</summary>
    public static object? Evaluate(DuckDbConnection connection, JsonElement expression, string? type = null)
    {
        using var template = ParseTree.Serialize("SELECT NULL", connection);
        var tree = JsonNode.Parse(template.RootElement.GetRawText())!;
        tree["statements"]![0]!["node"]!["select_list"]![0] = JsonNode.Parse(expression.GetRawText());
        string sql = (string)connection.Scalar($"SELECT json_deserialize_sql({EngineSql.String(tree.ToJsonString())})")!;
        return connection.Scalar(type is null ? sql : $"SELECT (({sql}))::{type}");
    }
}
