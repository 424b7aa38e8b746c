using Tarn.S3.Errors;
using Tarn.S3.Requests;

namespace Tarn.S3.Copying;

/// <summary>What <c>x-amz-copy-source</c> names.</summary>
/// <param name="Bucket">Bucket.</param>
/// <param name="Key">Key.</param>
/// <param name="VersionId">Version; null for the newest.</param>
internal sealed record CopySource(string Bucket, string Key, string? VersionId)
{
    /// <summary>Name of the header.</summary>
    public const string Header = "x-amz-copy-source";

    private const string Version = "?versionId=";

    /// <summary>Reads the header: <c>bucket/key?versionId=id</c>, percent-encoded, with or without a leading slash.</summary>
    /// <exception cref="S3Exception">InvalidArgument; NotImplemented for access points.</exception>
    public static CopySource Read(S3Request request)
    {
        string text = request.Header(Header) ?? "";
        if (text.StartsWith("arn:", StringComparison.Ordinal))
            throw new S3Exception(S3Error.NotImplemented, "Access points are not implemented; name the source as bucket/key.");
        int at = text.LastIndexOf(Version, StringComparison.Ordinal);
        string? version = at < 0 ? null : text[(at + Version.Length)..];
        // An encoded slash may stand between bucket and key.
        if (!PercentCoding.TryDecode(at < 0 ? text : text[..at], false, out string path))
            throw Invalid(text, "Invalid copy source encoding.");
        path = path.TrimStart('/');
        int slash = path.IndexOf('/');
        if (slash <= 0 || slash == path.Length - 1)
            throw Invalid(text, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        return version == "" ? throw Invalid(text, "Version id cannot be the empty string") : new(path[..slash], path[(slash + 1)..], version);
    }

    private static S3Exception Invalid(string value, string message)
        => new S3Exception(S3Error.InvalidArgument, message).With("ArgumentName", Header).With("ArgumentValue", value);
}
