using System.Text;
using System.Text.Json;
using Tarn.S3.Errors;
using Tarn.S3.Ownership;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Authorization;

/// <summary>
/// A canned ACL ("Access control list overview: canned ACL"). Its meaning is expressed as a resource policy, so that the same evaluator decides; single
/// grants are not supported.
/// </summary>
internal sealed class CannedAcl
{
    /// <summary>Where the name is kept among an object's headers; it is not given back as one.</summary>
    public const string Header = "x-amz-acl";

    private readonly string? _principal;
    private readonly bool _writes;

    private CannedAcl(string name, string? principal = null, bool writes = false) => (Name, _principal, _writes) = (name, principal, writes);

    /// <summary>The default: only the owner.</summary>
    public static CannedAcl Private { get; } = new("private");

    private static CannedAcl[] All { get; } =
    [
        Private, new("public-read", "*"), new("public-read-write", "*", true), new("authenticated-read", "authenticated"), new("aws-exec-read"),
        new("bucket-owner-read"), new("bucket-owner-full-control"), new("log-delivery-write"),
    ];

    /// <summary>Name as in <c>x-amz-acl</c>.</summary>
    public string Name { get; }

    /// <summary>True when it gives anything to everybody or to every authenticated caller.</summary>
    public bool IsPublic => _principal is not null;

    /// <summary>True when everybody, or every authenticated caller, may read.</summary>
    public bool IsForAuthenticatedOnly => _principal == "authenticated";

    /// <summary>True when everybody may write.</summary>
    public bool IsWritable => _writes;

    /// <summary>The ACL of a name, or null when there is none.</summary>
    public static CannedAcl? Find(string name) => Array.Find(All, a => a.Name == name);

    /// <summary>The ACL of a bucket that counts: the owner's alone where ACLs are disabled.</summary>
    public static CannedAcl Of(BucketRecord bucket) => !ObjectOwnership.DisablesAcls(bucket) && bucket.Documents.TryGetValue(BucketDocuments.Acl, out string? name) ? Find(name) ?? Private : Private;

    /// <summary>The ACL of an object that counts: the owner's alone where ACLs are disabled.</summary>
    public static CannedAcl Of(BucketRecord bucket, ObjectRecord record) => !ObjectOwnership.DisablesAcls(bucket) && record.Headers.TryGetValue(Header, out string? name) ? Find(name) ?? Private : Private;

    /// <summary>The ACL that a request asks for, or null when it asks for none.</summary>
    /// <exception cref="S3Exception">InvalidArgument for an unknown name, NotImplemented for grants.</exception>
    public static CannedAcl? Requested(S3Request request)
    {
        if (request.Headers.Keys.FirstOrDefault(k => k.StartsWith("x-amz-grant-", StringComparison.OrdinalIgnoreCase)) is { } grant)
            throw new S3Exception(S3Error.NotImplemented, $"Grants are not supported ('{grant}'); use a canned ACL or a bucket policy.");
        return request.Header(Header) is not { Length: > 0 } name ? null
            : Find(name) ?? throw new S3Exception(S3Error.InvalidArgument, $"'{name}' is not a canned ACL.").With("ArgumentName", Header).With("ArgumentValue", name);
    }

    /// <summary>What it allows on a bucket, as a policy; null when nothing.</summary>
    public string? OnBucket(string bucket) => _principal is null ? null : Policy(
        $"arn:aws:s3:::{bucket}", ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"],
        _writes ? ($"arn:aws:s3:::{bucket}/*", ["s3:PutObject", "s3:DeleteObject"]) : null);

    /// <summary>What it allows on an object, as a policy; null when nothing.</summary>
    public string? OnObject(string bucket, string key)
        => _principal is null ? null : Policy($"arn:aws:s3:::{bucket}/{Literal(key)}", ["s3:GetObject", "s3:GetObjectVersion"], null);

    // A wildcard in a key stands for itself.
    private static string Literal(string key) => key.Replace("$", "${$}").Replace("*", "${*}").Replace("?", "${?}");

    private string Policy(string resource, string[] actions, (string Resource, string[] Actions)? more)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Version", "2012-10-17");
            json.WriteStartArray("Statement");
            Statement(json, actions, resource);
            if (more is { } second)
                Statement(json, second.Actions, second.Resource);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private void Statement(Utf8JsonWriter json, string[] actions, string resource)
    {
        json.WriteStartObject();
        json.WriteString("Sid", $"CannedAcl{(actions[0] is "s3:PutObject" ? "Write" : "Read")}");
        json.WriteString("Effect", "Allow");
        json.WriteString("Principal", "*");
        json.WriteStartArray("Action");
        foreach (string action in actions)
            json.WriteStringValue(action);
        json.WriteEndArray();
        json.WriteString("Resource", resource);
        if (IsForAuthenticatedOnly)
        {
            // Only an authenticated caller has an ARN.
            json.WriteStartObject("Condition");
            json.WriteStartObject("Null");
            json.WriteString("aws:PrincipalArn", "false");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
