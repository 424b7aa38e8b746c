using Tarn.Core.Values;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transactions;

/// <summary>The promotions of "Schema Evolution": types whose values can be read as values of a wider type.</summary>
public static class TypePromotion
{
    private const long MicrosPerDay = 86_400_000_000;
    private const long NanosPerDay = 86_400_000_000_000;

    /// <summary>True when a column may change from one type to another without rewriting files; false for equal types.</summary>
    public static bool IsAllowed(IcebergType from, IcebergType to, int formatVersion) => (from.Id, to.Id) switch
    {
        (TypeId.Int, TypeId.Long) or (TypeId.Float, TypeId.Double) => true,
        (TypeId.Decimal, TypeId.Decimal) => from is DecimalType a && to is DecimalType b && a.Scale == b.Scale && a.Precision < b.Precision,
        (TypeId.Unknown, not TypeId.Unknown) => formatVersion >= SchemaRules.ExtendedTypesVersion,
        (TypeId.Date, TypeId.Timestamp or TypeId.TimestampNs) => formatVersion >= SchemaRules.ExtendedTypesVersion,
        _ => false,
    };

    /// <summary>True when a partition transform gives other values for the promoted type, so that a source column must not be promoted.</summary>
    public static bool ChangesPartitions(IcebergType from, Transform transform) =>
        from.Id == TypeId.Date && transform.Kind is TransformKind.Identity or TransformKind.Bucket or TransformKind.Truncate or TransformKind.Unknown;

    /// <summary>The value of the wider type that a value of the narrower one stands for; the types must be an allowed promotion.</summary>
    /// <exception cref="OverflowException">A date is outside the range of the timestamp type.</exception>
    public static object? Promote(object? value, IcebergType to) => (value, to.Id) switch
    {
        (int number, TypeId.Long) => (long)number,
        (float number, TypeId.Double) => (double)number,
        (int days, TypeId.Timestamp) => checked(days * MicrosPerDay),
        (int days, TypeId.TimestampNs) => checked(days * NanosPerDay),
        (Decimal38 number, TypeId.Decimal) => number,
        _ => value,
    };
}
