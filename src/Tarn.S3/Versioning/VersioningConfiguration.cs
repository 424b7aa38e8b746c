using Tarn.S3.Errors;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Versioning;

/// <summary>The document <c>VersioningConfiguration</c>.</summary>
internal static class VersioningConfiguration
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "VersioningConfiguration";

    /// <summary>Reads the document.</summary>
    /// <exception cref="S3Exception">MalformedXML, IllegalVersioningConfigurationException, or NotImplemented for MFA delete.</exception>
    public static BucketVersioning Parse(ReadOnlyMemory<byte> body)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("Status", "MfaDelete");
        if (root.Child("MfaDelete") is not null && root.Choice("MfaDelete", "Enabled", "Disabled") == "Enabled")
            throw new S3Exception(S3Error.NotImplemented, "MFA delete is not implemented.");
        if (root.Child("Status") is null)
            throw new S3Exception(S3Error.IllegalVersioningConfigurationException, "The Versioning element must be specified");
        return root.Choice("Status", "Enabled", "Suspended") == "Enabled" ? BucketVersioning.Enabled : BucketVersioning.Suspended;
    }

    /// <summary>Writes the document; without a status where versioning was never enabled.</summary>
    public static XmlAnswer Write(BucketVersioning versioning)
    {
        var xml = new XmlAnswer().Root(Root);
        if (versioning != BucketVersioning.Off)
            xml.Element("Status", versioning.ToString());
        return xml.Close();
    }
}
