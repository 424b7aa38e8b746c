using System.Text;
using Tarn.Access;
using Tarn.S3.Acls;
using Tarn.S3.Authorization;
using Tarn.S3.Errors;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Buckets;

/// <summary>ListBuckets: the buckets of the caller's account and the lake when the caller may list it, in pages; root sees those of all accounts.</summary>
internal sealed class ListBuckets : IS3Operation
{
    private const int MaximumPage = 10_000;

    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => new("s3:ListAllMyBuckets");

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var query = call.Request.Query;
        int limit = query.Integer("max-buckets", 1, MaximumPage) ?? MaximumPage;
        string prefix = query["prefix"] ?? "";
        string after = query.TryGet("continuation-token", out string? token) ? Decode(token) : "";
        query.TryGet("bucket-region", out string? region);
        var options = call.Services.Options;
        var candidates = (await call.Services.Store.ListBucketsAsync(cancellationToken))
            .Where(b => b.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(b.Name, after) > 0)
            .Where(b => region is null || BucketLocation.RegionOf(b, options) == region);
        var found = await VisibleAsync(call, candidates, limit + 1, cancellationToken);

        var owner = await call.OwnerAsync(call.CallerId, cancellationToken);
        var xml = new XmlAnswer().Root("ListAllMyBucketsResult");
        xml.Open("Owner").Element("ID", owner.CanonicalId).Element("DisplayName", owner.DisplayName).Close();
        xml.Open("Buckets");
        foreach (var bucket in found.Take(limit))
        {
            xml.Open("Bucket").Element("Name", bucket.Name).Element("CreationDate", bucket.CreatedAt);
            xml.Element("BucketRegion", BucketLocation.RegionOf(bucket, options)).Close();
        }

        xml.Close();
        if (found.Count > limit)
            xml.Element("ContinuationToken", Encode(found[limit - 1].Name));
        if (prefix.Length > 0)
            xml.Element("Prefix", prefix);
        await call.RespondAsync(xml.Close(), cancellationToken);
    }

    private static async ValueTask<List<BucketRecord>> VisibleAsync(S3Call call, IEnumerable<BucketRecord> buckets, int limit, CancellationToken cancellationToken)
    {
        var visible = new List<BucketRecord>();
        foreach (var bucket in buckets)
        {
            if (call.Caller?.Kind == CallerKind.Root || await call.OwnsAsync(bucket, cancellationToken) || await MayListAsync(call, bucket, cancellationToken))
                visible.Add(bucket);
            if (visible.Count == limit)
                break;
        }

        return visible;
    }

    // Nobody made the bucket that every data folder has, so it is shown to those whom policies let look into it.
    private static async ValueTask<bool> MayListAsync(S3Call call, BucketRecord bucket, CancellationToken cancellationToken)
        => bucket.Owner.Length == 0 && await call.IsAllowedAsync(new("s3:ListBucket", bucket.Name), cancellationToken: cancellationToken);

    private static string Encode(string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(name));

    private static string Decode(string token)
    {
        byte[] bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new S3Exception(S3Error.InvalidArgument, "The continuation token provided is incorrect").With("ArgumentName", "continuation-token");
    }
}
