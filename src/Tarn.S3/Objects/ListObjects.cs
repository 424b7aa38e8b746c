using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;

namespace Tarn.S3.Objects;

/// <summary>ListObjects: the first version of the listing, which goes on by <c>marker</c>.</summary>
internal sealed class ListObjects(S3Services services) : IS3Operation
{
    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:ListBucket", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var query = call.Request.Query;
        bool isEncoded = ListingParameters.IsUrlEncoded(query);
        int limit = ListingParameters.Limit(query, "max-keys");
        string prefix = query["prefix"] ?? "", delimiter = query["delimiter"] ?? "", marker = query["marker"] ?? "";
        var page = await services.Store.ListAsync(
            call.Request.Bucket, new() { Prefix = prefix, Delimiter = delimiter, AfterKey = marker.Length == 0 ? null : marker, Limit = limit }, cancellationToken);
        // A page of no entries says nothing about what follows.
        bool isTruncated = page.IsTruncated && limit > 0;

        // boto3 asks for encoded keys by itself and decodes every element but this one.
        bool isPrefixEncoded = isEncoded && !XmlAnswer.CanHold(prefix);
        var xml = new XmlAnswer().Root("ListBucketResult").Element("Name", call.Request.Bucket).Key("Prefix", prefix, isPrefixEncoded).Key("Marker", marker, isEncoded);
        // Amazon S3 tells it only beside a delimiter, but it is right without one.
        if (isTruncated)
            xml.Key("NextMarker", page.NextKey!, isEncoded);
        xml.Element("MaxKeys", limit);
        if (delimiter.Length > 0)
            xml.Key("Delimiter", delimiter, isEncoded);
        if (isEncoded)
            xml.Element("EncodingType", "url");
        xml.Element("IsTruncated", isTruncated);
        await ListedObject.WriteAsync(xml, page, isEncoded, new(call), cancellationToken);
        await call.RespondAsync(xml.Close(), cancellationToken);
    }
}
