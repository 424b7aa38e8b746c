using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>Evaluates an expression without columns, given as the engine's parse tree.</summary>
internal static class ConstantExpression
{
    // What EngineJson makes of a number that is infinite or none. Within texts quotes are escaped.
    private const string NoNumber = "\"is_null\":false,\"value\":null";

    /// <summary>The value as <see cref="DuckDbVector.GetValue"/> gives it, cast to <paramref name="type"/> when one is given.</summary>
    /// <exception cref="TarnException">InvalidRequest: it names a number beyond all bounds.</exception>
    public static object? Evaluate(DuckDbConnection connection, JsonElement expression, string? type = null)
    {
        string written = expression.GetRawText();
        if (written.Contains(NoNumber, StringComparison.Ordinal))
            throw TarnException.Invalid("The version or time of a table is worked out from a number beyond the range of DOUBLE, such as 1e999: give a snapshot id, the name of a branch or tag in quotes, or a timestamp.");
        using var template = ParseTree.Serialize("SELECT NULL", connection);
        string placeholder = template.RootElement.GetProperty("statements")[0].GetProperty("node").GetProperty("select_list")[0].GetRawText();
        string tree = template.RootElement.GetRawText().Replace(placeholder, written, StringComparison.Ordinal);
        string sql = (string)connection.Scalar($"SELECT json_deserialize_sql({EngineSql.String(tree)})")!;
        return connection.Scalar(type is null ? sql : $"SELECT (({sql}))::{type}");
    }
}
