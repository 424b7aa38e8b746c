using Tarn.S3.Xml;

namespace Tarn.S3.Errors;

/// <summary>The body of an error answer: <c>Error</c> with code, message, what it is about and the request's ids; it has no namespace.</summary>
internal static class ErrorDocument
{
    /// <summary>Writes the document as UTF-8.</summary>
    public static byte[] Write(S3Error error, string message, IEnumerable<(string Name, string Value)> details, string resource, string requestId, string hostId)
    {
        var xml = new XmlAnswer();
        xml.Open("Error");
        xml.Element("Code", error.Code);
        xml.Element("Message", message);
        foreach (var (name, value) in details)
            xml.Element(name, value);
        xml.Element("Resource", resource);
        xml.Element("RequestId", requestId);
        xml.Element("HostId", hostId);
        xml.Close();
        return xml.ToUtf8();
    }
}
