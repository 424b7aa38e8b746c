using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.SingleValue;

namespace Tarn.Iceberg.Serialization.Variants;

/// <summary>
/// Encoded variants as JSON (Parquet's VariantEncoding.md, "Value encoding"): dates, times and timestamps as ISO 8601 text, instants with Z, binary as Base64,
/// a UUID as its text, NaN and the infinities as text.
/// </summary>
public static class VariantJson
{
    /// <summary>How deep objects and arrays may nest.</summary>
    public const int MaxDepth = 500;

    private const int ObjectType = 2;

    /// <summary>Writes a value.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted: the bytes are no value.</exception>
    public static void Write(Utf8JsonWriter writer, VariantMetadata metadata, ReadOnlySpan<byte> value)
    {
        byte header = VariantBytes.Slice(value, 0, 1)[0];
        if (writer.CurrentDepth > MaxDepth)
            throw VariantBytes.Damaged($"it nests deeper than {MaxDepth} levels");
        switch (header & 0x03)
        {
            case 0:
                WritePrimitive(writer, header >> 2, value[1..]);
                break;
            case 1:
                WriteText(writer, VariantBytes.Slice(value, 1, header >> 2));
                break;
            case ObjectType:
                writer.WriteStartObject();
                foreach (var (name, field) in Fields(metadata, value))
                {
                    writer.WritePropertyName(name);
                    Write(writer, metadata, value[field]);
                }

                writer.WriteEndObject();
                break;
            default:
                WriteArray(writer, metadata, value);
                break;
        }
    }

    /// <summary>True when a value is an object.</summary>
    public static bool IsObject(ReadOnlySpan<byte> value) => !value.IsEmpty && (value[0] & 0x03) == ObjectType;

    /// <summary>The fields of an object in its order, each with where its value lies.</summary>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted: it is no object.</exception>
    public static IReadOnlyList<(string Name, Range Value)> Fields(VariantMetadata metadata, ReadOnlySpan<byte> value)
    {
        int header = value[0] >> 2, offsetSize = (header & 0x03) + 1, idSize = (header >> 2 & 0x03) + 1, countSize = (header >> 4 & 1) == 1 ? 4 : 1;
        int count = VariantBytes.Unsigned(value, 1, countSize);
        long ids = 1 + countSize, offsets = ids + ((long)count * idSize), values = offsets + ((count + 1L) * offsetSize);
        VariantBytes.Slice(value, 0, values);
        var fields = new (string, Range)[count];
        for (int i = 0; i < count; i++)
        {
            string name = metadata.Name(VariantBytes.Unsigned(value, ids + ((long)i * idSize), idSize));
            fields[i] = (name, From(value, values + VariantBytes.Unsigned(value, offsets + ((long)i * offsetSize), offsetSize)));
        }

        return fields;
    }

    /// <summary>Writes a number that JSON may not know.</summary>
    public static void WriteFloating(Utf8JsonWriter writer, double value, bool isFloat)
    {
        if (!double.IsFinite(value))
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        else if (isFloat)
            writer.WriteNumberValue((float)value);
        else
            writer.WriteNumberValue(value);
    }

    private static void WriteArray(Utf8JsonWriter writer, VariantMetadata metadata, ReadOnlySpan<byte> value)
    {
        int header = value[0] >> 2, offsetSize = (header & 0x03) + 1, countSize = (header >> 2 & 1) == 1 ? 4 : 1;
        int count = VariantBytes.Unsigned(value, 1, countSize);
        long offsets = 1 + countSize, values = offsets + ((count + 1L) * offsetSize);
        VariantBytes.Slice(value, 0, values);
        writer.WriteStartArray();
        for (int i = 0; i < count; i++)
            Write(writer, metadata, value[From(value, values + VariantBytes.Unsigned(value, offsets + ((long)i * offsetSize), offsetSize))]);
        writer.WriteEndArray();
    }

    // A value says itself where it ends.
    private static Range From(ReadOnlySpan<byte> value, long start) =>
        start < value.Length ? (int)start.. : throw VariantBytes.Damaged(string.Create(CultureInfo.InvariantCulture, $"a value begins at byte {start} of {value.Length}"));

    private static void WritePrimitive(Utf8JsonWriter writer, int type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case 0: writer.WriteNullValue(); break;
            case 1: writer.WriteBooleanValue(true); break;
            case 2: writer.WriteBooleanValue(false); break;
            case 3: writer.WriteNumberValue((sbyte)VariantBytes.Slice(data, 0, 1)[0]); break;
            case 4: writer.WriteNumberValue(BinaryPrimitives.ReadInt16LittleEndian(VariantBytes.Slice(data, 0, 2))); break;
            case 5: writer.WriteNumberValue(BinaryPrimitives.ReadInt32LittleEndian(VariantBytes.Slice(data, 0, 4))); break;
            case 6: writer.WriteNumberValue(Long(data)); break;
            case 7: WriteFloating(writer, BinaryPrimitives.ReadDoubleLittleEndian(VariantBytes.Slice(data, 0, 8)), isFloat: false); break;
            case 8: WriteDecimal(writer, data, BinaryPrimitives.ReadInt32LittleEndian(VariantBytes.Slice(data, 1, 4))); break;
            case 9: WriteDecimal(writer, data, BinaryPrimitives.ReadInt64LittleEndian(VariantBytes.Slice(data, 1, 8))); break;
            case 10: WriteDecimal(writer, data, BinaryPrimitives.ReadInt128LittleEndian(VariantBytes.Slice(data, 1, 16))); break;
            case 11: writer.WriteStringValue(IsoText.Date(BinaryPrimitives.ReadInt32LittleEndian(VariantBytes.Slice(data, 0, 4)))); break;
            case 12: writer.WriteStringValue(IsoText.Timestamp(Long(data), 6, false) + "Z"); break;
            case 13: writer.WriteStringValue(IsoText.Timestamp(Long(data), 6, false)); break;
            case 14: WriteFloating(writer, BinaryPrimitives.ReadSingleLittleEndian(VariantBytes.Slice(data, 0, 4)), isFloat: true); break;
            case 15: writer.WriteBase64StringValue(Sized(data)); break;
            case 16: WriteText(writer, Sized(data)); break;
            case 17: writer.WriteStringValue(IsoText.Time(Long(data), 6)); break;
            case 18: writer.WriteStringValue(IsoText.Timestamp(Long(data), 9, false) + "Z"); break;
            case 19: writer.WriteStringValue(IsoText.Timestamp(Long(data), 9, false)); break;
            case 20: writer.WriteStringValue(new Guid(VariantBytes.Slice(data, 0, 16), bigEndian: true)); break;
            default: throw VariantBytes.Damaged($"it has a value of type {type}, which VariantEncoding.md does not know");
        }
    }

    private static long Long(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadInt64LittleEndian(VariantBytes.Slice(data, 0, 8));

    private static ReadOnlySpan<byte> Sized(ReadOnlySpan<byte> data) => VariantBytes.Slice(data, 4, VariantBytes.Unsigned(data, 0, 4));

    private static void WriteDecimal(Utf8JsonWriter writer, ReadOnlySpan<byte> data, Int128 unscaled)
    {
        if (data[0] > Decimal38.MaxPrecision || Int128.Abs(unscaled) >= Decimal38.PowerOfTen(Decimal38.MaxPrecision))
            throw VariantBytes.Damaged($"a decimal is {unscaled} with {data[0]} digits behind its point");
        writer.WriteRawValue(new Decimal38(unscaled, data[0]).ToString());
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> text)
    {
        if (!System.Text.Unicode.Utf8.IsValid(text))
            throw VariantBytes.Damaged("a text is not UTF-8");
        writer.WriteStringValue(text);
    }
}
