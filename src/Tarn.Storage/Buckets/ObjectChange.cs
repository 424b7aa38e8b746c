using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Records;

namespace Tarn.Storage.Buckets;

/// <summary>Collects what one request changes in the index and in files, to be logged as one batch.</summary>
internal sealed class ObjectChange(BucketFolders folders, string bucket)
{
    private readonly Dictionary<byte[], byte[]?> _changes = new(KeyComparer.Instance);
    private readonly List<FileEffect> _moves = [], _places = [], _removals = [];
    private long _count, _sizeBytes;

    public string Bucket => bucket;

    /// <summary>Whether it only removes, so that it must succeed on a full disk.</summary>
    public bool FreesRoom { get; init; }

    /// <summary>The place under the bucket's quota that what it adds holds until it is visible; null when it adds nothing.</summary>
    public QuotaPlace? Quota { get; set; }

    /// <summary>In the order in which they can be taken back: only moves stand before something that may fail.</summary>
    public IReadOnlyList<FileEffect> Effects => [.. _moves, .. _places, .. _removals];

    public void Set(byte[] key, byte[] value) => _changes[key] = value;

    public void Remove(byte[] key) => _changes[key] = null;

    public void Place(FileEffect effect) => _places.Add(effect);

    public void Count(long count, long sizeBytes)
    {
        _count += count;
        _sizeBytes += sizeBytes;
    }

    public void AddVersion(StoredObject stored)
    {
        Write(stored);
        Count(stored.Record.IsDeleteMarker ? 0 : 1, stored.Record.SizeBytes);
    }

    /// <summary>Writes a version again whose length has not changed.</summary>
    public void Write(StoredObject stored) => Set(KeyOf(stored), ObjectCodec.Write(stored));

    /// <summary>Removes a version and its file.</summary>
    /// <param name="stored">The version.</param>
    /// <param name="keepsFile">Whether its file stays, because another one takes its place or somebody else has written or removed it.</param>
    public void RemoveVersion(StoredObject stored, bool keepsFile = false)
    {
        Remove(KeyOf(stored));
        Count(stored.Record.IsDeleteMarker ? 0 : -1, -stored.Record.SizeBytes);
        if (stored.Place != ObjectPlace.None && !keepsFile)
            _removals.Add(new RemoveFile(PathOf(stored)));
    }

    public void RemoveOwnFile(ulong fileId) => _removals.Add(new RemoveFile(BucketFolders.Own(bucket, fileId)));

    /// <summary>Makes room for a newer version: the plain file gets a name of its own.</summary>
    public void Supersede(StoredObject stored)
    {
        if (stored.Place != ObjectPlace.Plain)
            return;
        var moved = stored with { Place = ObjectPlace.Own, FileId = stored.Sequence };
        _moves.Add(new MoveFile(PathOf(moved), PathOf(stored)));
        Write(moved);
    }

    /// <summary>Gives a version that had a file of its own the plain file of its key, which is reserved.</summary>
    public void Surface(StoredObject stored)
    {
        var moved = stored with { Place = ObjectPlace.Plain };
        _moves.Add(new MoveFile(PathOf(moved), PathOf(stored)));
        Write(moved);
    }

    public IndexBatch ToBatch()
    {
        // A listing may pass while the changes are made: the new version comes before the old one goes.
        var batch = new IndexBatch { FreesRoom = FreesRoom, Changes = [.. _changes.OrderBy(c => c.Value is null).Select(c => new IndexChange(c.Key, c.Value))] };
        if (_count != 0 || _sizeBytes != 0)
            batch.Counters.Add(new CounterChange(IndexKeys.Usage(bucket), _count, _sizeBytes));
        var effects = Effects;
        if (effects.Count > 0)
            batch.Effects = FileEffects.Write(effects);
        return batch;
    }

    /// <summary>The batch that takes this one back: what was there before, and no effects.</summary>
    public IndexBatch ToReverse(Func<byte[], byte[]?> present)
    {
        // On a full disk, too, must it be possible to take a change back.
        var batch = new IndexBatch { FreesRoom = true, Changes = [.. _changes.Keys.Select(k => new IndexChange(k, present(k)))] };
        batch.Counters.Add(new CounterChange(IndexKeys.Usage(bucket), -_count, -_sizeBytes));
        batch.Effects = FileEffects.Write([.. Effects.Reverse().SelectMany(Cancelled)]);
        return batch;
    }

    public string PathOf(StoredObject stored) => folders.PathOf(bucket, stored);

    // A move has left a note at its source, too.
    private static IEnumerable<FileEffect> Cancelled(FileEffect effect) => effect is MoveFile move
        ? [new CancelEffect(move.Path), new CancelEffect(move.Source)]
        : [new CancelEffect(effect.Path)];

    private byte[] KeyOf(StoredObject stored) => IndexKeys.Version(bucket, ObjectKeys.Encode(stored.Record.Key), stored.Sequence);
}
