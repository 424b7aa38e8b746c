using Tarn.S3.Acls;
using Tarn.S3.Errors;
using Tarn.S3.Objects;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Multipart;

/// <summary>ListMultipartUploads: uploads that are neither completed nor aborted, in order of key and upload id.</summary>
internal sealed class ListMultipartUploads : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:ListBucketMultipartUploads", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var query = call.Request.Query;
        bool isEncoded = ListingParameters.IsUrlEncoded(query);
        int limit = ListingParameters.Limit(query, "max-uploads");
        // Without a key marker the upload marker has no meaning.
        string keyMarker = query["key-marker"] ?? "", uploadMarker = keyMarker.Length == 0 ? "" : query["upload-id-marker"] ?? "";
        if (limit == 0)
            throw new S3Exception(S3Error.InvalidArgument, "max-uploads must be at least 1.").With("ArgumentName", "max-uploads").With("ArgumentValue", "0");
        var page = await call.Services.Store.ListUploadsAsync(
            call.Request.Bucket,
            new()
            {
                Prefix = query["prefix"] ?? "",
                Delimiter = query["delimiter"] ?? "",
                AfterKey = keyMarker.Length == 0 ? null : keyMarker,
                AfterUploadId = uploadMarker.Length == 0 ? null : uploadMarker,
                Limit = limit,
            },
            cancellationToken);

        var xml = new XmlAnswer().Root("ListMultipartUploadsResult").Element("Bucket", call.Request.Bucket);
        xml.Key("KeyMarker", keyMarker, isEncoded).Element("UploadIdMarker", uploadMarker);
        if (page.IsTruncated)
            xml.Key("NextKeyMarker", page.NextKey ?? "", isEncoded).Element("NextUploadIdMarker", page.NextUploadId ?? "");
        xml.Key("Prefix", query["prefix"] ?? "", isEncoded);
        if (query.TryGet("delimiter", out string? delimiter))
            xml.Key("Delimiter", delimiter, isEncoded);
        if (isEncoded)
            xml.Element("EncodingType", "url");
        xml.Element("MaxUploads", limit).Element("IsTruncated", page.IsTruncated);
        foreach (var upload in page.Uploads)
            await WriteAsync(call, xml, upload, isEncoded, cancellationToken);
        foreach (string prefix in page.CommonPrefixes)
            xml.Open("CommonPrefixes").Key("Prefix", prefix, isEncoded).Close();
        await call.RespondAsync(xml.Close(), cancellationToken);
    }

    private static async ValueTask WriteAsync(S3Call call, XmlAnswer xml, UploadRecord upload, bool isEncoded, CancellationToken cancellationToken)
    {
        var owner = await call.OwnerAsync(upload.Commit.Owner, cancellationToken);
        xml.Open("Upload").Key("Key", upload.Commit.Key, isEncoded).Element("UploadId", upload.UploadId);
        xml.Open("Initiator").Element("ID", owner.CanonicalId).Element("DisplayName", owner.DisplayName).Close();
        xml.Open("Owner").Element("ID", owner.CanonicalId).Element("DisplayName", owner.DisplayName).Close();
        xml.Element("StorageClass", ListingParameters.StorageClass(upload.Commit.Headers)).Element("Initiated", upload.Initiated);
        UploadChecksum.Write(xml, upload);
        xml.Close();
    }
}
