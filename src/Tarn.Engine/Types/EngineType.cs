using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Types;

/// <summary>The engine's SQL type for each Iceberg type.</summary>
public static class EngineType
{
    /// <summary>
    /// SQL text of the type in which the engine holds values of an Iceberg type. <c>timestamptz_ns</c> is held as TIMESTAMP_NS in UTC,
    /// because the engine has no zoned type of that precision; <c>unknown</c> as INTEGER, always null.
    /// </summary>
    /// <exception cref="TarnException">Unsupported for variant, geometry and geography.</exception>
    public static string Of(IcebergType type) => type switch
    {
        DecimalType d => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({d.Precision},{d.Scale})"),
        FixedType => "BLOB",
        StructType s => $"STRUCT({string.Join(", ", s.Fields.Select(f => $"{EngineSql.Identifier(f.Name)} {Of(f.Type)}"))})",
        ListType l => $"{Of(l.Element.Type)}[]",
        MapType m => $"MAP({Of(m.Key.Type)}, {Of(m.Value.Type)})",
        _ => type.Id switch
        {
            TypeId.Boolean => "BOOLEAN",
            TypeId.Int or TypeId.Unknown => "INTEGER",
            TypeId.Long => "BIGINT",
            TypeId.Float => "FLOAT",
            TypeId.Double => "DOUBLE",
            TypeId.Date => "DATE",
            TypeId.Time => "TIME",
            TypeId.Timestamp => "TIMESTAMP",
            TypeId.TimestampTz => "TIMESTAMPTZ",
            TypeId.TimestampNs or TypeId.TimestampTzNs => "TIMESTAMP_NS",
            TypeId.String => "VARCHAR",
            TypeId.Uuid => "UUID",
            TypeId.Binary => "BLOB",
            _ => throw TarnException.Unsupported($"Type {type} cannot be read by this version of Tarn."),
        },
    };

    /// <summary>True when a value of the type, or of a type nested in it, satisfies the test.</summary>
    public static bool Contains(IcebergType type, Func<IcebergType, bool> test) => test(type) || type switch
    {
        StructType s => s.Fields.Any(f => Contains(f.Type, test)),
        ListType l => Contains(l.Element.Type, test),
        MapType m => Contains(m.Key.Type, test) || Contains(m.Value.Type, test),
        _ => false,
    };

    /// <summary>The columns whose type this version does not read, by path and type.</summary>
    public static NestedField? FirstUnreadable(Schema schema) =>
        schema.FieldsById.Values.OrderBy(f => f.Id).FirstOrDefault(f => f.Type.Id is TypeId.Variant or TypeId.Geometry or TypeId.Geography);
}
