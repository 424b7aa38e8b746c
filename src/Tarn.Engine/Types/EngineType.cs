using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Types;

/// <summary>The engine's SQL type for each Iceberg type.</summary>
public static class EngineType
{
    /// <summary>Alias of TIMESTAMP_NS where a column is known to be <c>timestamptz_ns</c>.</summary>
    internal const string ZonedNanos = "TIMESTAMP_NS WITH TIME ZONE";

    /// <summary>
    /// SQL text of the type in which the engine holds values of an Iceberg type. <c>timestamptz_ns</c> is held as TIMESTAMP_NS in UTC,
    /// because the engine has no zoned type of that precision; <c>unknown</c> as INTEGER, always null; <c>variant</c> as JSON.
    /// </summary>
    /// <exception cref="TarnException">Unsupported for geometry and geography.</exception>
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
            TypeId.Variant => "JSON",
            _ => throw TarnException.Unsupported($"Type {type} cannot be read by this version of Tarn."),
        },
    };

    /// <summary>The same as the engine's type.</summary>
    public static DuckDbType ToDuckDb(IcebergType type) => type switch
    {
        DecimalType d => DuckDbType.Decimal(d.Precision, d.Scale),
        StructType s => DuckDbType.Struct([.. s.Fields.Select(f => new DuckDbField(f.Name, ToDuckDb(f.Type)))]),
        ListType l => DuckDbType.List(ToDuckDb(l.Element.Type)),
        MapType m => DuckDbType.Map(ToDuckDb(m.Key.Type), ToDuckDb(m.Value.Type)),
        _ => DuckDbType.Of(type.Id switch
        {
            TypeId.Boolean => DuckDbTypeId.Boolean,
            TypeId.Int or TypeId.Unknown => DuckDbTypeId.Integer,
            TypeId.Long => DuckDbTypeId.BigInt,
            TypeId.Float => DuckDbTypeId.Float,
            TypeId.Double => DuckDbTypeId.Double,
            TypeId.Date => DuckDbTypeId.Date,
            TypeId.Time => DuckDbTypeId.Time,
            TypeId.Timestamp => DuckDbTypeId.Timestamp,
            TypeId.TimestampTz => DuckDbTypeId.TimestampTz,
            TypeId.TimestampNs or TypeId.TimestampTzNs => DuckDbTypeId.TimestampNs,
            TypeId.String or TypeId.Variant => DuckDbTypeId.Varchar,
            TypeId.Uuid => DuckDbTypeId.Uuid,
            TypeId.Fixed or TypeId.Binary => DuckDbTypeId.Blob,
            _ => throw TarnException.Unsupported($"Type {type} cannot be read by this version of Tarn."),
        }),
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
        schema.FieldsById.Values.OrderBy(f => f.Id).FirstOrDefault(f => f.Type.Id is TypeId.Geometry or TypeId.Geography);
}
