using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Sql.Literals;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Execution;

/// <summary>Literals of statements as values of Iceberg types.</summary>
internal static class LiteralValues
{
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>The value of a column default, by the engine's own casts; null is null.</summary>
    /// <exception cref="TarnException">InvalidRequest when the literal is no value of the type.</exception>
    public static object? Of(DuckDbConnection connection, SqlLiteral? literal, IcebergType type)
    {
        if (literal is null or NullLiteral)
            return null;
        try
        {
            // The engine takes X'…' for a text, and a decimal of many digits for a DOUBLE.
            string sql = (literal, type) switch
            {
                (BinaryLiteral binary, _) => $"unhex('{binary.Hex}')",
                (NumberLiteral number, DecimalType) => EngineSql.String(number.Text),
                _ => $"{literal}",
            };
            object? value = connection.Scalar($"SELECT ({sql})::{EngineType.Of(type)}");
            return value is DuckDbTimestamp { IsInfinite: true } || (type.Id, value) is (TypeId.Date, int.MaxValue or -int.MaxValue) or (TypeId.Time, >= MicrosPerDay)
                ? throw TarnException.Invalid($"Default {literal} is no value of type {type}: {EngineValue.Limit(type)}.")
                : Convert(type, value);
        }
        catch (DuckDbException e)
        {
            throw TarnException.Invalid($"Default {literal} is no value of type {type}.", e);
        }
    }

    /// <summary>An integer argument.</summary>
    public static long Integer(SqlLiteral literal, string what) => literal is NumberLiteral n && n.TryGetInt64(out long value)
        ? value
        : throw TarnException.Invalid($"{what} is {literal}; give a whole number.");

    private static object? Convert(IcebergType type, object? value) => value switch
    {
        DuckDbTimestamp t => t.Value,
        object?[] or KeyValuePair<string, object?>[] or KeyValuePair<object, object?>[] => throw TarnException.Unsupported($"A default of type {type} is not supported; only single values are."),
        _ => value,
    };
}
