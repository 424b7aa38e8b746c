using System.Collections.Concurrent;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Events;
using Tarn.Storage.Buckets.Files;
using Tarn.Storage.Buckets.Index;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Outside;

namespace Tarn.Storage.Buckets;

/// <summary>
/// Buckets in a data folder. The bytes of an object are a plain file, <c>bucket/key</c> in the data folder, wherever the key allows; everything else about it
/// is in an index beside, which one process owns at a time. Other processes may write files of a bucket through
/// <see cref="Local.LocalObjectStore"/>: they become objects without an upload.
/// </summary>
public sealed partial class BucketStore : IBucketStore, IAsyncDisposable
{
    private readonly IFileSystem _files;
    private readonly BucketFolders _folders;
    private readonly BucketStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly OrderedIndex _index;
    private readonly SequenceSource _sequences;
    private readonly EffectRunner _effects;
    private readonly DurableFolders _durableFolders;
    private readonly PlainPaths _plainPaths;
    private readonly FolderLinks _links;
    private readonly IDisposable _ownership;
    private readonly KeyLocks _keys = new(), _uploads = new(), _checksums = new();
    private readonly ConcurrentDictionary<string, BucketState> _buckets = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _bucketNames = new(1), _following = new(1);
    private readonly OutsideChanges _outside;
    private readonly OwedKeys _owed = new();
    private readonly bool _distinguishesCase = OperatingSystem.IsLinux();
    private TarnException? _failure;

    private BucketStore(
        IFileSystem files, BucketFolders folders, DurableFolders durableFolders, OrderedIndex index, BucketStoreOptions options, TimeProvider time, Func<ulong>? random, IDisposable ownership)
    {
        (_files, _folders, _durableFolders, _index, _options, _time, _ownership) = (files, folders, durableFolders, index, options, time, ownership);
        _sequences = new SequenceSource(time, random);
        _effects = new EffectRunner(files, folders, durableFolders);
        _outside = new OutsideChanges(files, folders.DataFolder);
        _links = new FolderLinks(files, folders);
        _plainPaths = new PlainPaths(files, folders, durableFolders, _links);
    }

    /// <summary>What happens to objects from now on.</summary>
    public ObjectEvents Events { get; } = new();

    /// <summary>Brings the index on disk up to date and cuts its log, so that the next start has nothing to repeat.</summary>
    public ValueTask CheckpointAsync() => _index.CheckpointAsync();

    /// <summary>Closes the store. Nothing that was acknowledged depends on this.</summary>
    public async ValueTask DisposeAsync()
    {
        await _index.DisposeAsync().ConfigureAwait(false);
        _ownership.Dispose();
        _keys.Dispose();
        _uploads.Dispose();
        _checksums.Dispose();
        _bucketNames.Dispose();
        _following.Dispose();
        foreach (var bucket in _buckets.Values)
            bucket.Dispose();
    }

    private void Tell(ObjectEventKind kind, string bucket, ObjectRecord record) => Events.Publish(new ObjectEvent(kind, bucket, record, _time.GetUtcNow()));

    private BucketState Require(string bucket) => _buckets.TryGetValue(bucket, out var state) ? state : throw NoSuchBucket(bucket);

    private BucketUse Enter(string bucket)
    {
        var state = Require(bucket);
        return state.TryEnter() ? new BucketUse(state) : throw NoSuchBucket(bucket);
    }

    private static BucketStoreException NoSuchBucket(string bucket) => new(BucketFault.NoSuchBucket, $"There is no bucket '{bucket}'.");

    /// <summary>Logs a change, carries out its effects and makes it visible. When an effect fails, everything is as before.</summary>
    private async ValueTask ApplyAsync(ObjectChange change, KeyLocks.Held? held, CancellationToken cancellationToken)
    {
        if (_failure is { } failure)
            throw new TarnException(failure.Kind, failure.Message, failure);
        var logged = await _index.LogAsync(change.ToBatch(), cancellationToken).ConfigureAwait(false);
        held?.BeginChange();
        try
        {
            _effects.Run(change.Effects, logged.Dirty);
            if (change.Quota is { } quota)
                quota.Settle(logged);
            else
                logged.Apply();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await TakeBackAsync(change, logged, error).ConfigureAwait(false);
            throw StoreErrors.Translate(error, $"Cannot store objects of the bucket '{change.Bucket}'", _folders.Absolute(change.Bucket));
        }
        finally
        {
            held?.EndChange();
        }
    }

    private async ValueTask TakeBackAsync(ObjectChange change, LoggedBatch logged, Exception cause)
    {
        try
        {
            _effects.TakeBack(change.Effects);
            var reverse = await _index.LogAsync(change.ToReverse(k => _index.Get(k))).ConfigureAwait(false);
            reverse.GiveUp();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TarnException)
        {
            string what = $"The disk failed while objects of the bucket '{change.Bucket}' were stored";
            const string state = "and the change could not be taken back: the store takes no changes until it is opened again.";
            _failure = new TarnException(ErrorKind.Unavailable, $"{what} ({cause.Message}), {state}", error) { ClientMessage = $"{what}, {state}" };
            throw _failure;
        }
        finally
        {
            logged.GiveUp();
        }
    }
}
