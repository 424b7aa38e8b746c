using System.Collections.Immutable;
using System.Xml.Linq;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Multipart;

/// <summary>The document <c>CompleteMultipartUpload</c>: which parts make the object.</summary>
internal static class CompletedMultipartUpload
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "CompleteMultipartUpload";

    /// <summary>Reads the document.</summary>
    /// <exception cref="S3Exception">MalformedXML, InvalidPartOrder, or InvalidArgument for a part number that cannot be.</exception>
    public static ImmutableArray<PartReference> Parse(ReadOnlyMemory<byte> body)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("Part");
        ImmutableArray<PartReference> parts = [.. root.Elements().Select(Part)];
        if (parts.Length is 0 or > BucketLimits.PartNumber)
            throw new S3Exception(S3Error.MalformedXML, $"The document names {parts.Length} parts; 1 to {BucketLimits.PartNumber} are possible.");
        parts = WithoutReplaced(parts);
        for (int i = 1; i < parts.Length; i++)
        {
            if (parts[i].Number <= parts[i - 1].Number)
                throw new S3Exception(S3Error.InvalidPartOrder);
        }

        return parts;
    }

    // Who uploads a part again may name both uploads, one behind the other; the later one is what is stored.
    private static ImmutableArray<PartReference> WithoutReplaced(ImmutableArray<PartReference> parts)
        => [.. parts.Where((part, i) => i + 1 == parts.Length || parts[i + 1].Number != part.Number || parts[i + 1].ETag == part.ETag)];

    private static PartReference Part(XElement element)
    {
        long number = element.Integer("PartNumber") ?? throw new S3Exception(S3Error.MalformedXML, "'Part' lacks 'PartNumber'.");
        if (number is < 1 or > BucketLimits.PartNumber)
        {
            throw new S3Exception(S3Error.InvalidArgument, $"PartNumber must be an integer between 1 and {BucketLimits.PartNumber}")
                .With("ArgumentName", "partNumber").With("ArgumentValue", $"{number}");
        }

        var checksums = ChecksumAlgorithms.All.Where(a => element.Child(a.Element) is not null).Select(a => new ObjectChecksum(a, element.Required(a.Element)));
        return new((int)number, Unquote(element.Required("ETag")), [.. checksums]);
    }

    // Quotes come as ", &quot; and &#34;, or not at all; the parser has turned all of them into signs.
    private static string Unquote(string etag) => etag.Trim('"');
}
