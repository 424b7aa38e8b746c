using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.SingleValue;

/// <summary>
/// Binary single-value serialization (specification, Appendix D): the form of bounds and partition summaries.
/// Values are held as <see cref="LiteralValue"/> says.
/// </summary>
public static class BinarySingleValue
{
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>The bytes of a non-null value.</summary>
    /// <exception cref="TarnException">Unsupported for unknown, variant and nested types, which have no binary form.</exception>
    public static byte[] Serialize(IcebergType type, object value) => type.Id switch
    {
        TypeId.Boolean => [(bool)value ? (byte)1 : (byte)0],
        TypeId.Int or TypeId.Date => Write((int)value),
        TypeId.Long or TypeId.Time or TypeId.Timestamp or TypeId.TimestampTz or TypeId.TimestampNs or TypeId.TimestampTzNs => Write((long)value),
        TypeId.Float => Write(BitConverter.SingleToInt32Bits((float)value)),
        TypeId.Double => Write(BitConverter.DoubleToInt64Bits((double)value)),
        TypeId.Decimal => ((BigInteger)((Decimal38)value).Unscaled).ToByteArray(isBigEndian: true),
        TypeId.String => Encoding.UTF8.GetBytes((string)value),
        TypeId.Uuid => ((Guid)value).ToByteArray(bigEndian: true),
        TypeId.Fixed or TypeId.Binary or TypeId.Geometry or TypeId.Geography => (byte[])value,
        _ => throw TarnException.Unsupported($"Type {type} has no binary single-value form; leave the bound out."),
    };

    /// <summary>
    /// The value of these bytes. The width of an earlier type that may be promoted to <paramref name="type"/> is accepted:
    /// int for long, float for double, date for timestamp, a shorter decimal.
    /// </summary>
    /// <exception cref="TarnException">DataCorrupted when the length does not fit the type, or a string is cut within a character.</exception>
    public static object Deserialize(IcebergType type, ReadOnlySpan<byte> bytes) =>
        TryDeserialize(type, bytes, out object? value)
            ? value
            : throw TarnException.Corrupted($"{bytes.Length} bytes ({Preview(bytes)}) are no value of type {type}. The manifest is damaged or was written wrongly; rewrite the manifests of the table.");

    /// <summary>As <see cref="Deserialize"/>; false when the bytes do not fit the type.</summary>
    public static bool TryDeserialize(IcebergType type, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out object? value)
    {
        value = type.Id switch
        {
            TypeId.Boolean => bytes.Length == 1 ? bytes[0] != 0 : null,
            TypeId.Int or TypeId.Date => ReadInteger(bytes) is { } number && number == (int)number ? (object)(int)number : null,
            TypeId.Long or TypeId.Time or TypeId.TimestampTz or TypeId.TimestampTzNs => ReadInteger(bytes),
            TypeId.Timestamp => ReadTimestamp(bytes, MicrosPerDay),
            TypeId.TimestampNs => ReadTimestamp(bytes, MicrosPerDay * 1000),
            TypeId.Float => bytes.Length == 4 ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : null,
            TypeId.Double => ReadDouble(bytes),
            TypeId.Decimal => ReadDecimal(bytes, ((DecimalType)type).Scale),
            TypeId.String => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null,
            TypeId.Uuid => bytes.Length == 16 ? new Guid(bytes, bigEndian: true) : null,
            TypeId.Fixed or TypeId.Binary or TypeId.Geometry or TypeId.Geography => bytes.ToArray(),
            _ => null,
        };
        return value is not null;
    }

    /// <summary>A value that was read as an earlier type, as a value of <paramref name="type"/> (schema evolution: int → long, float → double, date → timestamp).</summary>
    public static object? Promote(IcebergType type, object? value) => (type.Id, value) switch
    {
        (TypeId.Long, int number) => (long)number,
        (TypeId.Double, float number) => (double)number,
        (TypeId.Timestamp, int days) => days * MicrosPerDay,
        (TypeId.TimestampNs, int days) => days * MicrosPerDay * 1000,
        _ => value,
    };

    private static byte[] Write(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Write(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static long? ReadInteger(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        8 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => null,
    };

    private static long? ReadTimestamp(ReadOnlySpan<byte> bytes, long unitsPerDay) => bytes.Length switch
    {
        4 => BinaryPrimitives.ReadInt32LittleEndian(bytes) * (Int128)unitsPerDay is var units && units == (long)units ? (long)units : null,
        8 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => null,
    };

    private static double? ReadDouble(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        8 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => null,
    };

    private static object? ReadDecimal(ReadOnlySpan<byte> bytes, int scale)
    {
        if (bytes.Length is 0 or > 16)
            return null;
        Int128 unscaled = (sbyte)bytes[0];
        foreach (byte digit in bytes[1..])
            unscaled = (unscaled << 8) | digit;
        return new Decimal38(unscaled, scale);
    }

    private static string Preview(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 16)]);
}
