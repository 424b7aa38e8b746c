using Tarn.S3.Errors;
using Tarn.S3.Xml;

namespace Tarn.S3.Buckets;

/// <summary>The document <c>CreateBucketConfiguration</c>.</summary>
internal static class CreateBucketConfiguration
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "CreateBucketConfiguration";

    private const int MaximumLength = 64;

    /// <summary>Reads the location constraint; empty when the body is, or names none.</summary>
    /// <exception cref="S3Exception">MalformedXML; InvalidLocationConstraint; NotImplemented for directory buckets.</exception>
    public static string Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            return "";
        var root = XmlRequest.Read(body, Root);
        root.Allow("LocationConstraint", "Location", "Bucket", "Tags");
        if (root.Child("Location") is not null || root.Child("Bucket") is not null || root.Child("Tags") is not null)
            throw new S3Exception(S3Error.NotImplemented, "Directory buckets and tags at creation are not implemented; use PutBucketTagging.");
        string location = root.Text("LocationConstraint") ?? "";
        bool isName = location.Length <= MaximumLength && location.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        return isName ? location
            : throw new S3Exception(S3Error.InvalidLocationConstraint, $"'{location}' is not the name of a region.").With("LocationConstraint", location);
    }
}
