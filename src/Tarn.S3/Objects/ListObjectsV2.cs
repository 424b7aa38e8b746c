using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;

namespace Tarn.S3.Objects;

/// <summary>ListObjectsV2: goes on by a token that the answer gives, or begins behind a key.</summary>
internal sealed class ListObjectsV2(S3Services services) : IS3Operation
{
    /// <summary>True for <c>list-type=2</c>.</summary>
    public static bool IsAsked(S3Request request) => request.Query["list-type"] == "2";

    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnBucket("s3:ListBucket", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var query = call.Request.Query;
        bool isEncoded = ListingParameters.IsUrlEncoded(query);
        int limit = ListingParameters.Limit(query, "max-keys");
        string prefix = query["prefix"] ?? "", delimiter = query["delimiter"] ?? "";
        string? token = query["continuation-token"], startAfter = query["start-after"];
        var page = await services.Store.ListAsync(
            call.Request.Bucket,
            new() { Prefix = prefix, Delimiter = delimiter, AfterKey = ContinuationToken.Read(token ?? "") ?? (startAfter is "" ? null : startAfter), Limit = limit },
            cancellationToken);
        // A page of no entries says nothing about what follows.
        bool isTruncated = page.IsTruncated && limit > 0;

        var xml = new XmlAnswer().Root("ListBucketResult").Element("Name", call.Request.Bucket).Key("Prefix", prefix, isEncoded);
        if (startAfter is not null)
            xml.Key("StartAfter", startAfter, isEncoded);
        xml.Optional("ContinuationToken", token);
        if (isTruncated)
            xml.Element("NextContinuationToken", ContinuationToken.Of(page.NextKey!));
        xml.Element("KeyCount", page.Objects.Length + page.CommonPrefixes.Length).Element("MaxKeys", limit);
        if (delimiter.Length > 0)
            xml.Key("Delimiter", delimiter, isEncoded);
        if (isEncoded)
            xml.Element("EncodingType", "url");
        xml.Element("IsTruncated", isTruncated);
        bool hasOwner = string.Equals(query["fetch-owner"], "true", StringComparison.OrdinalIgnoreCase);
        await ListedObject.WriteAsync(xml, page, isEncoded, hasOwner ? new(call) : null, cancellationToken);
        await call.RespondAsync(xml.Close(), cancellationToken);
    }
}
