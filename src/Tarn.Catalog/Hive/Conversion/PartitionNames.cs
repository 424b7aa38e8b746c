using System.Globalization;
using System.Text;
using Tarn.Catalog.Hive.Protocol;

namespace Tarn.Catalog.Hive.Conversion;

/// <summary>Names of partitions: <c>day=2026-01-01/hour=3</c>, with signs that a path cannot hold as <c>%XX</c> (Hive's FileUtils.escapePathName).</summary>
internal static class PartitionNames
{
    // A value that is null has this name in its path.
    private const string NullValue = "__HIVE_DEFAULT_PARTITION__";
    private const string Escaped = "\"#%'*/:=?\\{[]^\u007F";

    /// <summary>The name of the partition with these values.</summary>
    /// <exception cref="HiveFault">InvalidObject: not a value for each key.</exception>
    public static string Of(IReadOnlyList<FieldSchema> keys, IReadOnlyList<string> values)
    {
        if (keys.Count != values.Count || keys.Count == 0)
            throw new HiveFault(HiveExceptionKind.InvalidObject, $"The table has {keys.Count} partition keys and the partition {values.Count} values");
        return string.Join('/', keys.Zip(values, (key, value) => $"{Escape(key.Name.ToLowerInvariant())}={(value.Length == 0 ? NullValue : Escape(value))}"));
    }

    /// <summary>Keys and values of a name.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Split(string name) => name.Length == 0 ? [] : name.Split('/').Select(part =>
    {
        int equal = part.IndexOf('=', StringComparison.Ordinal);
        return equal < 0 ? KeyValuePair.Create("", Unescape(part)) : KeyValuePair.Create(Unescape(part[..equal]), Unescape(part[(equal + 1)..]));
    });

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char sign in text)
        {
            if (sign < ' ' || Escaped.Contains(sign, StringComparison.Ordinal))
                escaped.Append(CultureInfo.InvariantCulture, $"%{(int)sign:X2}");
            else
                escaped.Append(sign);
        }

        return escaped.ToString();
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && int.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
            {
                plain.Append((char)code);
                i += 2;
            }
            else
                plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
