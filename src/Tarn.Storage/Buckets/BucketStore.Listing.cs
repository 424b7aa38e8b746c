using System.Collections.Immutable;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public async ValueTask<ObjectPage> ListAsync(string bucket, ObjectQuery query, CancellationToken cancellationToken = default)
    {
        RequireLimit(query.Limit);
        using var use = Enter(bucket);
        await FollowAsync(use.Bucket, query.Prefix, cancellationToken).ConfigureAwait(false);
        return List(bucket, query, cancellationToken);
    }

    private ObjectPage List(string bucket, ObjectQuery query, CancellationToken cancellationToken)
    {
        byte[] start = IndexKeys.Objects(bucket);
        using var walk = new KeyWalk(_index.OpenCursor(), start, ObjectKeys.Encode(query.Prefix), ObjectKeys.Encode(query.Delimiter));
        var page = new PageBuilder(query);
        var memo = new RecordMemo();
        byte[] lastKey = [];
        bool isThere = SeekStart(walk, bucket, query, ref lastKey);
        while (isThere && query.Limit > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isLatest = !walk.Key.SequenceEqual(lastKey);
            if (isLatest && query.IncludesVersions)
                lastKey = walk.Key.ToArray();
            if (!query.IncludesVersions && ObjectCodec.IsDeleteMarker(walk.Value))
                isThere = walk.MoveNextKey();
            else if (page.IsFull)
                return page.Build(isTruncated: true);
            else if (walk.CommonPrefixLength is > 0 and var length)
            {
                page.Add(ObjectKeys.Decode(walk.Key[..length]));
                isThere = walk.MoveBehindCommonPrefix();
            }
            else
            {
                var stored = ObjectCodec.Read(ObjectKeys.Decode(walk.Key), IndexKeys.ReadSequence(walk.Rest), walk.Value, memo);
                page.Add(isLatest ? stored.Record with { IsLatest = true } : stored.Record);
                isThere = query.IncludesVersions ? walk.MoveNext() : walk.MoveNextKey();
            }
        }

        return page.Build(isTruncated: false);
    }

    private bool SeekStart(KeyWalk walk, string bucket, ObjectQuery query, ref byte[] lastKey)
    {
        if (query.AfterKey is not { } after)
            return walk.SeekFirst();
        byte[] key = ObjectKeys.Encode(after);
        if (!query.IncludesVersions || query.AfterVersionId is not { } versionId || SequenceOf(bucket, after, versionId) is not { } sequence)
            return walk.SeekBehindKey(key);
        lastKey = key;
        return walk.SeekBehindEntry(key, IndexKeys.SequenceBytes(sequence));
    }

    // The version itself may have been removed since the page before.
    private ulong? SequenceOf(string bucket, string key, string versionId)
    {
        if (versionId == ObjectRecord.NullVersionId)
            return FindVersion(bucket, key, versionId)?.Sequence;
        return VersionIds.TryParse(versionId, out ulong sequence, out _) ? sequence : null;
    }

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, BucketLimits.PageEntries);
    }

    private sealed class PageBuilder(ObjectQuery query)
    {
        private readonly ImmutableArray<ObjectRecord>.Builder _objects = ImmutableArray.CreateBuilder<ObjectRecord>();
        private readonly ImmutableArray<string>.Builder _prefixes = ImmutableArray.CreateBuilder<string>();
        private string? _last, _lastVersion;

        public bool IsFull => _objects.Count + _prefixes.Count >= query.Limit;

        public void Add(ObjectRecord record)
        {
            _objects.Add(record);
            (_last, _lastVersion) = (record.Key, query.IncludesVersions ? record.VersionId : null);
        }

        public void Add(string prefix)
        {
            _prefixes.Add(prefix);
            (_last, _lastVersion) = (prefix, null);
        }

        public ObjectPage Build(bool isTruncated) =>
            new(_objects.ToImmutable(), _prefixes.ToImmutable(), isTruncated, isTruncated ? _last : null, isTruncated ? _lastVersion : null);
    }
}
