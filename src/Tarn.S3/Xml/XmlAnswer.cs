using System.Globalization;
using System.Text;
using Tarn.Core.Text;
using Tarn.S3.Requests;

namespace Tarn.S3.Xml;

/// <summary>
/// Writes an answer of the S3 API: UTF-8 with declaration, elements without prefixes, and the namespace of the API on the root where the specification
/// has one. Characters that XML 1.0 cannot hold are written as character references, as Amazon S3 does; clients that may meet them ask for
/// <c>encoding-type=url</c>.
/// </summary>
internal sealed class XmlAnswer
{
    /// <summary>The namespace of the S3 API's documents.</summary>
    public const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    /// <summary>The media type of these answers.</summary>
    public const string ContentType = "application/xml";

    /// <summary>What every document begins with.</summary>
    public const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private readonly StringBuilder _text = new(Declaration, 1024);
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; the root of a document takes the <see cref="Namespace"/>.</summary>
    public XmlAnswer Open(string name, string? xmlNamespace = null)
    {
        _text.Append('<').Append(name);
        if (xmlNamespace is not null)
            _text.Append(" xmlns=\"").Append(xmlNamespace).Append('"');
        _text.Append('>');
        _open.Push(name);
        return this;
    }

    /// <summary>Opens the root element of a document of the S3 API.</summary>
    public XmlAnswer Root(string name) => Open(name, Namespace);

    /// <summary>Opens an element with an <c>xsi:type</c>, as grantees have.</summary>
    public XmlAnswer OpenTyped(string name, string type)
    {
        _text.Append('<').Append(name).Append(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"").Append(type).Append("\">");
        _open.Push(name);
        return this;
    }

    /// <summary>Closes the element opened last.</summary>
    public XmlAnswer Close()
    {
        _text.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>An element with a text; the empty text makes an empty element.</summary>
    public XmlAnswer Element(string name, string value)
    {
        _text.Append('<').Append(name).Append('>');
        Escape(value);
        _text.Append("</").Append(name).Append('>');
        return this;
    }

    /// <summary>Text of the element opened last.</summary>
    public XmlAnswer Text(string value)
    {
        Escape(value);
        return this;
    }

    /// <summary>An element that is left out when there is no value.</summary>
    public XmlAnswer Optional(string name, string? value) => value is null ? this : Element(name, value);

    /// <summary>An element with a number.</summary>
    public XmlAnswer Element(string name, long value) => Element(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>An element with <c>true</c> or <c>false</c>.</summary>
    public XmlAnswer Element(string name, bool value) => Element(name, value ? "true" : "false");

    /// <summary>An element with a time in UTC and milliseconds.</summary>
    public XmlAnswer Element(string name, DateTimeOffset value)
        => Element(name, IsoTime.Milliseconds(value));

    /// <summary>A key or prefix: percent-encoded with slashes kept when the request asked for <c>encoding-type=url</c>.</summary>
    public XmlAnswer Key(string name, string key, bool urlEncoded) => Element(name, urlEncoded ? PercentCoding.Encode(key, true) : key);

    /// <summary>Whether XML 1.0 has all characters of a text (§2.2).</summary>
    public static bool CanHold(string text) => text.All(System.Xml.XmlConvert.IsXmlChar) || text.EnumerateRunes().All(r => !r.IsBmp || System.Xml.XmlConvert.IsXmlChar((char)r.Value));

    /// <summary>The document so far as UTF-8; lone surrogates, which no accepted key holds, become U+FFFD.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    private void Escape(string value)
    {
        foreach (char sign in value)
        {
            _ = sign switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\r' => _text.Append("&#13;"),
                < ' ' and not '\n' and not '\t' => _text.Append("&#x").Append(((int)sign).ToString("x", CultureInfo.InvariantCulture)).Append(';'),
                _ => _text.Append(sign),
            };
        }
    }
}
