using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>Avro schemas of Iceberg types (specification, Appendix A "Avro"), for one file: no name is given twice.</summary>
internal sealed class AvroTypeMapping
{
    private static readonly JsonElement NullJson = JsonSerializer.SerializeToElement<object?>(null);

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>A type that is null or <paramref name="schema"/>.</summary>
    internal static AvroUnion Optional(AvroSchema schema) => new([new AvroPrimitive(AvroType.Null), schema]);

    /// <summary>A field with its id; an optional one is null by default.</summary>
    internal static AvroField Field(int id, string name, AvroSchema schema, string? doc = null)
    {
        var attributes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (doc is not null)
            attributes["doc"] = JsonSerializer.SerializeToElement(doc);
        attributes["field-id"] = JsonSerializer.SerializeToElement(id);
        string valid = ValidName(name);
        if (valid != name)
            attributes["iceberg-field-name"] = JsonSerializer.SerializeToElement(name);
        return new AvroField(valid, schema, schema is AvroUnion ? NullJson : null, attributes);
    }

    /// <summary>The schema of a primitive type.</summary>
    /// <exception cref="TarnException">Unsupported for nested types, which manifests never hold.</exception>
    internal AvroSchema Primitive(IcebergType type) => type.Id switch
    {
        TypeId.Boolean => new AvroPrimitive(AvroType.Boolean),
        TypeId.Int => new AvroPrimitive(AvroType.Int),
        TypeId.Long => new AvroPrimitive(AvroType.Long),
        TypeId.Float => new AvroPrimitive(AvroType.Float),
        TypeId.Double => new AvroPrimitive(AvroType.Double),
        TypeId.String => new AvroPrimitive(AvroType.String),

        // The specification says fixed, which Iceberg Java reads with a length before the bytes; every reader understands bytes.
        TypeId.Binary or TypeId.Fixed or TypeId.Geometry or TypeId.Geography => new AvroPrimitive(AvroType.Bytes),
        TypeId.Date => Logical(AvroType.Int, "date"),
        TypeId.Time => Logical(AvroType.Long, "time-micros"),
        TypeId.Timestamp => Logical(AvroType.Long, "timestamp-micros", adjustToUtc: false),
        TypeId.TimestampTz => Logical(AvroType.Long, "timestamp-micros", adjustToUtc: true),
        TypeId.TimestampNs => Logical(AvroType.Long, "timestamp-nanos", adjustToUtc: false),
        TypeId.TimestampTzNs => Logical(AvroType.Long, "timestamp-nanos", adjustToUtc: true),
        TypeId.Uuid => Fixed("uuid_fixed", 16, Attribute("logicalType", "uuid")),
        TypeId.Decimal => Decimal((DecimalType)type),
        TypeId.Unknown => new AvroPrimitive(AvroType.Null),
        _ => throw TarnException.Unsupported($"Type {type} cannot be a partition value."),
    };

    /// <summary>Writes a non-null value of a type.</summary>
    internal static void Write(AvroWriter writer, IcebergType type, object value)
    {
        switch (type.Id, value)
        {
            case (TypeId.Boolean, bool flag):
                writer.WriteBoolean(flag);
                break;
            case (_, int number):
                writer.WriteLong(number);
                break;
            case (_, long number):
                writer.WriteLong(number);
                break;
            case (_, float number):
                writer.WriteFloat(number);
                break;
            case (_, double number):
                writer.WriteDouble(number);
                break;
            case (_, string text):
                writer.WriteString(text);
                break;
            case (TypeId.Decimal, Decimal38 number):
                WriteDecimal(writer, number, ((DecimalType)type).Precision);
                break;
            case (_, Guid uuid):
                writer.WriteFixed(uuid.ToByteArray(bigEndian: true));
                break;
            case (_, byte[] bytes):
                writer.WriteBytes(bytes);
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType().Name} is no {type}.", nameof(value));
        }
    }

    /// <summary>Fewest bytes that hold every decimal of a precision.</summary>
    internal static int DecimalBytes(int precision)
    {
        int bytes = 1;
        while (BigInteger.Pow(2, (8 * bytes) - 1) < BigInteger.Pow(10, precision))
            bytes++;
        return bytes;
    }

    /// <summary>A name that Avro allows, made as Iceberg's other writers make it; the true name goes beside it.</summary>
    internal static string ValidName(string name)
    {
        var valid = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetter(c) || c == '_' || (char.IsAsciiDigit(c) && valid.Length > 0))
                valid.Append(c);
            else if (char.IsAsciiDigit(c))
                valid.Append('_').Append(c);
            else
                valid.Append("_x").Append(((int)c).ToString("X", CultureInfo.InvariantCulture));
        }

        return valid.Length == 0 ? "_" : valid.ToString();
    }

    private static void WriteDecimal(AvroWriter writer, Decimal38 value, int precision)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt128BigEndian(bytes, value.Unscaled);
        int size = DecimalBytes(precision);
        if (Int128.Abs(value.Unscaled) >= Decimal38.PowerOfTen(precision))
            throw new ArgumentException($"Decimal {value} has more than {precision} digits.", nameof(value));
        writer.WriteFixed(bytes[(16 - size)..]);
    }

    private static AvroPrimitive Logical(AvroType type, string name, bool? adjustToUtc = null)
    {
        var attributes = Attribute("logicalType", name);
        if (adjustToUtc is { } adjust)
            attributes["adjust-to-utc"] = JsonSerializer.SerializeToElement(adjust);
        return new AvroPrimitive(type, attributes);
    }

    private static Dictionary<string, JsonElement> Attribute(string name, string value) =>
        new(StringComparer.Ordinal) { [name] = JsonSerializer.SerializeToElement(value) };

    private AvroFixed Fixed(string name, int size, Dictionary<string, JsonElement> attributes)
    {
        // Avro allows a reference to the first definition, which not every reader of Iceberg manifests understands.
        string unique = name;
        for (int repeat = 2; !_names.Add(unique); repeat++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{repeat}");
        return new AvroFixed(unique, size, attributes);
    }

    private AvroFixed Decimal(DecimalType type)
    {
        var attributes = Attribute("logicalType", "decimal");
        attributes["precision"] = JsonSerializer.SerializeToElement(type.Precision);
        attributes["scale"] = JsonSerializer.SerializeToElement(type.Scale);
        return Fixed(string.Create(CultureInfo.InvariantCulture, $"decimal_{type.Precision}_{type.Scale}"), DecimalBytes(type.Precision), attributes);
    }
}
