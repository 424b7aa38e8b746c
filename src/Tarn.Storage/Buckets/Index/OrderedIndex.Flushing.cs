using System.Buffers;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Files;

namespace Tarn.Storage.Buckets.Index;

internal sealed partial class OrderedIndex
{
    private Task _flush = Task.CompletedTask;
    private Exception? _flushFailure;
    private long _flushAgainAt;

    /// <summary>Brings all applied changes into segments and starts a new log.</summary>
    public async ValueTask CheckpointAsync()
    {
        await FinishFlushAsync(rotates: false).ConfigureAwait(false);
        await FinishFlushAsync(rotates: true).ConfigureAwait(false);
    }

    private async ValueTask FinishFlushAsync(bool rotates)
    {
        Task flush;
        lock (_logGate)
        {
            if (_view.Frozen is null && rotates)
                Rotate();
            else
                StartFlushUnlessRunning();
            flush = _flush;
        }

        await flush.ConfigureAwait(false);
        if (Volatile.Read(ref _flushFailure) is { } failure)
            throw FlushFailed(failure);
    }

    private async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _view).Active.Log!.LengthBytes > _limits.LogBytes * IndexLimits.LogOverrun)
        {
            if (Volatile.Read(ref _flushFailure) is { } failure && _flush.IsCompleted)
            {
                lock (_logGate)
                    StartFlushUnlessRunning();
                throw FlushFailed(failure);
            }

            await Volatile.Read(ref _flush).WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (_logGate)
                RotateWhenFull();
        }
    }

    private void RotateWhenFull()
    {
        var active = _view.Active;
        bool isFull = active.Log!.LengthBytes >= _limits.LogBytes || active.Changes.SizeBytes >= _limits.MemoryBytes;
        if (isFull && _view.Frozen is null)
            TryRotate();
        else if (isFull && _flushFailure is not null && active.Log.LengthBytes >= _flushAgainAt)
            StartFlushUnlessRunning();
    }

    // The batches that filled the log are durable already: failing to begin the next log is no failure of theirs.
    private void TryRotate()
    {
        try
        {
            Rotate();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _flushFailure = error;
        }
    }

    private void Rotate()
    {
        long number = _nextLog;
        var next = new Epoch([number], LogWriter.Create(_folder.Disk, _folder.Log(number), number, _limits, needsReserve: true));
        _nextLog++;
        lock (_viewGate)
            _view = _view with { Active = next, Frozen = _view.Active };
        StartFlush();
    }

    private void StartFlushUnlessRunning()
    {
        if (_view.Frozen is not null && _flush.IsCompleted && !_isClosed)
            StartFlush();
    }

    private void StartFlush()
    {
        var frozen = _view.Frozen!;
        _flush = Task.Run(() => FlushAsync(frozen));
    }

    private async Task FlushAsync(Epoch frozen)
    {
        try
        {
            await frozen.CloseAsync().ConfigureAwait(false);
            await WriteFrozenAsync(frozen).ConfigureAwait(false);
            Volatile.Write(ref _flushFailure, null);
        }
        catch (Exception error)
        {
            // Whatever it was, a lack of memory or threads too: nothing is lost, the log stays, and the next full log tries again or, on a full disk, refuses its writers with this reason.
            Volatile.Write(ref _flushFailure, error);
            _flushAgainAt = _view.Active.Log!.LengthBytes + _limits.LogBytes;
            return;
        }

        StartMergeWhenDue();
    }

    private async Task WriteFrozenAsync(Epoch frozen)
    {
        KeepCounters(frozen);
        long number = frozen.Changes.IsEmpty ? 0 : TakeNumber();
        var segment = number == 0 ? null : WriteSegment(number, frozen.Changes.Open(), keepsRemoved: true);
        await frozen.Dirty.SyncAsync(_folder.Disk).ConfigureAwait(false);
        lock (_viewGate)
        {
            var segments = segment is null ? _view.Segments : _view.Segments.Insert(0, segment);
            Publish(_manifest with { FirstLog = frozen.LogNumbers[^1] + 1, Segments = [.. segments.Select(s => s.Number)] });
            _view = _view with { Frozen = null, Segments = segments };
        }

        frozen.Dispose();
        foreach (long log in frozen.LogNumbers)
            _folder.Disk.DeleteFile(_folder.Log(log));
    }

    // The sums as they are at the end of this epoch; those of later batches are added again when the log is read.
    private void KeepCounters(Epoch frozen)
    {
        foreach (var counter in frozen.Counters())
        {
            var (count, size) = StoredCounter(_view, counter.Key);
            var value = new ArrayBufferWriter<byte>();
            VarInt.WriteSigned(value, count + counter.Count);
            VarInt.WriteSigned(value, size + counter.SizeBytes);
            frozen.Changes.Set(counter.Key, value.WrittenSpan.ToArray());
        }
    }

    private long TakeNumber()
    {
        lock (_viewGate)
        {
            long number = _manifest.NextNumber;
            _manifest = _manifest with { NextNumber = number + 1 };
            return number;
        }
    }

    private void Publish(IndexManifest manifest)
    {
        manifest.Write(_folder.Disk, _folder.Folder);
        _manifest = manifest;
    }

    private Segment WriteSegment(long number, IndexCursor entries, bool keepsRemoved)
    {
        string path = _folder.Segment(number);
        _folder.Disk.DeleteFile(path);
        using (var writer = new SegmentWriter(_folder.Disk.CreateNew(path), _limits.BlockBytes))
        {
            for (bool isThere = entries.Seek([]); isThere; isThere = entries.MoveNext())
            {
                if (keepsRemoved || !entries.IsRemoved)
                    writer.Add(entries.Key, entries.Value, entries.IsRemoved);
            }

            writer.Finish();
        }

        _folder.Disk.SyncFolder(_folder.Folder);
        return Segment.Open(_folder.Disk, path, number);
    }

    private TarnException FlushFailed(Exception failure) => failure is TarnException known
        ? known
        : StoreErrors.Translate(failure, "Cannot write the object index", _folder.Folder);
}
