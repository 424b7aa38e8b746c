using Tarn.DuckDb.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Types;

/// <summary>Values in the representation of <see cref="Iceberg.Spec.LiteralValue"/> as the engine takes and gives them.</summary>
internal static class EngineValue
{
    /// <summary>Why the engine's type has values that an Iceberg type of days or times does not have.</summary>
    public static string Limit(IcebergType type) => type.Id == TypeId.Time ? "the times of a day end before 24:00" : "Iceberg has no infinite dates and timestamps";

    /// <summary>The value for a column of <see cref="EngineType.ToDuckDb"/>.</summary>
    public static object? Of(IcebergType type, object? value) => (type, value) switch
    {
        (_, null) => null,
        (StructType s, object?[] fields) => s.Fields.Select((f, i) => KeyValuePair.Create(f.Name, Of(f.Type, fields[i]))).ToArray(),
        (ListType l, object?[] items) => items.Select(i => Of(l.Element.Type, i)).ToArray(),
        (MapType m, object?[] entries) => entries.Cast<object?[]>().Select(e => KeyValuePair.Create(Of(m.Key.Type, e[0])!, Of(m.Value.Type, e[1]))).ToArray(),
        ({ Id: TypeId.Timestamp }, long micros) => new DuckDbTimestamp(micros, DuckDbTimestampUnit.Microseconds, false),
        ({ Id: TypeId.TimestampTz }, long micros) => new DuckDbTimestamp(micros, DuckDbTimestampUnit.Microseconds, true),
        ({ Id: TypeId.TimestampNs or TypeId.TimestampTzNs }, long nanos) => new DuckDbTimestamp(nanos, DuckDbTimestampUnit.Nanoseconds, false),
        _ => value,
    };
}
