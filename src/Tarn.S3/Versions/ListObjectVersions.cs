using Tarn.Access;
using Tarn.S3.Acls;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Objects;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Versions;

/// <summary>ListObjectVersions: versions and delete markers in order of key, newest first.</summary>
internal sealed class ListObjectVersions : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:ListBucketVersions", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var query = call.Request.Query;
        bool isEncoded = ListingParameters.IsUrlEncoded(query);
        string keyMarker = query["key-marker"] ?? "", versionMarker = query["version-id-marker"] ?? "";
        if (keyMarker.Length == 0 && versionMarker.Length > 0)
            throw new S3Exception(S3Error.InvalidArgument, "A version-id marker cannot be specified without a key marker.").With("ArgumentName", "version-id-marker");
        int limit = ListingParameters.Limit(query, "max-keys");
        var page = await call.Services.Store.ListAsync(
            call.Request.Bucket,
            new()
            {
                IncludesVersions = true,
                Prefix = query["prefix"] ?? "",
                Delimiter = query["delimiter"] ?? "",
                AfterKey = keyMarker.Length == 0 ? null : keyMarker,
                AfterVersionId = versionMarker.Length == 0 ? null : versionMarker,
                Limit = limit,
            },
            cancellationToken);

        var xml = new XmlAnswer().Root("ListVersionsResult").Element("Name", call.Request.Bucket);
        xml.Key("Prefix", query["prefix"] ?? "", isEncoded).Key("KeyMarker", keyMarker, isEncoded).Element("VersionIdMarker", versionMarker);
        if (page.IsTruncated)
            xml.Key("NextKeyMarker", page.NextKey ?? "", isEncoded).Optional("NextVersionIdMarker", page.NextVersionId);
        xml.Element("MaxKeys", limit);
        if (query.TryGet("delimiter", out string? delimiter))
            xml.Key("Delimiter", delimiter, isEncoded);
        if (isEncoded)
            xml.Element("EncodingType", "url");
        xml.Element("IsTruncated", page.IsTruncated);
        var owners = new Dictionary<string, AccessOwner>();
        foreach (var record in page.Objects)
            Write(xml, record, await OwnerAsync(call, owners, record, cancellationToken), isEncoded);
        foreach (string prefix in page.CommonPrefixes)
            xml.Open("CommonPrefixes").Key("Prefix", prefix, isEncoded).Close();
        await call.RespondAsync(xml.Close(), cancellationToken);
    }

    private static async ValueTask<AccessOwner> OwnerAsync(S3Call call, Dictionary<string, AccessOwner> owners, ObjectRecord record, CancellationToken cancellationToken)
    {
        string id = ObjectOwnership.OwnerOf(await call.BucketAsync(cancellationToken), record);
        if (!owners.TryGetValue(id, out var owner))
            owners[id] = owner = await call.OwnerAsync(id, cancellationToken);
        return owner;
    }

    private static void Write(XmlAnswer xml, ObjectRecord record, AccessOwner owner, bool isEncoded)
    {
        xml.Open(record.IsDeleteMarker ? "DeleteMarker" : "Version").Key("Key", record.Key, isEncoded);
        xml.Element("VersionId", record.VersionId).Element("IsLatest", record.IsLatest).Element("LastModified", record.LastModified);
        if (!record.IsDeleteMarker)
        {
            xml.Element("ETag", $"\"{record.ETag}\"");
            foreach (var checksum in record.Checksums)
                xml.Element("ChecksumAlgorithm", checksum.Algorithm.Name).Element("ChecksumType", checksum.IsComposite ? "COMPOSITE" : "FULL_OBJECT");
            xml.Element("Size", record.SizeBytes).Element("StorageClass", ListingParameters.StorageClass(record.Headers));
        }

        xml.Open("Owner").Element("ID", owner.CanonicalId).Element("DisplayName", owner.DisplayName).Close().Close();
    }
}
