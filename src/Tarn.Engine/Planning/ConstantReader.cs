using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Tarn.Core.Values;
using Tarn.Engine.Types;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Expressions;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Planning;

/// <summary>Reads a constant of a parse tree as a value of an Iceberg type: numbers and texts, also cast.</summary>
internal static class ConstantReader
{
    private const long NanosecondsPerDay = 86_400_000_000_000;

    /// <summary>The literal, or null when the constant is none or its value does not fit the type exactly.</summary>
    public static Literal? Read(JsonElement node, IcebergType type)
    {
        if (Stored(node, type) is { } stored)
            return new Literal(type, stored);
        if (Text(node, type) is not { } text)
            return null;
        object? value = type.Id switch
        {
            // The engine's parser makes 't' and 'f' of TRUE and FALSE.
            TypeId.Boolean => text.ToLowerInvariant() switch { "true" or "t" or "1" => true, "false" or "f" or "0" => false, _ => (object?)null },
            TypeId.Float => Floating(text) is { } f && (double)(float)f == f || text.Equals("nan", StringComparison.OrdinalIgnoreCase) ? (float)Floating(text)! : null,
            TypeId.Double => Floating(text),
            TypeId.Decimal => Decimal38.TryParse(text, out var d) && d.TryRescale(((DecimalType)type).Scale, out d) ? d : null,
            TypeId.String => text,
            TypeId.Binary or TypeId.Fixed => Bytes(text),
            _ => ColumnMetrics.Parse(type, text),
        };
        return value is null ? null : new Literal(type, value);
    }

    /// <summary>The first instant of a year in the type, a date or a timestamp; null when the type does not reach it.</summary>
    public static Literal? StartOfYear(int year, IcebergType type)
    {
        if (year is < 1 or > 9999)
            return null;
        int days = new DateOnly(year, 1, 1).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        return type.Id switch
        {
            TypeId.Date => new Literal(type, days),
            TypeId.Timestamp => new Literal(type, days * TimeSpan.MicrosecondsPerDay),
            TypeId.TimestampNs when Math.Abs(days) < long.MaxValue / NanosecondsPerDay => new Literal(type, days * NanosecondsPerDay),
            _ => null,
        };
    }

    // Plans hold values as the engine stores them, which for dates and times is as Iceberg does.
    private static object? Stored(JsonElement node, IcebergType type)
    {
        if (!node.GetProperty("type").ValueEquals("VALUE_CONSTANT") || node.GetProperty("value") is var value && value.GetProperty("is_null").GetBoolean())
            return null;
        var content = value.GetProperty("value");
        return (value.GetProperty("type").GetProperty("id").GetString(), type.Id) switch
        {
            ("DATE", TypeId.Date) => content.GetInt32(),
            ("TIME", TypeId.Time) or ("TIMESTAMP", TypeId.Timestamp) or ("TIMESTAMP WITH TIME ZONE", TypeId.TimestampTz) or ("TIMESTAMP_NS", TypeId.TimestampNs) => content.GetInt64(),
            ("UUID", TypeId.Uuid) => Uuid(content),
            _ => null,
        };
    }

    // The engine turns the highest bit, so that its signed halves sort as identifiers do.
    private static Guid Uuid(JsonElement halves)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, halves.GetProperty("upper").GetInt64() ^ long.MinValue);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], halves.GetProperty("lower").GetUInt64());
        return new Guid(bytes, bigEndian: true);
    }

    // A cast to the type of the column only says what the text is; any other changes the value.
    private static bool IsCastTo(JsonElement cast, IcebergType type) =>
        cast.GetProperty("cast_type").GetProperty("id").GetString() is { } id && (EngineType.Of(type) is "TIMESTAMPTZ" ? id == "TIMESTAMP WITH TIME ZONE" : EngineType.Of(type).Split('(')[0] == id);

    private static string? Text(JsonElement node, IcebergType type) => node.GetProperty("type").GetString() switch
    {
        "VALUE_CONSTANT" => Constant(node.GetProperty("value")),
        "OPERATOR_CAST" => IsCastTo(node, type) ? Text(node.GetProperty("child"), type) : null,
        "FUNCTION" when node.GetProperty("function_name").GetString() == "-" && node.GetProperty("children") is var c && c.GetArrayLength() == 1 && Text(c[0], type) is { } number && char.IsAsciiDigit(number[0]) => "-" + number,
        _ => null,
    };

    private static string? Constant(JsonElement value)
    {
        if (value.GetProperty("is_null").GetBoolean())
            return null;
        var content = value.GetProperty("value");
        var type = value.GetProperty("type");
        string? text = content.ValueKind switch
        {
            JsonValueKind.String => content.GetString(),
            JsonValueKind.Number => content.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            // Wider integers come as two halves.
            JsonValueKind.Object when content.TryGetProperty("upper", out var upper) => ((((Int128)upper.GetInt64()) << 64) | content.GetProperty("lower").GetUInt64()).ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        // Bytes stand in plans as they are and in statements with escapes: nobody can tell which.
        if (text is null || type.GetProperty("id").ValueEquals("BLOB"))
            return null;
        if (!type.GetProperty("id").ValueEquals("DECIMAL"))
            return text;
        int scale = type.GetProperty("type_info").GetProperty("scale").GetInt32();
        return Int128.TryParse(text, CultureInfo.InvariantCulture, out var unscaled) ? new Decimal38(unscaled, scale).ToString() : null;
    }

    private static double? Floating(string text) => text.ToLowerInvariant() switch
    {
        "nan" => double.NaN,
        "inf" or "infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double d) ? d : null,
    };

    private static byte[]? Bytes(string text)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                if (i + 3 >= text.Length || text[i + 1] != 'x' || !byte.TryParse(text.AsSpan(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out byte b))
                    return null;
                bytes.Add(b);
                i += 3;
            }
            else if (char.IsAscii(text[i]))
            {
                bytes.Add((byte)text[i]);
            }
            else
            {
                return null;
            }
        }

        return [.. bytes];
    }
}
