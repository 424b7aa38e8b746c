using Tarn.Core.Errors;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;
using Tarn.Storage.Local;

namespace Tarn.Storage.Buckets;

public sealed partial class BucketStore
{
    /// <inheritdoc/>
    public async ValueTask<BucketRecord> CreateBucketAsync(BucketRecord bucket, CancellationToken cancellationToken = default)
    {
        BucketNames.Require(bucket.Name);
        BucketRules.RequireConsistent(bucket);
        await _bucketNames.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_buckets.ContainsKey(bucket.Name))
                throw new BucketStoreException(BucketFault.BucketAlreadyExists, $"A bucket '{bucket.Name}' exists already.");
            return await AddBucketAsync(bucket with { CreatedAt = _time.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _bucketNames.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<BucketRecord?> FindBucketAsync(string bucket, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(_buckets.GetValueOrDefault(bucket)?.Record);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<BucketRecord>> ListBucketsAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlyList<BucketRecord>>([.. _buckets.Values.Select(b => b.Record).OrderBy(b => b.Name, StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public async ValueTask<BucketRecord> UpdateBucketAsync(string bucket, Func<BucketRecord, BucketRecord> change, CancellationToken cancellationToken = default)
    {
        using var use = Enter(bucket);
        await use.Bucket.Changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var present = use.Bucket.Record;
            var changed = change(present) with { Name = present.Name, CreatedAt = present.CreatedAt };
            BucketRules.RequireAllowed(present, changed);
            await _index.CommitAsync(new IndexBatch { Changes = { new IndexChange(IndexKeys.Bucket(bucket), BucketCodec.Write(changed)) } }, cancellationToken).ConfigureAwait(false);
            return use.Bucket.Record = changed;
        }
        finally
        {
            use.Bucket.Changes.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteBucketAsync(string bucket, CancellationToken cancellationToken = default)
    {
        await _bucketNames.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var state = Require(bucket);
            if (bucket == LocalObjectStore.LakeBucket)
                throw new BucketStoreException(BucketFault.InvalidBucketState, $"The bucket '{bucket}' is the warehouse of the data folder and cannot be deleted.");
            if (!state.TryClose())
                throw NotEmpty(bucket);
            await RemoveBucketAsync(state, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _bucketNames.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<BucketUsage> ReadUsageAsync(string bucket, CancellationToken cancellationToken = default)
    {
        var (count, size) = _index.ReadCounter(IndexKeys.Usage(Require(bucket).Name));
        return ValueTask.FromResult(new BucketUsage(count, size));
    }

    private async ValueTask<BucketRecord> AddBucketAsync(BucketRecord bucket, CancellationToken cancellationToken)
    {
        _durableFolders.Ensure(_folders.Absolute(bucket.Name));
        _durableFolders.Ensure(_folders.Absolute(BucketFolders.Own(bucket.Name)));
        await _index.CommitAsync(new IndexBatch { Changes = { new IndexChange(IndexKeys.Bucket(bucket.Name), BucketCodec.Write(bucket)) } }, cancellationToken).ConfigureAwait(false);
        _buckets[bucket.Name] = StateOf(bucket);
        return bucket;
    }

    private BucketState StateOf(BucketRecord bucket) => new(
        bucket, _options.QuotaBytes.TryGetValue(bucket.Name, out long configured) ? configured : null, () => _index.ReadCounter(IndexKeys.Usage(bucket.Name)).SizeBytes);

    private async ValueTask RemoveBucketAsync(BucketState state, CancellationToken cancellationToken)
    {
        bool isRemoved = false;
        try
        {
            if (Holds(IndexKeys.Objects(state.Name)) || Holds(IndexKeys.Uploads(state.Name)) || HasFiles(_folders.Absolute(state.Name)))
                throw NotEmpty(state.Name);
            var batch = new IndexBatch { FreesRoom = true };
            batch.Remove(IndexKeys.Bucket(state.Name));
            foreach (byte[] key in KeysUnder(IndexKeys.CompletedOf(state.Name)))
                batch.Remove(key);
            await _index.CommitAsync(batch, cancellationToken).ConfigureAwait(false);
            isRemoved = true;
            _buckets.TryRemove(state.Name, out _);
            RemoveFolders(_folders.Absolute(state.Name));
            RemoveFolders(_folders.Absolute(BucketFolders.Own(state.Name)));
        }
        finally
        {
            if (!isRemoved)
                state.Reopen();
        }
    }

    private bool Holds(byte[] prefix)
    {
        using var cursor = _index.OpenCursor();
        return cursor.Seek(prefix) && cursor.Key.StartsWith(prefix);
    }

    private List<byte[]> KeysUnder(byte[] prefix)
    {
        var keys = new List<byte[]>();
        using var cursor = _index.OpenCursor();
        for (bool isThere = cursor.Seek(prefix); isThere && cursor.Key.StartsWith(prefix); isThere = cursor.MoveNext())
            keys.Add(cursor.Key.ToArray());
        return keys;
    }

    private bool HasFiles(string folder) =>
        _files.Stat(folder) is not null && _files.Enumerate(folder).Any(e => !e.IsFolder || HasFiles(Path.Join(folder, e.Path)));

    // Only folders without files; a file that appears meanwhile keeps its folder, and the bucket can be created again over it.
    private void RemoveFolders(string folder)
    {
        try
        {
            foreach (var entry in _files.Enumerate(folder).Where(e => e.IsFolder))
                RemoveFolders(Path.Join(folder, entry.Path));
            _durableFolders.Forget(folder);
            _files.DeleteFolder(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private static BucketStoreException NotEmpty(string bucket) =>
        new(BucketFault.BucketNotEmpty, $"The bucket '{bucket}' is not empty: remove its objects, versions, delete markers and unfinished uploads first.");
}
