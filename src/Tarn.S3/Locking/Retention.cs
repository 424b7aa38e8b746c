using Tarn.S3.Errors;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Locking;

/// <summary>The document <c>Retention</c> of one version.</summary>
internal static class Retention
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "Retention";

    /// <summary>Reads the document. An empty one takes the retention away (null).</summary>
    /// <exception cref="S3Exception">MalformedXML; InvalidArgument for a date that is over.</exception>
    public static ObjectRetention? Parse(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("Mode", "RetainUntilDate");
        if (!root.HasElements)
            return null;
        var mode = RetentionModes.Parse(root.Choice("Mode", RetentionModes.Governance, RetentionModes.Compliance));
        var until = root.Time("RetainUntilDate") ?? throw new S3Exception(S3Error.MalformedXML, "'Retention' lacks 'RetainUntilDate'.");
        return until > now ? new(mode, until)
            : throw new S3Exception(S3Error.InvalidArgument, "The retain until date must be in the future!").With("ArgumentName", "RetainUntilDate");
    }

    /// <summary>Writes the document.</summary>
    public static XmlAnswer Write(ObjectRetention retention)
        => new XmlAnswer().Root(Root).Element("Mode", retention.Mode.Name).Element("RetainUntilDate", retention.RetainUntil).Close();
}
