using System.Collections.Immutable;
using System.Text;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public ValueTask<UploadPage> ListUploadsAsync(string bucket, UploadQuery query, CancellationToken cancellationToken = default)
    {
        RequireLimit(query.Limit);
        using var use = Enter(bucket);
        using var walk = new KeyWalk(_index.OpenCursor(), IndexKeys.Uploads(bucket), ObjectKeys.Encode(query.Prefix), ObjectKeys.Encode(query.Delimiter));
        var uploads = ImmutableArray.CreateBuilder<UploadRecord>();
        var prefixes = ImmutableArray.CreateBuilder<string>();
        (string? Key, string? UploadId) last = default;
        bool isThere = SeekStart(walk, query), isTruncated = false;
        while (isThere && query.Limit > 0 && !isTruncated)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (uploads.Count + prefixes.Count == query.Limit)
            {
                isTruncated = true;
            }
            else if (walk.CommonPrefixLength is > 0 and var length)
            {
                last = (ObjectKeys.Decode(walk.Key[..length]), null);
                prefixes.Add(last.Key!);
                isThere = walk.MoveBehindCommonPrefix();
            }
            else
            {
                last = (ObjectKeys.Decode(walk.Key), Encoding.UTF8.GetString(walk.Rest));
                uploads.Add(UploadCodec.Read(last.Key!, last.UploadId!, walk.Value));
                isThere = walk.MoveNext();
            }
        }

        return ValueTask.FromResult(new UploadPage(uploads.ToImmutable(), prefixes.ToImmutable(), isTruncated, isTruncated ? last.Key : null, isTruncated ? last.UploadId : null));
    }

    private static bool SeekStart(KeyWalk walk, UploadQuery query)
    {
        if (query.AfterKey is not { } after)
            return walk.SeekFirst();
        return query.AfterUploadId is { } uploadId
            ? walk.SeekBehindEntry(ObjectKeys.Encode(after), ObjectKeys.Encode(uploadId))
            : walk.SeekBehindKey(ObjectKeys.Encode(after));
    }
}
