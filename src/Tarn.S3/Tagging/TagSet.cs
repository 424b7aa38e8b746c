using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tarn.S3.Errors;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tagging;

/// <summary>The document <c>Tagging</c> and the header <c>x-amz-tagging</c> ("Categorizing your storage using tags").</summary>
internal static partial class TagSet
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "Tagging";

    /// <summary>Most tags of an object.</summary>
    public const int ObjectLimit = 10;

    /// <summary>Most tags of a bucket.</summary>
    public const int BucketLimit = 50;

    private const int KeyLength = 128, ValueLength = 256;

    /// <summary>Reads the document.</summary>
    /// <exception cref="S3Exception">MalformedXML, or InvalidTag for tags that break a rule.</exception>
    public static ImmutableSortedDictionary<string, string> Parse(ReadOnlyMemory<byte> body, int limit)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("TagSet");
        var set = root.AtMostOne("TagSet") ?? throw new S3Exception(S3Error.MalformedXML, "'Tagging' lacks 'TagSet'.");
        set.Allow("Tag");
        var tags = ObjectRecord.NoTags.ToBuilder();
        foreach (var tag in set.Children("Tag"))
        {
            tag.Allow("Key", "Value");
            // White space is part of a tag.
            string key = tag.Child("Key")?.Value ?? throw new S3Exception(S3Error.MalformedXML, "'Tag' lacks 'Key'.");
            Add(tags, key, tag.Child("Value")?.Value ?? throw new S3Exception(S3Error.MalformedXML, "'Tag' lacks 'Value'."), limit);
        }

        return tags.ToImmutable();
    }

    /// <summary>Reads the header: <c>key=value&amp;key=value</c>, percent-encoded. Null is no tag.</summary>
    /// <exception cref="S3Exception">InvalidArgument when it is not encoded so; InvalidTag.</exception>
    public static ImmutableSortedDictionary<string, string> ParseHeader(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return ObjectRecord.NoTags;
        var tags = ObjectRecord.NoTags.ToBuilder();
        foreach (var parameter in Parameters(header))
            Add(tags, parameter.Name, parameter.Value, ObjectLimit);
        return tags.ToImmutable();
    }

    /// <summary>Writes the elements of a set.</summary>
    public static void Write(XmlAnswer xml, IReadOnlyDictionary<string, string> tags)
    {
        xml.Open("TagSet");
        foreach (var (key, value) in tags)
            xml.Open("Tag").Element("Key", key).Element("Value", value).Close();
        xml.Close();
    }

    /// <summary>The whole document.</summary>
    public static XmlAnswer Document(IReadOnlyDictionary<string, string> tags)
    {
        var xml = new XmlAnswer().Root(Root);
        Write(xml, tags);
        return xml.Close();
    }

    private static IReadOnlyList<QueryParameter> Parameters(string header)
    {
        try
        {
            return RequestQuery.Parse(header).Parameters;
        }
        catch (S3Exception e)
        {
            throw new S3Exception(S3Error.InvalidArgument, "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.", e)
                .With("ArgumentName", "x-amz-tagging").With("ArgumentValue", header);
        }
    }

    /// <summary>Adds a tag to a set.</summary>
    /// <exception cref="S3Exception">InvalidTag.</exception>
    public static void Add(ImmutableSortedDictionary<string, string>.Builder tags, string key, string value, int limit)
    {
        if (key.Length is 0 or > KeyLength || !Allowed().IsMatch(key))
            throw new S3Exception(S3Error.InvalidTag, "The TagKey you have provided is invalid").With("TagKey", Shown(key));
        if (value.Length > ValueLength || !Allowed().IsMatch(value))
            throw new S3Exception(S3Error.InvalidTag, "The TagValue you have provided is invalid").With("TagKey", key).With("TagValue", Shown(value));
        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            throw new S3Exception(S3Error.InvalidTag, "System tags cannot be added/updated by requester").With("TagKey", key);
        if (!tags.TryAdd(key, value))
            throw new S3Exception(S3Error.InvalidTag, "Cannot provide multiple Tags with the same key").With("TagKey", key);
        if (tags.Count > limit)
            throw new S3Exception(S3Error.InvalidTag, string.Create(CultureInfo.InvariantCulture, $"There can be at most {limit} tags."));
    }

    private static string Shown(string text) => text.Length <= ValueLength ? text : text[..ValueLength] + "…";

    // "The allowed characters are letters, spaces, and numbers representable in UTF-8, and + - = . _ : / @".
    [GeneratedRegex(@"^[\p{L}\p{M}\p{Z}\p{N}_.:/=+\-@]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
