using System.Text.Json;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>Predicates in the expression JSON of the REST specification, as SQL.</summary>
internal static class PredicateSql
{
    /// <summary>The condition, or null when it names a transform or a column that is no single value.</summary>
    public static string? Of(JsonElement predicate, Schema schema)
    {
        if (predicate.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return predicate.GetRawText();
        string type = predicate.GetProperty("type").GetString()!;
        if (type is "and" or "or")
            return Of(predicate.GetProperty("left"), schema) is { } left && Of(predicate.GetProperty("right"), schema) is { } right ? $"(({left}) {type} ({right}))" : null;
        if (type == "not")
            return Of(predicate.GetProperty("child"), schema) is { } child ? $"(not ({child}))" : null;
        var term = predicate.GetProperty("term");
        if (term.ValueKind != JsonValueKind.String || schema.ResolveField(term.GetString()!) is not { Type.IsPrimitive: true } field)
            return null;
        return Test(type, string.Join('.', term.GetString()!.Split('.').Select(EngineSql.Identifier)), predicate, field.Type);
    }

    private static string? Test(string type, string column, JsonElement predicate, IcebergType of)
    {
        string Value() => Literal(predicate.GetProperty("value"), of);
        string Values() => string.Join(", ", predicate.GetProperty("values").EnumerateArray().Select(v => Literal(v, of)));
        return type switch
        {
            "is-null" => $"{column} IS NULL",
            "not-null" => $"{column} IS NOT NULL",
            "is-nan" => $"isnan({column})",
            "not-nan" => $"NOT isnan({column})",
            "eq" => $"{column} = {Value()}",
            "not-eq" => $"{column} <> {Value()}",
            "lt" => $"{column} < {Value()}",
            "lt-eq" => $"{column} <= {Value()}",
            "gt" => $"{column} > {Value()}",
            "gt-eq" => $"{column} >= {Value()}",
            "in" => $"{column} IN ({Values()})",
            "not-in" => $"{column} NOT IN ({Values()})",
            "starts-with" => $"starts_with({column}, {Value()})",
            "not-starts-with" => $"NOT starts_with({column}, {Value()})",
            _ => null,
        };
    }

    private static string Literal(JsonElement value, IcebergType type) => (type.Id, value.ValueKind) switch
    {
        (TypeId.Binary or TypeId.Fixed, _) => $"unhex({EngineSql.String(value.GetString()!)})",
        (_, JsonValueKind.String) => $"{EngineSql.String(value.GetString()!)}::{EngineType.Of(type)}",
        _ => $"({value.GetRawText()})::{EngineType.Of(type)}",
    };
}
