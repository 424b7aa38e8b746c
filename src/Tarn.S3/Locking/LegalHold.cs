using Tarn.S3.Xml;

namespace Tarn.S3.Locking;

/// <summary>The document <c>LegalHold</c> of one version.</summary>
internal static class LegalHold
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "LegalHold";

    /// <summary>Reads whether the hold is to be on.</summary>
    /// <exception cref="Errors.S3Exception">MalformedXML.</exception>
    public static bool Parse(ReadOnlyMemory<byte> body)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("Status");
        return root.Choice("Status", "ON", "OFF") == "ON";
    }

    /// <summary>Writes the document.</summary>
    public static XmlAnswer Write(bool isOn) => new XmlAnswer().Root(Root).Element("Status", isOn ? "ON" : "OFF").Close();
}
