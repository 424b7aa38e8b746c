using System.Buffers.Binary;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Parquet;

/// <summary>Bounds of Parquet statistics as bounds of Iceberg: decoded by what the file says of the column, for the type the table gives it now.</summary>
internal static class StatisticsValue
{
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>The bound in Iceberg's single-value form; null when it tells nothing certain for the type.</summary>
    public static byte[]? Convert(ParquetColumn leaf, IcebergType type, byte[]? bound, bool isLower) =>
        bound is not null && Decode(leaf, type, bound) is { } value ? BinarySingleValue.Serialize(type, Zero(value, isLower)) : null;

    // parquet.thrift, TypeDefinedOrder: a zero bound stands for both zeros.
    private static object Zero(object value, bool isLower) => value switch
    {
        0.0 => isLower ? -0.0 : 0.0,
        0.0f => isLower ? -0.0f : 0.0f,
        _ => value,
    };

    private static object? Decode(ParquetColumn leaf, IcebergType type, byte[] bound) => type.Id switch
    {
        TypeId.Boolean => leaf.PhysicalType == ParquetPhysicalType.Boolean && bound.Length == 1 ? bound[0] != 0 : null,
        TypeId.Int or TypeId.Date => IsPlainInteger(leaf, type) && Integer(leaf, bound) is { } i && i == (int)i ? (int)i : null,
        TypeId.Long => IsPlainInteger(leaf, type) ? Integer(leaf, bound) : null,
        TypeId.Time => Scaled(leaf, bound, MicrosPer(leaf, isTime: true)),
        TypeId.Timestamp or TypeId.TimestampTz => Scaled(leaf, bound, MicrosPer(leaf, isTime: false)),
        TypeId.TimestampNs or TypeId.TimestampTzNs => Scaled(leaf, bound, NanosPer(leaf)),
        TypeId.Float => Single(leaf, bound),
        TypeId.Double => Single(leaf, bound) is { } single ? (double)single
            : leaf.PhysicalType == ParquetPhysicalType.Double && bound.Length == sizeof(double) ? BinaryPrimitives.ReadDoubleLittleEndian(bound) : null,
        TypeId.Decimal => Decimal(leaf, (DecimalType)type, bound),
        TypeId.String => IsBytes(leaf) && leaf.Annotation is ParquetAnnotation.String or ParquetAnnotation.Enum or ParquetAnnotation.Json
            && BinarySingleValue.TryDeserialize(type, bound, out object? text) ? text : null,
        TypeId.Uuid => leaf is { PhysicalType: ParquetPhysicalType.FixedLenByteArray, TypeLength: 16 } && bound.Length == 16 ? new Guid(bound, bigEndian: true) : null,
        TypeId.Binary or TypeId.Fixed => IsBytes(leaf) && leaf.Annotation is ParquetAnnotation.None or ParquetAnnotation.String ? bound : null,
        _ => null,
    };

    private static bool IsBytes(ParquetColumn leaf) => leaf.PhysicalType is ParquetPhysicalType.ByteArray or ParquetPhysicalType.FixedLenByteArray;

    private static bool IsPlainInteger(ParquetColumn leaf, IcebergType type) =>
        leaf.Annotation == ParquetAnnotation.Date ? type.Id == TypeId.Date : leaf.Annotation is ParquetAnnotation.None or ParquetAnnotation.Integer;

    private static long? Integer(ParquetColumn leaf, byte[] bound) => (leaf.PhysicalType, bound.Length) switch
    {
        (ParquetPhysicalType.Int32, sizeof(int)) => leaf.IsSigned ? BinaryPrimitives.ReadInt32LittleEndian(bound) : BinaryPrimitives.ReadUInt32LittleEndian(bound),
        (ParquetPhysicalType.Int64, sizeof(long)) when leaf.IsSigned => BinaryPrimitives.ReadInt64LittleEndian(bound),
        (ParquetPhysicalType.Int64, sizeof(long)) => BinaryPrimitives.ReadUInt64LittleEndian(bound) is var u && u <= long.MaxValue ? (long)u : null,
        _ => null,
    };

    private static long? Scaled(ParquetColumn leaf, byte[] bound, long? factor) =>
        factor is { } f && Integer(leaf, bound) is { } value && (Int128)value * f is var units && units == (long)units ? (long)units : null;

    // Finer units than the table's are cut when they are read: their bounds are left out.
    private static long? MicrosPer(ParquetColumn leaf, bool isTime) => leaf.Annotation switch
    {
        ParquetAnnotation.TimeMicros when isTime => 1,
        ParquetAnnotation.TimeMillis when isTime => 1000,
        ParquetAnnotation.TimestampMicros when !isTime => 1,
        ParquetAnnotation.TimestampMillis when !isTime => 1000,
        ParquetAnnotation.Date when !isTime => MicrosPerDay,
        _ => null,
    };

    private static long? NanosPer(ParquetColumn leaf) =>
        leaf.Annotation == ParquetAnnotation.TimestampNanos ? 1 : MicrosPer(leaf, isTime: false) * 1000;

    private static float? Single(ParquetColumn leaf, byte[] bound) =>
        leaf.PhysicalType == ParquetPhysicalType.Float && bound.Length == sizeof(float) ? BinaryPrimitives.ReadSingleLittleEndian(bound) : null;

    private static object? Decimal(ParquetColumn leaf, DecimalType type, byte[] bound)
    {
        if (leaf.Annotation != ParquetAnnotation.Decimal)
            return null;
        Decimal38? value = IsBytes(leaf)
            ? BinarySingleValue.TryDeserialize(new DecimalType(type.Precision, leaf.Scale), bound, out object? big) ? (Decimal38)big : null
            : Integer(leaf, bound) is { } unscaled ? new Decimal38(unscaled, leaf.Scale) : null;
        return value is { } v && v.TryRescale(type.Scale, out v) ? v : null;
    }
}
