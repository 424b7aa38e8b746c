using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Outside;
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

        foreach (var stored in CurrentVersions(bucket))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (stored.Place == ObjectPlace.Plain && StatPlain(bucket, stored.Record.Key) is null)
                changed += await ReconcileKeyAsync(use.Bucket, stored.Record.Key, isDeletionKnown: false, cancellationToken).ConfigureAwait(false);
            if (stored.Place == ObjectPlace.Own && !PlainKeys.IsPlain(stored.Record.Key))
                await SurfaceAsync(use.Bucket, stored, cancellationToken).ConfigureAwait(false);
        }

        return changed;
    }

    /// <summary>
    /// Looks where notes say that something was changed, and compares the bucket when that is owed. Files that cannot be looked at fail the listings that would
    /// show them, and keep nobody from the others.
    /// </summary>
    private async ValueTask FollowAsync(BucketState bucket, string prefix, CancellationToken cancellationToken)
    {
        if (!bucket.OwesComparison && _owed.Of(bucket.Name, prefix).Count == 0 && !_outside.HasNotes(_owed.NoteCount))
            return;
        await _following.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FollowNotesAsync(cancellationToken).ConfigureAwait(false);
            await SettleAsync(bucket, prefix, cancellationToken).ConfigureAwait(false);
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
        _outside.Remove(_owed.Settle(k => !_buckets.ContainsKey(k.Bucket)));
        var (notes, isAll) = _outside.Read(_owed.Has);
        foreach (var note in notes)
        {
            if (await FollowAsync(note, cancellationToken).ConfigureAwait(false) is { Count: > 0 } failed)
                _owed.Add(note.Name, failed);
        }

        // As long as the order to look at everything stands, nobody leaves notes: it goes before the comparison, so that what changes meanwhile is told.
        if (isAll)
        {
            foreach (var bucket in _buckets.Values)
                bucket.OwesComparison = true;
        }

        _outside.Remove(notes.Select(n => n.Name).Where(n => !_owed.Has(n)));
    }

    /// <returns>What could not be looked at.</returns>
    private async ValueTask<HashSet<(string Bucket, string Key)>> FollowAsync(OutsideNote note, CancellationToken cancellationToken)
    {
        var failed = new HashSet<(string Bucket, string Key)>();
        foreach (string path in note.Paths)
        {
            int slash = path.IndexOf('/', StringComparison.Ordinal);
            if (slash <= 0 || !_buckets.TryGetValue(path[..slash], out var bucket) || !KeyPaths.TryRead(path[(slash + 1)..], out string key))
                continue;
            try
            {
                await ReconcileKeyAsync(bucket, key, isDeletionKnown: true, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or TarnException)
            {
                failed.Add((bucket.Name, key));
            }
        }

        return failed;
    }

    private async ValueTask SettleAsync(BucketState bucket, string prefix, CancellationToken cancellationToken)
    {
        foreach (string key in _owed.Of(bucket.Name, prefix))
        {
            try
            {
                await ReconcileKeyAsync(bucket, key, isDeletionKnown: true, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw StoreErrors.Translate(error, $"Cannot look at the object '{key}' of the bucket '{bucket.Name}', which another program changed", _folders.Absolute(BucketFolders.Below(bucket.Name, KeyPaths.Write(key) ?? key)));
            }

            _outside.Remove(_owed.Settle(k => k == (bucket.Name, key)));
        }
    }

    // Keys that are no names of files once had no plain file, and nobody but this store knows of the files with numbers.
    private async ValueTask SurfaceAsync(BucketState bucket, StoredObject stored, CancellationToken cancellationToken)
    {
        string key = stored.Record.Key;
        using var held = await _keys.EnterAsync(bucket.Name, key, cancellationToken).ConfigureAwait(false);
        if (FindCurrent(bucket.Name, key) is not { Damage: null } current || current.Sequence != stored.Sequence || StatPlain(bucket.Name, key) is not null)
            return;
        using var reservation = TryReservePlain(bucket.Name, key);
        if (reservation is null || _files.Stat(AbsolutePath(bucket.Name, current)) is not { } stat)
            return;
        var change = new ObjectChange(_folders, bucket.Name);
        change.Surface(current with { FileModified = stat.LastModified });
        _durableFolders.Ensure(Path.GetDirectoryName(_folders.Absolute(_folders.Plain(bucket.Name, key)!))!);
        await ApplyAsync(change, held, cancellationToken).ConfigureAwait(false);
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
                var change = new ObjectChange(_folders, bucket.Name);
                foreach (var (key, stat) in files)
                    change.AddVersion(Adopted(bucket, key, stat));
                await _index.CommitAsync(change.ToBatch(), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">Path of the folder below the bucket's, ending with a slash; empty for all.</param>
    private IEnumerable<(string Key, FileStat Stat)> PlainFiles(string bucket, string prefix)
    {
        string folder = _folders.Absolute(prefix.Length == 0 ? bucket : BucketFolders.Below(bucket, prefix[..^1]));
        if (_files.Stat(folder) is not { IsFolder: true })
            yield break;
        foreach (var entry in _files.Enumerate(folder))
        {
            string path = prefix + entry.Path;
            if (entry.IsLink)
                continue;
            if (!entry.IsFolder)
            {
                if (_folders.TryReadKey(bucket, path, out string key))
                    yield return (key, entry);
                continue;
            }

            foreach (var inner in PlainFiles(bucket, path + "/"))
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
