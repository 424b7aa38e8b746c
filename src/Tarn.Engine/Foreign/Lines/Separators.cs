using System.Globalization;
using System.Text;
using Tarn.Core.Errors;

namespace Tarn.Engine.Foreign.Lines;

/// <summary>Signs with a meaning in lines of LazySimpleSerDe.</summary>
/// <param name="Levels">What separates columns, then elements, keys from values, and so on for what is nested deeper.</param>
/// <param name="Escape">Takes the meaning of the sign behind it, or null.</param>
/// <param name="Null">The bytes that mean null.</param>
internal sealed record Separators(byte[] Levels, byte? Escape, byte[] Null)
{
    /// <summary>Reads the options.</summary>
    /// <exception cref="TarnException">Unsupported: a separator of several signs.</exception>
    public static Separators Of(IReadOnlyDictionary<string, string> options)
    {
        string? field = options.GetValueOrDefault("field.delim") ?? options.GetValueOrDefault("serialization.format");
        // The second name is a typing error of old versions that has stayed in tables.
        string? collection = options.GetValueOrDefault("collection.delim") ?? options.GetValueOrDefault("colelction.delim");
        byte[] levels = [One("field.delim", field, 1), One("collection.delim", collection, 2), One("mapkey.delim", options.GetValueOrDefault("mapkey.delim"), 3), 4, 5, 6, 7, 8];
        byte? escape = options.TryGetValue("escape.delim", out string? sign) ? One("escape.delim", sign, (byte)'\\') : null;
        return new Separators(levels, escape, Encoding.UTF8.GetBytes(options.GetValueOrDefault("serialization.null.format") ?? "\\N"));
    }

    /// <summary>Where the part that begins a text ends: at the next separator that is not escaped, or at the end.</summary>
    public int EndOfPart(ReadOnlySpan<byte> text, byte separator)
    {
        if (Escape is not { } escape)
            return text.IndexOf(separator) is >= 0 and var end ? end : text.Length;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == escape && i + 1 < text.Length)
                i++;
            else if (text[i] == separator)
                return i;
        }

        return text.Length;
    }

    // A number is the code of the sign, anything else the sign itself (LazyUtils.getByte).
    private static byte One(string option, string? text, byte unset)
    {
        if (string.IsNullOrEmpty(text))
            return unset;
        if (sbyte.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out sbyte code))
            return unchecked((byte)code);
        return text.Length == 1 && char.IsAscii(text[0])
            ? (byte)text[0]
            : throw TarnException.Unsupported($"{option} is '{text}'; this version of Tarn reads separators of one ASCII sign.");
    }
}
