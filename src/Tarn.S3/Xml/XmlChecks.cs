using System.Globalization;
using System.Xml.Linq;
using Tarn.S3.Errors;

namespace Tarn.S3.Xml;

/// <summary>Checks that the schemas of several documents share.</summary>
internal static class XmlChecks
{
    /// <summary>The text of a child that must be there and be one of the choices, with case.</summary>
    /// <exception cref="S3Exception">MalformedXML.</exception>
    public static string Choice(this XElement parent, string name, params ReadOnlySpan<string> choices)
    {
        string value = parent.Required(name);
        return choices.Contains(value) ? value
            : throw new S3Exception(S3Error.MalformedXML, $"'{name}' of '{parent.Name.LocalName}' is '{value}'; it must be one of: {string.Join(", ", choices)}.");
    }

    /// <summary>The whole number of a child; null when there is no such child.</summary>
    /// <exception cref="S3Exception">MalformedXML: it is not a whole number.</exception>
    public static long? Integer(this XElement parent, string name)
    {
        if (parent.Text(name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value
            : throw new S3Exception(S3Error.MalformedXML, $"'{name}' of '{parent.Name.LocalName}' is '{text}', which is not a whole number.");
    }

    /// <summary>The time of a child (ISO 8601, UTC unless it says otherwise); null when there is no such child.</summary>
    /// <exception cref="S3Exception">MalformedXML: it is not a time.</exception>
    public static DateTimeOffset? Time(this XElement parent, string name)
    {
        if (parent.Text(name) is not { } text)
            return null;
        return TryTime(text, out var value) ? value
            : throw new S3Exception(S3Error.MalformedXML, $"'{name}' of '{parent.Name.LocalName}' is '{text}', which is not a time such as 2030-01-31T00:00:00Z.");
    }

    /// <summary>Reads a time in ISO 8601; without a zone it is UTC.</summary>
    public static bool TryTime(string text, out DateTimeOffset value)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value)
            && text.Length >= 10 && char.IsAsciiDigit(text[0]) && text[4] == '-';

    /// <summary>Refuses a second child of that name.</summary>
    /// <exception cref="S3Exception">MalformedXML.</exception>
    public static XElement? AtMostOne(this XElement parent, string name)
    {
        XElement? only = null;
        foreach (var child in parent.Children(name))
        {
            if (only is not null)
                throw new S3Exception(S3Error.MalformedXML, $"'{parent.Name.LocalName}' holds more than one '{name}'.");
            only = child;
        }

        return only;
    }
}
