using Tarn.Core.Errors;
using Tarn.DuckDb.Types;
using Tarn.Engine.Sql.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Types;

/// <summary>
/// Iceberg types from types written in SQL and from types of results. Nested fields get ids from the counter that is passed in; a new
/// table gets its final ids when it is created.
/// </summary>
internal static class IcebergTypes
{
    /// <summary>The Iceberg type of a type written in SQL.</summary>
    public static IcebergType Of(SqlType type, Func<int> nextId) => type switch
    {
        PrimitiveSqlType p => Primitive(p.Primitive),
        VarcharSqlType => SimpleType.String,
        DecimalSqlType d => new DecimalType(d.Precision, d.Scale),
        FixedSqlType f => new FixedType(f.Length),
        TimestampSqlType t => Timestamp(t.WithTimeZone, t.Nanoseconds),
        GeometrySqlType g => new GeometryType(g.Crs),
        GeographySqlType g => new GeographyType(g.Crs, g.Algorithm),
        StructSqlType s => Struct([.. s.Fields.Select(f => (f.Name, f.NotNull, f.Comment))], nextId, (i, next) => Of(s.Fields[i].Type, next)),
        ArraySqlType a => ListType.Of(nextId(), Of(a.Element, nextId)),
        MapSqlType m => MapType.Of(nextId(), Of(m.Key, nextId), nextId(), Of(m.Value, nextId)),
        _ => throw TarnException.Unsupported($"Type {type} has no Iceberg type."),
    };

    /// <summary>The Iceberg type that holds every value of a result column.</summary>
    /// <exception cref="TarnException">InvalidRequest, with the cast to write, when there is none.</exception>
    public static IcebergType Of(DuckDbType type, string column, Func<int> nextId) => type.Id switch
    {
        DuckDbTypeId.Struct when type.Children.Any(f => f.Name.Length == 0) => throw TarnException.Invalid(
            $"Column '{column}' is a row without names, which an Iceberg struct needs. Name its fields: {{'a': …, 'b': …}}."),
        DuckDbTypeId.Struct => Struct([.. type.Children.Select(f => (f.Name, false, (string?)null))], nextId, (i, next) => Of(type.Children[i].Type, $"{column}.{type.Children[i].Name}", next)),
        DuckDbTypeId.List or DuckDbTypeId.Array => ListType.Of(nextId(), Of(type.Element, $"{column}.element", nextId)),
        DuckDbTypeId.Map => MapType.Of(nextId(), Of(type.Children[0].Type, $"{column}.key", nextId), nextId(), Of(type.Children[1].Type, $"{column}.value", nextId)),
        DuckDbTypeId.Decimal => new DecimalType(type.Width, type.Scale),
        // Sums of integers are 128 bits wide: beyond 38 digits the write fails and names the value.
        DuckDbTypeId.HugeInt or DuckDbTypeId.UHugeInt => new DecimalType(38, 0),
        DuckDbTypeId.UBigInt => new DecimalType(20, 0),
        _ => OfScalar(type) ?? throw TarnException.Invalid(
            $"Column '{column}' is of type {type}, which no Iceberg type holds. Cast it, e.g. CAST({EngineSql.Identifier(column)} AS VARCHAR)."),
    };

    private static SimpleType? OfScalar(DuckDbType type) => type.Id switch
    {
        DuckDbTypeId.Boolean => SimpleType.Boolean,
        DuckDbTypeId.TinyInt or DuckDbTypeId.SmallInt or DuckDbTypeId.Integer or DuckDbTypeId.UTinyInt or DuckDbTypeId.USmallInt => SimpleType.Int,
        DuckDbTypeId.BigInt or DuckDbTypeId.UInteger => SimpleType.Long,
        DuckDbTypeId.Float => SimpleType.Float,
        DuckDbTypeId.Double => SimpleType.Double,
        DuckDbTypeId.Varchar or DuckDbTypeId.Enum => SimpleType.String,
        DuckDbTypeId.Blob => SimpleType.Binary,
        DuckDbTypeId.Date => SimpleType.Date,
        DuckDbTypeId.Time => SimpleType.Time,
        DuckDbTypeId.Timestamp or DuckDbTypeId.TimestampS or DuckDbTypeId.TimestampMs => SimpleType.Timestamp,
        DuckDbTypeId.TimestampTz => SimpleType.TimestampTz,
        DuckDbTypeId.TimestampNs => Timestamp(type.Alias == EngineType.ZonedNanos, nanoseconds: true),
        DuckDbTypeId.Uuid => SimpleType.Uuid,
        // The type of a bare NULL: no value contradicts int.
        DuckDbTypeId.SqlNull => SimpleType.Int,
        _ => null,
    };

    private static StructType Struct(IReadOnlyList<(string Name, bool NotNull, string? Comment)> fields, Func<int> nextId, Func<int, Func<int>, IcebergType> typeOf)
    {
        // Ids of the fields of one level come before those of the levels below, as Iceberg's reference implementation assigns them.
        int[] ids = [.. fields.Select(_ => nextId())];
        return new StructType([.. fields.Select((f, i) => new NestedField(ids[i], f.Name, f.NotNull, typeOf(i, nextId), f.Comment))]);
    }

    private static SimpleType Timestamp(bool withTimeZone, bool nanoseconds) => (withTimeZone, nanoseconds) switch
    {
        (false, false) => SimpleType.Timestamp,
        (true, false) => SimpleType.TimestampTz,
        (false, true) => SimpleType.TimestampNs,
        (true, true) => SimpleType.TimestampTzNs,
    };

    private static SimpleType Primitive(SqlPrimitive type) => type switch
    {
        SqlPrimitive.Boolean => SimpleType.Boolean,
        SqlPrimitive.Integer => SimpleType.Int,
        SqlPrimitive.Bigint => SimpleType.Long,
        SqlPrimitive.Real => SimpleType.Float,
        SqlPrimitive.Double => SimpleType.Double,
        SqlPrimitive.Date => SimpleType.Date,
        SqlPrimitive.Time => SimpleType.Time,
        SqlPrimitive.Varbinary => SimpleType.Binary,
        SqlPrimitive.Uuid => SimpleType.Uuid,
        SqlPrimitive.Variant => SimpleType.Variant,
        SqlPrimitive.Unknown => SimpleType.Unknown,
        _ => throw TarnException.Unsupported($"Type {type} has no Iceberg type."),
    };
}
