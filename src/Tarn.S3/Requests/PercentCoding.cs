using System.Buffers;
using System.Text;

namespace Tarn.S3.Requests;

/// <summary>
/// Percent encoding as Signature Version 4 defines it (UriEncode): every byte but the unreserved ones of RFC 3986 becomes <c>%XY</c> in upper case.
/// </summary>
internal static class PercentCoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    private static readonly SearchValues<byte> s_unreserved = SearchValues.Create(Encoding.ASCII.GetBytes(Unreserved));
    private static readonly SearchValues<byte> s_unreservedAndSlash = SearchValues.Create(Encoding.ASCII.GetBytes(Unreserved + "/"));
    private static readonly SearchValues<char> s_unreservedChars = SearchValues.Create(Unreserved);
    private static readonly SearchValues<char> s_unreservedAndSlashChars = SearchValues.Create(Unreserved + "/");

    /// <summary>Encodes a text; a slash stays as it is only where <paramref name="keepSlash"/> says so.</summary>
    public static string Encode(string text, bool keepSlash)
    {
        if (!text.AsSpan().ContainsAnyExcept(keepSlash ? s_unreservedAndSlashChars : s_unreservedChars))
            return text;
        var kept = keepSlash ? s_unreservedAndSlash : s_unreserved;
        var result = new StringBuilder(text.Length + 16);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (kept.Contains(value))
                result.Append((char)value);
            else
                result.Append('%').Append(Digit(value >> 4)).Append(Digit(value & 15));
        }

        return result.ToString();
    }

    /// <summary>
    /// Decodes a text; <paramref name="plusIsBlank"/> is the rule of query strings. False when an escape is not two hexadecimal digits, or when the
    /// bytes are not UTF-8.
    /// </summary>
    public static bool TryDecode(string text, bool plusIsBlank, out string decoded)
    {
        decoded = text;
        if (!text.Contains('%') && !(plusIsBlank && text.Contains('+')) && System.Text.Ascii.IsValid(text))
            return true;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte value = bytes[i];
            if (value == '%')
            {
                int high = i + 2 < bytes.Length ? Value(bytes[i + 1]) : -1, low = high < 0 ? -1 : Value(bytes[i + 2]);
                if (low < 0)
                    return false;
                value = (byte)((high << 4) | low);
                i += 2;
            }
            else if (value == '+' && plusIsBlank)
            {
                value = (byte)' ';
            }

            bytes[length++] = value;
        }

        return TryText(bytes.AsSpan(0, length), out decoded);
    }

    private static bool TryText(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            return false;
        text = Encoding.UTF8.GetString(bytes);
        return true;
    }

    private static char Digit(int value) => "0123456789ABCDEF"[value];

    private static int Value(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
