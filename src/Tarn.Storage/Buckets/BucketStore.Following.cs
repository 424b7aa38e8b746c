using Tarn.Core.Files;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

/// <summary>Files of buckets that other programs write: found by their notes, by a request for the key, and by comparing everything.</summary>
public sealed partial class BucketStore
{
    // Files that become objects with one write of the log when an index is made.
    private const int AdoptedAtOnce = 500;

    /// <summary>
    /// Compares the files of a bucket with the index, and makes the index right: to be called once after the store was opened, in the background, since
    /// other programs may have changed files while nobody was there to see it.
    /// </summary>
    /// <returns>Number of objects that were added, replaced or removed.</returns>
    public async Task<long> ReconcileAsync(string bucket, CancellationToken cancellationToken = default)
    {
        using var use = Enter(bucket);
        long changed = 0;
        foreach (var (key, stat) in PlainFiles(bucket, ""))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!IsRecorded(FindCurrent(bucket, key), stat))
                changed += await ReconcileKeyAsync(use.Bucket, key, isDeletionKnown: false, cancellationToken).ConfigureAwait(false);
        }

        foreach (var stored in CurrentVersions(bucket).Where(s => s.Place == ObjectPlace.Plain))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (StatPlain(bucket, stored.Record.Key) is null)
                changed += await ReconcileKeyAsync(use.Bucket, stored.Record.Key, isDeletionKnown: false, cancellationToken).ConfigureAwait(false);
        }

        return changed;
    }

    /// <summary>Looks where notes say that something was changed, and compares the bucket when that is owed: another one, whose files may not be readable, keeps nobody from this one.</summary>
    private async ValueTask FollowAsync(BucketState bucket, CancellationToken cancellationToken)
    {
        if (!bucket.OwesComparison && !_outside.HasNotes())
            return;
        await _following.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FollowNotesAsync(cancellationToken).ConfigureAwait(false);
            if (bucket.OwesComparison)
                await ReconcileAsync(bucket.Name, cancellationToken).ConfigureAwait(false);
            bucket.OwesComparison = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Translate(error, "Cannot read what was noted about changed files", _outside.Folder);
        }
        finally
        {
            _following.Release();
        }
    }

    private async ValueTask FollowNotesAsync(CancellationToken cancellationToken)
    {
        var (paths, isAll, notes) = _outside.Read();
        foreach (string path in paths)
        {
            int slash = path.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && _buckets.TryGetValue(path[..slash], out var bucket) && PlainKeys.IsPlain(path[(slash + 1)..], distinguishesCase: true))
                await ReconcileKeyAsync(bucket, path[(slash + 1)..], isDeletionKnown: true, cancellationToken).ConfigureAwait(false);
        }

        // As long as the order to look at everything stands, nobody leaves notes: it goes before the comparison, so that what changes meanwhile is told.
        if (isAll)
        {
            foreach (var bucket in _buckets.Values)
                bucket.OwesComparison = true;
        }

        _outside.Remove(notes);
    }

    private async ValueTask<int> ReconcileKeyAsync(BucketState bucket, string key, bool isDeletionKnown, CancellationToken cancellationToken)
    {
        using var held = await _keys.EnterAsync(bucket.Name, key, cancellationToken).ConfigureAwait(false);
        var before = FindCurrent(bucket.Name, key);
        var after = await ReconcileAsync(bucket, held, key, cancellationToken, isDeletionKnown).ConfigureAwait(false);
        return before?.Sequence == after?.Sequence ? 0 : 1;
    }

    /// <summary>Makes an index from the folders and files that are there.</summary>
    private async ValueTask AdoptEverythingAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in _files.Enumerate(_folders.DataFolder).Where(e => e.IsFolder && BucketNames.IsAllowed(e.Path)))
        {
            if (!_buckets.ContainsKey(folder.Path))
                await AddBucketAsync(new BucketRecord(folder.Path, _time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            var bucket = _buckets[folder.Path];
            foreach (var files in PlainFiles(bucket.Name, "").Chunk(AdoptedAtOnce))
            {
                var change = new ObjectChange(bucket.Name);
                foreach (var (key, stat) in files)
                    change.AddVersion(Adopted(bucket, key, stat));
                await _index.CommitAsync(change.ToBatch(), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private IEnumerable<(string Key, FileStat Stat)> PlainFiles(string bucket, string prefix)
    {
        string folder = _folders.Absolute(prefix.Length == 0 ? bucket : BucketFolders.Plain(bucket, prefix[..^1]));
        if (_files.Stat(folder) is not { IsFolder: true })
            yield break;
        foreach (var entry in _files.Enumerate(folder))
        {
            string key = prefix + entry.Path;
            if (!PlainKeys.IsPlain(key, distinguishesCase: true) || entry.IsLink)
                continue;
            if (!entry.IsFolder)
            {
                yield return (key, entry);
                continue;
            }

            foreach (var inner in PlainFiles(bucket, key + "/"))
                yield return inner;
        }
    }

    /// <summary>The newest version of every key in order, delete markers included.</summary>
    private IEnumerable<StoredObject> CurrentVersions(string bucket)
    {
        using var walk = new KeyWalk(_index.OpenCursor(), IndexKeys.Objects(bucket), [], []);
        for (bool isThere = walk.SeekFirst(); isThere; isThere = walk.MoveNextKey())
            yield return ObjectCodec.Read(ObjectKeys.Decode(walk.Key), IndexKeys.ReadSequence(walk.Rest), walk.Value);
    }
}
