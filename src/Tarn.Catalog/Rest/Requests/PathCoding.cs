using System.Text;
using Tarn.Catalog.Rest.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Requests;

/// <summary>
/// Names in paths and queries (REST specification, "namespace separator"). Levels of a namespace are joined by the unit separator, encoded <c>%1F</c>, or by
/// an encoded dot, which some servers advertise. A dot that is not encoded is part of a name.
/// </summary>
internal static class PathCoding
{
    /// <summary>The separator that clients are told.</summary>
    public const string AdvertisedSeparator = "%1F";

    private const char UnitSeparator = '\u001F';
    private static readonly string[] s_separators = ["%1F", "%1f", "%2E", "%2e"];
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The path of a table, as clients put it behind the address of the catalog.</summary>
    public static string OfTable(string warehouse, TableIdentifier table) =>
        $"v1/{Uri.EscapeDataString(warehouse)}/namespaces/{string.Join(AdvertisedSeparator, table.Namespace.Levels.Select(Uri.EscapeDataString))}/tables/{Uri.EscapeDataString(table.Name)}";

    /// <summary>A namespace from one segment of a path, or from a parameter, as it stands in the request line.</summary>
    /// <exception cref="RestException">It is not encoded right, or a level is empty.</exception>
    public static Namespace NamespaceOf(string segment) => Of(segment.Split(s_separators, StringSplitOptions.None).SelectMany(part => Decode(part).Split(UnitSeparator)), segment);

    /// <summary>Decodes percent signs, and plus signs as blanks, as Java's clients encode them.</summary>
    /// <exception cref="RestException">It is not encoded right.</exception>
    public static string Decode(string text)
    {
        if (!text.AsSpan().ContainsAny('%', '+'))
            return text;
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    throw RestException.BadRequest($"'{text}' has a percent sign that no two hexadecimal digits follow; write it as %25.");
                bytes[length++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else
                length += Encoding.UTF8.GetBytes(text[i] == '+' ? " " : text.AsSpan(i, 1), bytes.AsSpan(length));
        }

        try
        {
            return s_utf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException error)
        {
            throw new RestException(RestError.BadRequest, $"'{text}' is not UTF-8 when it is decoded.", error);
        }
    }

    private static Namespace Of(IEnumerable<string> levels, string text)
    {
        var name = new Namespace([.. levels]);
        return name.Levels.Any(l => l.Length == 0) ? throw RestException.BadRequest($"Namespace '{text}' has an empty level.") : name;
    }
}
