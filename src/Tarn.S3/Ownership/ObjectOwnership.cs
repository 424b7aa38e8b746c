using System.Collections.Frozen;
using System.Text;
using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Ownership;

/// <summary>The document <c>OwnershipControls</c> ("Controlling ownership of objects and disabling ACLs").</summary>
internal static class ObjectOwnership
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "OwnershipControls";

    /// <summary>Header of CreateBucket.</summary>
    public const string Header = "x-amz-object-ownership";

    /// <summary>ACLs are disabled; the bucket's owner owns everything.</summary>
    public const string BucketOwnerEnforced = "BucketOwnerEnforced";

    /// <summary>Objects put with <c>bucket-owner-full-control</c> belong to the bucket's owner.</summary>
    public const string BucketOwnerPreferred = "BucketOwnerPreferred";

    /// <summary>Who stores an object owns it; what a bucket without this document has.</summary>
    public const string ObjectWriter = "ObjectWriter";

    // As they are stored: each decision about an object asks, and reading a document each time would cost more than the rest of it.
    private static readonly FrozenDictionary<string, string> s_stored = new[] { BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter }.ToFrozenDictionary(TextOf);

    /// <summary>The setting of a bucket.</summary>
    public static string Of(BucketRecord bucket) => !bucket.Documents.TryGetValue(BucketDocuments.OwnershipControls, out string? text) ? ObjectWriter
        : s_stored.GetValueOrDefault(text) ?? Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether ACLs are disabled: those that the bucket and its objects have count for nothing, and the bucket's owner owns all.</summary>
    public static bool DisablesAcls(BucketRecord bucket) => Of(bucket) == BucketOwnerEnforced;

    /// <summary>Canonical id of who owns an object that is there; what nobody stored belongs to the bucket's owner.</summary>
    public static string OwnerOf(BucketRecord bucket, ObjectRecord record) => record.Owner.Length == 0 || DisablesAcls(bucket) ? bucket.Owner : record.Owner;

    /// <summary>Reads the document.</summary>
    /// <exception cref="S3Exception">MalformedXML.</exception>
    public static string Parse(ReadOnlyMemory<byte> body)
    {
        var root = XmlRequest.Read(body, Root);
        root.Allow("Rule");
        var rule = root.AtMostOne("Rule") ?? throw new S3Exception(S3Error.MalformedXML, "'OwnershipControls' lacks 'Rule'.");
        rule.Allow("ObjectOwnership");
        return rule.Choice("ObjectOwnership", BucketOwnerPreferred, ObjectWriter, BucketOwnerEnforced);
    }

    /// <summary>The document as it is stored.</summary>
    public static string TextOf(string ownership) => Encoding.UTF8.GetString(Write(ownership).ToUtf8());

    /// <summary>Writes the document.</summary>
    public static XmlAnswer Write(string ownership) => new XmlAnswer().Root(Root).Open("Rule").Element("ObjectOwnership", ownership).Close().Close();

    /// <summary>Canonical id of who owns an object that is stored now.</summary>
    /// <param name="bucket">Where.</param>
    /// <param name="writer">Canonical id of who stores it; empty for anonymous.</param>
    /// <param name="acl">The canned ACL it is stored with; null for none.</param>
    public static string OwnerOf(BucketRecord bucket, string writer, CannedAcl? acl) => Of(bucket) switch
    {
        BucketOwnerEnforced => bucket.Owner,
        BucketOwnerPreferred when acl?.Name == "bucket-owner-full-control" => bucket.Owner,
        _ => writer,
    };
}
