using Tarn.S3.Acls;
using Tarn.S3.Checksums;
using Tarn.S3.Objects;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;

namespace Tarn.S3.Multipart;

/// <summary>ListParts: the parts of an upload that were stored so far.</summary>
internal sealed class ListParts : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => null;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var request = call.Request;
        bool isEncoded = ListingParameters.IsUrlEncoded(request.Query);
        int limit = ListingParameters.Limit(request.Query, "max-parts"), after = request.Query.Integer("part-number-marker", 0, int.MaxValue) ?? 0;
        string uploadId = request.Query["uploadId"] ?? "";
        await UploadRights.RequireAsync(call, "s3:ListMultipartUploadParts", uploadId, cancellationToken);
        var page = await call.Services.Store.ListPartsAsync(request.Bucket, request.Key, uploadId, after, limit, cancellationToken);
        var owner = await call.OwnerAsync(page.Upload.Commit.Owner, cancellationToken);

        var xml = new XmlAnswer().Root("ListPartsResult").Element("Bucket", request.Bucket).Key("Key", request.Key, isEncoded).Element("UploadId", uploadId);
        xml.Open("Initiator").Element("ID", owner.CanonicalId).Element("DisplayName", owner.DisplayName).Close();
        xml.Open("Owner").Element("ID", owner.CanonicalId).Element("DisplayName", owner.DisplayName).Close();
        xml.Element("StorageClass", ListingParameters.StorageClass(page.Upload.Commit.Headers)).Element("PartNumberMarker", after);
        xml.Element("NextPartNumberMarker", page.Parts.IsEmpty ? after : page.Parts[^1].Number).Element("MaxParts", limit).Element("IsTruncated", page.IsTruncated);
        UploadChecksum.Write(xml, page.Upload);
        foreach (var part in page.Parts)
        {
            xml.Open("Part").Element("PartNumber", part.Number).Element("LastModified", part.LastModified).Element("ETag", $"\"{part.ETag}\"").Element("Size", part.SizeBytes);
            // Checksums that the client did not ask for are not told, as with Amazon S3.
            foreach (var checksum in part.Checksums.Where(c => c.Algorithm == page.Upload.ChecksumAlgorithm))
                xml.Element(checksum.Algorithm.Element, checksum.Value);
            xml.Close();
        }

        await call.RespondAsync(xml.Close(), cancellationToken);
    }
}
