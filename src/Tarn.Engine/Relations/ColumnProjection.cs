using Tarn.Core.Errors;
using Tarn.Engine.Parquet;
using Tarn.Engine.Types;
using Tarn.Engine.Variants;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Relations;

/// <summary>
/// SQL expressions that turn a column of a data file into the column of the table schema: resolved by field id, promoted, re-ordered,
/// missing fields filled ("Column Projection", "Schema Evolution"). An expression that changes nothing is the column itself, so that the
/// engine can push filters and skip columns.
/// </summary>
internal static class ColumnProjection
{
    /// <summary>Expression of <paramref name="field"/> given the file's column, or the value of rows without it.</summary>
    public static string Project(NestedField field, FileColumn? source, string sourceSql) =>
        source is null ? EngineSql.Literal(field.InitialDefault, field.Type) : Convert(field.Type, source, sourceSql);

    private static string Convert(IcebergType type, FileColumn source, string sql) => (type, source.Kind) switch
    {
        (StructType s, TypeId.Struct) => Struct(s, source, sql),
        (ListType l, TypeId.List) => List(l, source, sql),
        (MapType m, TypeId.Map) => Map(m, source, sql),
        ({ Id: TypeId.Variant }, TypeId.Struct) => $"{VariantText.Call(source, sql)}::{EngineType.Of(type)}",
        ({ IsNested: false }, null) => Leaf(type, source.Leaf!, sql),
        _ => throw TarnException.Corrupted($"Column '{source.Name}' of the data file is a {source.Kind?.ToString() ?? "single value"}, the table says {type}."),
    };

    private static string Struct(StructType type, FileColumn source, string sql)
    {
        bool same = type.Fields.Count == source.Children.Count;
        var parts = new List<string>();
        foreach (var (position, field) in type.Fields.Index())
        {
            var child = source.Children.FirstOrDefault(c => c.FieldId == field.Id);
            string access = child is null ? "" : $"{sql}.{EngineSql.Identifier(child.Name)}";
            string projected = Project(field, child, access);
            same = same && child is not null && child.Name == field.Name && projected == access && ReferenceEquals(source.Children[position], child);
            parts.Add($"{EngineSql.Identifier(field.Name)} := {projected}");
        }

        return same ? sql : $"CASE WHEN {sql} IS NULL THEN NULL ELSE struct_pack({string.Join(", ", parts)}) END";
    }

    private static string List(ListType type, FileColumn source, string sql)
    {
        string item = Variable(type.Element);
        string projected = Convert(type.Element.Type, source.Children[0], item);
        return projected == item ? sql : $"list_transform({sql}, lambda {item}: {projected})";
    }

    private static string Map(MapType type, FileColumn source, string sql)
    {
        string entry = Variable(type.Key);
        string key = Convert(type.Key.Type, source.Children[0], $"{entry}.key"), value = Convert(type.Value.Type, source.Children[1], $"{entry}.value");
        if (key == $"{entry}.key" && value == $"{entry}.value")
            return sql;
        return $"CASE WHEN {sql} IS NULL THEN NULL ELSE map_from_entries(list_transform(map_entries({sql}), lambda {entry}: struct_pack(key := {key}, value := {value}))) END";
    }

    // Field ids are unique, so nested lambdas never shadow each other.
    private static string Variable(NestedField field) => $"__tarn_e{field.Id}";

    private static string Leaf(IcebergType type, ParquetColumn leaf, string sql)
    {
        string target = EngineType.Of(type);
        string actual = EngineTypeOf(leaf);
        if (actual == target)
            return sql;
        return (actual, type.Id) switch
        {
            (_, TypeId.Unknown) => $"NULL::{target}",
            ("TIMESTAMPTZ", TypeId.Timestamp) or ("TIMESTAMP", TypeId.TimestampTz) => $"timezone('UTC', {sql})",
            ("BLOB", TypeId.String) => $"decode({sql})",
            ("VARCHAR", TypeId.Binary or TypeId.Fixed) => $"encode({sql})",
            ("BLOB", TypeId.Uuid) => $"hex({sql})::UUID",
            ("UUID", TypeId.Binary or TypeId.Fixed) => $"unhex(replace({sql}::VARCHAR, '-', ''))",
            _ => $"{sql}::{target}",
        };
    }

    /// <summary>The type in which the engine reads a Parquet leaf.</summary>
    internal static string EngineTypeOf(ParquetColumn leaf) => leaf.Annotation switch
    {
        ParquetAnnotation.String or ParquetAnnotation.Enum => "VARCHAR",
        ParquetAnnotation.Json => "JSON",
        ParquetAnnotation.Decimal => $"DECIMAL({leaf.Precision},{leaf.Scale})",
        ParquetAnnotation.Date => "DATE",
        ParquetAnnotation.Uuid => "UUID",
        ParquetAnnotation.Float16 => "FLOAT",
        ParquetAnnotation.TimeMillis or ParquetAnnotation.TimeMicros => leaf.IsAdjustedToUtc ? "TIMETZ" : "TIME",
        ParquetAnnotation.TimeNanos => "TIME_NS",
        ParquetAnnotation.TimestampMillis or ParquetAnnotation.TimestampMicros => leaf.IsAdjustedToUtc ? "TIMESTAMPTZ" : "TIMESTAMP",
        ParquetAnnotation.TimestampNanos => leaf.IsAdjustedToUtc ? "TIMESTAMPTZ" : "TIMESTAMP_NS",
        ParquetAnnotation.Integer => IntegerType(leaf),
        _ => leaf.PhysicalType switch
        {
            ParquetPhysicalType.Boolean => "BOOLEAN",
            ParquetPhysicalType.Int32 => "INTEGER",
            ParquetPhysicalType.Int64 => "BIGINT",
            ParquetPhysicalType.Int96 => "TIMESTAMP",
            ParquetPhysicalType.Float => "FLOAT",
            ParquetPhysicalType.Double => "DOUBLE",
            _ => "BLOB",
        },
    };

    private static string IntegerType(ParquetColumn leaf) => (leaf.IsSigned ? "" : "U") + leaf.BitWidth switch
    {
        8 => "TINYINT",
        16 => "SMALLINT",
        32 => "INTEGER",
        _ => "BIGINT",
    };
}
