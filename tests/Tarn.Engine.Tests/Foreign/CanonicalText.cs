using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>Rows in exactly the bytes of the fixtures' canonical form, for checksums over all rows.</summary>
internal static class CanonicalText
{
    /// <summary>SHA-256 of all rows, sorted by their bytes, a line feed behind each.</summary>
    public static string Sha256(IEnumerable<string> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] row in rows.Select(Encoding.UTF8.GetBytes).Order(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))))
        {
            hash.AppendData(row);
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A value made by <see cref="CanonicalRow"/>.</summary>
    public static string Of(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject o => $"{{{string.Join(",", o.Select(p => Quote(p.Key) + ":" + Of(p.Value)))}}}",
        JsonArray a => $"[{string.Join(",", a.Select(Of))}]",
        JsonValue v when v.TryGetValue(out bool b) => b ? "true" : "false",
        JsonValue v when v.TryGetValue(out int i) => i.ToString(CultureInfo.InvariantCulture),
        JsonValue v when v.TryGetValue(out double d) => Number(d),
        _ => Quote(node.GetValue<string>()),
    };

    /// <summary>The shortest digits that give the same double; with exponent below 1e-4 and from 1e16 on.</summary>
    internal static string Number(double value)
    {
        string text = value.ToString("E16", CultureInfo.InvariantCulture);
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        string sign = shortest.StartsWith('-') ? "-" : "";
        int exponent = value == 0 ? 0 : int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = shortest.TrimStart('-').Split('E')[0];
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        digits = digits.TrimEnd('0') is { Length: > 0 } kept ? kept : "0";
        if (exponent is < -4 or >= 16)
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        string whole = digits.PadRight(exponent + 1, '0');
        return $"{sign}{whole[..(exponent + 1)]}.{(whole.Length > exponent + 1 ? whole[(exponent + 1)..] : "0")}";
    }

    private static string Quote(string text)
    {
        var builder = new StringBuilder("\"");
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => builder.Append("\\\""),
                '\\' => builder.Append("\\\\"),
                '\n' => builder.Append("\\n"),
                '\r' => builder.Append("\\r"),
                '\t' => builder.Append("\\t"),
                '\b' => builder.Append("\\b"),
                '\f' => builder.Append("\\f"),
                < ' ' => builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => builder.Append(c),
            };
        }

        return builder.Append('"').ToString();
    }
}
