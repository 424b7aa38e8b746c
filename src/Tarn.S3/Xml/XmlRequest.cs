using System.Xml;
using System.Xml.Linq;
using Tarn.S3.Errors;

namespace Tarn.S3.Xml;

/// <summary>
/// Reads the XML body of a request. Bounded in size and depth, without document types or entities; element names are compared without namespace because
/// clients send the API's, an older one, or none.
/// </summary>
internal static class XmlRequest
{
    /// <summary>A body larger than this is refused; 1,000 keys of 1,024 bytes fit with their escapes.</summary>
    public const int MaximumSizeBytes = 2 * 1024 * 1024;

    /// <summary>Elements nested deeper than this are in no document of the API.</summary>
    public const int MaximumDepth = 16;

    /// <summary>More attributes than this, namespaces included, are on no element of the API; each is compared with those before it.</summary>
    public const int MaximumAttributes = 16;

    /// <summary>Reads the document and checks the name of its root.</summary>
    /// <exception cref="S3Exception">MalformedXML: not well-formed, a document type, too deep, or another root.</exception>
    public static XElement Read(ReadOnlyMemory<byte> body, string root)
    {
        try
        {
            using var stream = new MemoryStream(body.ToArray(), false);
            using var reader = XmlReader.Create(stream, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MaximumSizeBytes,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
            });
            var element = Load(reader);
            return element.Name.LocalName == root
                ? element
                : throw new S3Exception(S3Error.MalformedXML, $"The root element is '{element.Name.LocalName}'; this operation takes '{root}'.");
        }
        catch (XmlException e)
        {
            throw new S3Exception(S3Error.MalformedXML, $"The XML you provided was not well-formed: {e.Message}", e);
        }
    }

    /// <summary>The text of a child, trimmed, or null when there is no such child.</summary>
    public static string? Text(this XElement parent, string name) => parent.Child(name)?.Value.Trim();

    /// <summary>The first child of that name, or null.</summary>
    public static XElement? Child(this XElement parent, string name) => parent.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    /// <summary>The children of that name in order.</summary>
    public static IEnumerable<XElement> Children(this XElement parent, string name) => parent.Elements().Where(e => e.Name.LocalName == name);

    /// <summary>The text of a child that must be there.</summary>
    /// <exception cref="S3Exception">MalformedXML: there is none.</exception>
    public static string Required(this XElement parent, string name)
        => parent.Text(name) ?? throw new S3Exception(S3Error.MalformedXML, $"'{parent.Name.LocalName}' lacks '{name}'.");

    /// <summary>Refuses children that the schema of the element does not know.</summary>
    /// <exception cref="S3Exception">MalformedXML: there is another child.</exception>
    public static void Allow(this XElement parent, params ReadOnlySpan<string> names)
    {
        foreach (var child in parent.Elements())
        {
            if (!names.Contains(child.Name.LocalName))
                throw new S3Exception(S3Error.MalformedXML, $"'{parent.Name.LocalName}' holds an unknown element '{child.Name.LocalName}'.");
        }
    }

    // A tree is built by recursion inside the framework, so the depth is bounded while it is read.
    private static XElement Load(XmlReader reader)
    {
        XElement? root = null, current = null;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth >= MaximumDepth)
                        throw new S3Exception(S3Error.MalformedXML, $"The XML is nested deeper than {MaximumDepth} elements.");
                    var element = Element(reader);
                    current?.Add(element);
                    root ??= element;
                    current = reader.IsEmptyElement ? current : element;
                    break;
                case XmlNodeType.EndElement:
                    current = current?.Parent;
                    break;
                // A key may be nothing but white space; between elements it is text that nobody reads.
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    current?.Add(new XText(reader.Value));
                    break;
                default:
                    break;
            }
        }

        return root ?? throw new S3Exception(S3Error.MalformedXML, "The XML has no root element.");
    }

    private static XElement Element(XmlReader reader)
    {
        if (reader.AttributeCount > MaximumAttributes)
            throw new S3Exception(S3Error.MalformedXML, $"The element '{reader.LocalName}' has {reader.AttributeCount} attributes; the most is {MaximumAttributes}.");
        var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
        while (reader.MoveToNextAttribute())
        {
            if (reader.Prefix != "xmlns" && reader.LocalName != "xmlns")
                element.Add(new XAttribute(XName.Get(reader.LocalName, reader.NamespaceURI), reader.Value));
        }

        reader.MoveToElement();
        return element;
    }
}
