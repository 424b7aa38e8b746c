using Tarn.S3.Checksums;
using Tarn.S3.Operations;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>The headers that answer a stored object.</summary>
internal static class StoredAnswer
{
    /// <summary>Writes entity tag, version, expiration and checksums.</summary>
    public static void WriteHeaders(S3Call call, BucketRecord bucket, ObjectRecord record)
    {
        var headers = call.Response.Headers;
        headers.ETag = ObjectHeaders.Quoted(record.ETag);
        if (bucket.Versioning == BucketVersioning.Enabled)
            headers["x-amz-version-id"] = record.VersionId;
        ObjectHeaders.WriteExpiration(call, bucket, record);
        foreach (var checksum in record.Checksums)
        {
            headers[checksum.Algorithm.Header] = checksum.Value;
            headers["x-amz-checksum-type"] = checksum.IsComposite ? "COMPOSITE" : "FULL_OBJECT";
        }
    }
}
