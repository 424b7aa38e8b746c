using System.Text;
using System.Xml.Linq;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Authorization;

/// <summary>What a bucket refuses to share ("Blocking public access to your Amazon S3 storage").</summary>
/// <param name="BlocksPublicAcls">New public ACLs are refused.</param>
/// <param name="IgnoresPublicAcls">Public ACLs have no effect.</param>
/// <param name="BlocksPublicPolicy">A new public policy is refused.</param>
/// <param name="RestrictsPublicBuckets">A public policy has no effect.</param>
internal sealed record PublicAccessBlock(bool BlocksPublicAcls, bool IgnoresPublicAcls, bool BlocksPublicPolicy, bool RestrictsPublicBuckets)
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "PublicAccessBlockConfiguration";

    /// <summary>Nothing is refused: what a bucket without configuration has.</summary>
    public static PublicAccessBlock None { get; } = new(false, false, false, false);

    /// <summary>The block of a bucket.</summary>
    public static PublicAccessBlock Of(BucketRecord bucket)
        => bucket.Documents.TryGetValue(BucketDocuments.PublicAccessBlock, out string? text) ? Parse(Encoding.UTF8.GetBytes(text)) : None;

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="Errors.S3Exception">MalformedXML.</exception>
    public static PublicAccessBlock Parse(ReadOnlyMemory<byte> body)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets");
        return new(Flag(root, "BlockPublicAcls"), Flag(root, "IgnorePublicAcls"), Flag(root, "BlockPublicPolicy"), Flag(root, "RestrictPublicBuckets"));
    }

    /// <summary>Writes the document.</summary>
    public XmlAnswer Write() => new XmlAnswer().Root(Root)
        .Element("BlockPublicAcls", BlocksPublicAcls).Element("IgnorePublicAcls", IgnoresPublicAcls)
        .Element("BlockPublicPolicy", BlocksPublicPolicy).Element("RestrictPublicBuckets", RestrictsPublicBuckets).Close();

    private static bool Flag(XElement root, string name) => string.Equals(root.Text(name), "true", StringComparison.OrdinalIgnoreCase);
}
