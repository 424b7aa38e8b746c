using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Storage.Remote;

/// <summary>A location <c>s3://bucket/key</c>, taken apart. The key is the text as it stands, never URL-decoded.</summary>
/// <param name="Bucket">Name of the bucket.</param>
/// <param name="Key">The key; empty for the bucket itself.</param>
internal readonly record struct S3Location(string Bucket, string Key)
{
    private const string Scheme = "s3://";

    // docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
    private const int KeyLimitBytes = 1024;

    /// <summary>Whether a mapped location lies in a bucket.</summary>
    public static bool IsBucket(string mapped) => mapped.StartsWith(Scheme, StringComparison.Ordinal);

    /// <param name="location">As recorded, for messages.</param>
    /// <param name="mapped">After <see cref="LocationMap.Map"/>; <see cref="IsBucket"/> holds.</param>
    /// <param name="isPrefix">It is what keys begin with, which requests name elsewhere than in their path, and may end within a segment.</param>
    /// <exception cref="TarnException">InvalidRequest for a location without a bucket, or whose key no client can address.</exception>
    public static S3Location Parse(string location, string mapped, bool isPrefix = false)
    {
        string rest = mapped[Scheme.Length..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string bucket = slash < 0 ? rest : rest[..slash];
        string key = slash < 0 ? "" : rest[(slash + 1)..];
        if (bucket.Length == 0)
            throw TarnException.Invalid($"Location '{location}' names no bucket.");
        if (System.Text.Encoding.UTF8.GetByteCount(key) > KeyLimitBytes)
            throw TarnException.Invalid($"Location '{location}' has a key of more than {KeyLimitBytes} bytes, which S3 does not hold.");
        if (key.Split('/').SkipLast(isPrefix ? 1 : 0).FirstOrDefault(segment => segment is "." or "..") is { } resolved)
            throw TarnException.Invalid($"Location '{location}' has the path segment '{resolved}', which HTTP clients resolve to another key.");

        return new S3Location(bucket, key);
    }

    /// <summary>The same for an object that is to be written.</summary>
    /// <exception cref="TarnException">InvalidRequest for a folder.</exception>
    public S3Location RequireObject(string location) => Key.Length > 0 && !Key.EndsWith('/')
        ? this
        : throw TarnException.Invalid($"Location '{location}' names a folder; an object needs a name that does not end with a slash.");
}
