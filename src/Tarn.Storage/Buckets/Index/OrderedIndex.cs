using System.Collections.Immutable;
using Tarn.Core.Errors;

namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// An ordered map from bytes to bytes on disk, owned by one process: a log that many writers share, the newest changes sorted in memory, and immutable
/// sorted segments that are merged in the background. A change is first made durable (<see cref="LogAsync"/>) and then visible
/// (<see cref="LoggedBatch.Apply"/>), so that its owner can do in between what the log promises.
/// </summary>
internal sealed partial class OrderedIndex : IAsyncDisposable
{
    private readonly IndexFiles _folder;
    private readonly IndexLimits _limits;
    private readonly GroupCommit _commits;
    private readonly Lock _logGate = new(), _viewGate = new();
    private View _view;
    private IndexManifest _manifest;
    private long _nextLog;
    private bool _isClosed;

    private OrderedIndex(IndexFiles folder, IndexLimits limits, IndexManifest manifest, View view, long nextLog)
    {
        (_folder, _limits, _manifest, _view, _nextLog) = (folder, limits, manifest, view, nextLog);
        _commits = new GroupCommit(WriteGroup);
    }

    /// <summary>Whether the index was created by this opening.</summary>
    public bool IsNew { get; private init; }

    /// <summary>Makes a batch durable. The caller must then apply it or give it up.</summary>
    /// <exception cref="TarnException">Nothing was logged; Unavailable says that the index must be opened anew.</exception>
    public async ValueTask<LoggedBatch> LogAsync(IndexBatch batch, CancellationToken cancellationToken = default)
    {
        await WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        return new LoggedBatch(await _commits.LogAsync(batch, cancellationToken).ConfigureAwait(false), batch);
    }

    /// <summary>Makes a batch durable and visible.</summary>
    public async ValueTask CommitAsync(IndexBatch batch, CancellationToken cancellationToken = default) =>
        (await LogAsync(batch, cancellationToken).ConfigureAwait(false)).Apply();

    /// <summary>The value of a key; null when there is none.</summary>
    public byte[]? Get(ReadOnlySpan<byte> key)
    {
        var view = Volatile.Read(ref _view);
        if (view.Active.Changes.TryGet(key, out var value) || (view.Frozen is { } frozen && frozen.Changes.TryGet(key, out value)))
            return value;
        return GetStored(view, key);
    }

    /// <summary>The sums of a pair of counters.</summary>
    public (long Count, long SizeBytes) ReadCounter(byte[] key)
    {
        var view = Volatile.Read(ref _view);
        var (count, size) = StoredCounter(view, key);
        var recent = view.Active.Counter(key);
        var frozen = view.Frozen?.Counter(key) ?? default;
        return (count + recent.Count + frozen.Count, size + recent.SizeBytes + frozen.SizeBytes);
    }

    /// <summary>A cursor over all entries that are not removed. It sees a batch that is applied meanwhile or not, and must be disposed.</summary>
    public IndexCursor OpenCursor()
    {
        var view = Volatile.Read(ref _view);
        var cursors = new List<IndexCursor> { view.Active.Changes.Open() };
        if (view.Frozen is { } frozen)
            cursors.Add(frozen.Changes.Open());
        cursors.AddRange(view.Segments.Select(s => s.RentCursor()));
        return new MergedCursor(cursors, showsRemoved: false);
    }

    /// <summary>Waits for what is under way and closes the files. Logged changes stay in the log for the next opening.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_logGate)
            _isClosed = true;
        await FinishBackgroundAsync().ConfigureAwait(false);
        _view.Active.Dispose();
        _view.Frozen?.Dispose();
        foreach (var segment in _view.Segments)
            segment.Dispose();
        _commits.Dispose();
    }

    private Epoch WriteGroup(IReadOnlyList<IndexBatch> batches)
    {
        lock (_logGate)
        {
            if (_isClosed)
                throw new TarnException(ErrorKind.Unavailable, $"The object index '{_folder.Folder}' is closed.");
            var epoch = _view.Active;
            epoch.Expect(batches.Count);
            try
            {
                epoch.Log!.Append(batches);
            }
            catch
            {
                epoch.Settle(batches.Count);
                throw;
            }

            RotateWhenFull();
            return epoch;
        }
    }

    private static byte[]? GetStored(View view, ReadOnlySpan<byte> key)
    {
        foreach (var segment in view.Segments)
        {
            using var cursor = segment.RentCursor();
            if (cursor.Seek(key) && cursor.Key.SequenceEqual(key))
                return cursor.IsRemoved ? null : cursor.Value.ToArray();
        }

        return null;
    }

    private static (long Count, long SizeBytes) StoredCounter(View view, byte[] key)
    {
        if (GetStored(view, key) is not { } stored)
            return (0, 0);
        int at = 0;
        return (VarInt.ReadSigned(stored, ref at), VarInt.ReadSigned(stored, ref at));
    }

    /// <summary>What a reader needs, exchanged as a whole.</summary>
    /// <param name="Active">Takes new batches.</param>
    /// <param name="Frozen">Is becoming a segment; null when none is.</param>
    /// <param name="Segments">Newest first.</param>
    private sealed record View(Epoch Active, Epoch? Frozen, ImmutableArray<Segment> Segments);
}
