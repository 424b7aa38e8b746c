using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>Decides the type that a column has after sources and table come together.</summary>
internal static class SchemaMerge
{
    /// <summary>The type that holds values of both sources; text when nothing narrower does.</summary>
    public static IcebergType Common(IcebergType left, IcebergType right)
    {
        if (left.Equals(right) || (left.IsNested && right.IsNested && left.Id == right.Id))
            return left;
        return (Rank(left), Rank(right)) switch
        {
            (> 0 and var a, > 0 and var b) => a >= b ? Widest(left, right) : Widest(right, left),
            _ when IsTime(left) && IsTime(right) => SimpleType.Timestamp,
            _ => SimpleType.String,
        };
    }

    /// <summary>True when values of the source go into the table's column without loss, perhaps after a cast.</summary>
    public static bool Fits(IcebergType source, IcebergType table) => source.Equals(table) || (source, table) switch
    {
        (StructType or ListType or MapType, _) => source.Id == table.Id,
        ({ Id: TypeId.Int }, { Id: TypeId.Long or TypeId.Double or TypeId.Decimal }) => true,
        ({ Id: TypeId.Long }, { Id: TypeId.Double or TypeId.Decimal or TypeId.Int }) => true,
        ({ Id: TypeId.Float }, { Id: TypeId.Double }) => true,
        ({ Id: TypeId.Double }, { Id: TypeId.Float or TypeId.Decimal }) => true,
        (DecimalType s, DecimalType t) => t.Scale >= s.Scale,
        ({ Id: TypeId.Date }, { Id: TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs }) => true,
        ({ Id: TypeId.Timestamp }, { Id: TypeId.TimestampTz or TypeId.TimestampNs }) => true,
        // Anything has a text; text is tried value by value.
        (_, { Id: TypeId.String }) => source.IsPrimitive,
        ({ Id: TypeId.String }, { IsPrimitive: true }) => true,
        _ => false,
    };

    /// <summary>The wider type that Iceberg lets the table's column become so that the source fits, or null ("Schema Evolution").</summary>
    public static IcebergType? Widened(IcebergType source, IcebergType table) => (source, table) switch
    {
        ({ Id: TypeId.Long }, { Id: TypeId.Int }) => SimpleType.Long,
        ({ Id: TypeId.Double }, { Id: TypeId.Float }) => SimpleType.Double,
        (DecimalType s, DecimalType t) when s.Scale == t.Scale && s.Precision > t.Precision => s,
        _ => null,
    };

    /// <summary>The error for a column that cannot take what the source has.</summary>
    public static TarnException Conflict(string column, IcebergType source, NestedField table, string file) => TarnException.Invalid(
        $"Column '{column}' of '{file}' is {source}, the table's is {table.Type}, which cannot become {source}. Convert the file, or ingest it into another table.");

    private static IcebergType Widest(IcebergType wide, IcebergType narrow) => (wide, narrow) switch
    {
        (DecimalType a, DecimalType b) => new DecimalType(Math.Min(38, Math.Max(a.Precision - a.Scale, b.Precision - b.Scale) + Math.Max(a.Scale, b.Scale)), Math.Max(a.Scale, b.Scale)),
        _ => wide,
    };

    private static int Rank(IcebergType type) => type.Id switch
    {
        TypeId.Int => 1,
        TypeId.Long => 2,
        TypeId.Decimal => 3,
        TypeId.Float => 4,
        TypeId.Double => 5,
        _ => 0,
    };

    private static bool IsTime(IcebergType type) => type.Id is TypeId.Date or TypeId.Timestamp;
}
