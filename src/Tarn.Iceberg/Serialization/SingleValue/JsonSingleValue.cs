using System.Globalization;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Serialization.SingleValue;

/// <summary>
/// JSON single-value serialization (Appendix D): default values, and literals of the REST protocol.
/// Values are held as <see cref="LiteralValue"/> says. Geometry and geography are hexadecimal WKB here, because their defaults must be null.
/// </summary>
public static class JsonSingleValue
{
    /// <summary>Reads a value; JSON null is null.</summary>
    /// <param name="type">Type of the value.</param>
    /// <param name="json">The value.</param>
    /// <param name="document">Name of the document for messages.</param>
    /// <param name="kind">Kind of the error when it does not fit the type.</param>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming the document and the value.</exception>
    public static object? Read(IcebergType type, JsonElement json, string document, ErrorKind kind = ErrorKind.DataCorrupted) =>
        Read(type, JsonText.Cursor(json, document, kind));

    /// <summary>Writes a value of the type; null as JSON null.</summary>
    public static void Write(Utf8JsonWriter writer, IcebergType type, object? value)
    {
        switch (type, value)
        {
            case (_, null):
                writer.WriteNullValue();
                break;
            case (StructType s, object?[] fields):
                WriteStruct(writer, s, fields);
                break;
            case (ListType l, object?[] elements):
                writer.WriteStartArray();
                foreach (object? element in elements)
                    Write(writer, l.Element.Type, element);
                writer.WriteEndArray();
                break;
            case (MapType m, object?[] entries):
                WriteMap(writer, m, entries);
                break;
            case (_, bool b):
                writer.WriteBooleanValue(b);
                break;
            default:
                WriteScalar(writer, type, value);
                break;
        }
    }

    internal static object? Read(IcebergType type, JsonCursor json)
    {
        if (json.Element.ValueKind == JsonValueKind.Null)
            return null;
        return type switch
        {
            StructType s => s.Fields.Select(f => json.AsObject().Element.TryGetProperty(Id(f), out var v) ? Read(f.Type, new JsonCursor(v, json.Place.Property(Id(f)))) : null).ToArray(),
            ListType l => json.AsList(e => Read(l.Element.Type, e)).ToArray(),
            MapType m => ReadMap(m, json),
            _ => type.Id switch
            {
                TypeId.Boolean => json.AsBool(),
                TypeId.Int => json.AsInt(),
                TypeId.Long => json.AsLong(),
                TypeId.Float => (float)Floating(json),
                TypeId.Double => Floating(json),
                _ => FromText(type, json.AsString()) ?? throw json.Expected($"a value of type {type}"),
            },
        };
    }

    private static double Floating(JsonCursor json) => json.Element.ValueKind switch
    {
        JsonValueKind.Number => json.Element.GetDouble(),
        JsonValueKind.String => json.AsString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => throw json.Expected("a number"),
        },
        _ => throw json.Expected("a number"),
    };

    private static object? FromText(IcebergType type, string text) => type switch
    {
        DecimalType d => Decimal38.TryParse(text, out var value) && value.TryRescale(d.Scale, out var exact)
            && Int128.Abs(exact.Unscaled) < Decimal38.PowerOfTen(d.Precision) ? exact : null,
        FixedType f => Hex(text) is { } bytes && bytes.Length == f.Length ? bytes : null,
        _ => type.Id switch
        {
            TypeId.String => text,
            TypeId.Uuid => Guid.TryParseExact(text, "D", out var uuid) ? uuid : null,
            TypeId.Binary or TypeId.Geometry or TypeId.Geography => Hex(text),
            TypeId.Date => IsoText.TryParseDate(text, out int days) ? days : null,
            TypeId.Time => IsoText.TryParseTime(text, out long nanos) ? nanos / 1000 : null,
            TypeId.Timestamp => Timestamp(text, zoned: false, IsoText.MicrosPerDay, 1000),
            TypeId.TimestampTz => Timestamp(text, zoned: true, IsoText.MicrosPerDay, 1000),
            TypeId.TimestampNs => Timestamp(text, zoned: false, IsoText.NanosPerDay, 1),
            TypeId.TimestampTzNs => Timestamp(text, zoned: true, IsoText.NanosPerDay, 1),
            _ => null,
        },
    };

    private static object? Timestamp(string text, bool zoned, long unitsPerDay, int nanosPerUnit)
    {
        if (!IsoText.TryParseTimestamp(text, zoned, out int days, out long nanos))
            return null;
        var units = ((Int128)days * unitsPerDay) + (nanos / nanosPerUnit);
        return units >= long.MinValue && units <= long.MaxValue ? (long)units : null;
    }

    private static byte[]? Hex(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static object?[] ReadMap(MapType map, JsonCursor json)
    {
        var keys = json.AsObject().List("keys", k => Read(map.Key.Type, k));
        var values = json.List("values", v => Read(map.Value.Type, v));
        if (keys.Count != values.Count)
            throw json.Place.Error($"a map has {keys.Count} keys and {values.Count} values");
        return keys.Zip(values, (k, v) => (object?)new[] { k, v }).ToArray();
    }

    private static void WriteScalar(Utf8JsonWriter writer, IcebergType type, object value)
    {
        switch (value)
        {
            case int days when type.Id == TypeId.Date:
                writer.WriteStringValue(IsoText.Date(days));
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number when type.Id == TypeId.Long:
                writer.WriteNumberValue(number);
                break;
            case float number:
                WriteFloating(writer, number, number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case double number:
                WriteFloating(writer, number, number.ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                writer.WriteStringValue(ToText(type, value));
                break;
        }
    }

    // Other readers insist on a decimal point or exponent, and JSON has no number for NaN and the infinities.
    private static void WriteFloating(Utf8JsonWriter writer, double value, string text)
    {
        if (!double.IsFinite(value))
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        else
            writer.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0", skipInputValidation: true);
    }

    private static string ToText(IcebergType type, object value) => (type.Id, value) switch
    {
        (TypeId.Decimal, Decimal38 d) => d.ToString(),
        (TypeId.String, string s) => s,
        (TypeId.Uuid, Guid g) => g.ToString("D"),
        (_, byte[] bytes) => Convert.ToHexStringLower(bytes),
        (TypeId.Time, long micros) => IsoText.Time(micros, 6),
        (TypeId.Timestamp, long micros) => IsoText.Timestamp(micros, 6, zoned: false),
        (TypeId.TimestampTz, long micros) => IsoText.Timestamp(micros, 6, zoned: true),
        (TypeId.TimestampNs, long nanos) => IsoText.Timestamp(nanos, 9, zoned: false),
        (TypeId.TimestampTzNs, long nanos) => IsoText.Timestamp(nanos, 9, zoned: true),
        _ => throw new ArgumentException($"A value of {value.GetType().Name} is no value of type {type}.", nameof(value)),
    };

    private static void WriteStruct(Utf8JsonWriter writer, StructType type, object?[] fields)
    {
        writer.WriteStartObject();
        for (int i = 0; i < type.Fields.Count; i++)
        {
            if (fields[i] is not { } value)
                continue;
            writer.WritePropertyName(Id(type.Fields[i]));
            Write(writer, type.Fields[i].Type, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, MapType type, object?[] entries)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        foreach (object? entry in entries)
            Write(writer, type.Key.Type, ((object?[])entry!)[0]);
        writer.WriteEndArray();
        writer.WriteStartArray("values");
        foreach (object? entry in entries)
            Write(writer, type.Value.Type, ((object?[])entry!)[1]);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Id(NestedField field) => field.Id.ToString(CultureInfo.InvariantCulture);
}
