using System.Buffers;
using System.Collections.Concurrent;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Embedded;

/// <summary>Group commit: one thread at a time writes for all that wait.</summary>
public sealed partial class EmbeddedCommitLog
{
    private const int MaxBatch = 256;

    private readonly ConcurrentQueue<PendingCommit> _queue = new();
    private int _isDraining;
    private long? _doubtfulFrom;

    /// <inheritdoc/>
    public async ValueTask<CommitRecord> AppendAsync(CommitRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Changes.Count == 0)
            throw new ArgumentException("A commit needs at least one change.", nameof(request));
        var pending = new PendingCommit(request);
        await using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((PendingCommit)state!).Cancel(token), pending).ConfigureAwait(false);
        _queue.Enqueue(pending);
        if (Interlocked.CompareExchange(ref _isDraining, 1, 0) == 0)
            _ = Task.Run(DrainAsync, CancellationToken.None);
        return await pending.Outcome.ConfigureAwait(false);
    }

    // Whoever finds the flag down raises it; after lowering it one must look again, for a commit may have come in between.
    private async Task DrainAsync()
    {
        do
        {
            while (!_queue.IsEmpty)
                await WriteNextBatchAsync().ConfigureAwait(false);
            Volatile.Write(ref _isDraining, 0);
        }
        while (!_queue.IsEmpty && Interlocked.CompareExchange(ref _isDraining, 1, 0) == 0);
    }

    private async Task WriteNextBatchAsync()
    {
        var batch = new List<PendingCommit>();
        try
        {
            _folders.Ensure(_folder);
            using (await _turns.TakeAsync(CancellationToken.None).ConfigureAwait(false))
            {
                TakeBatch(batch);
                WriteBatch(batch);
            }
        }
        catch (Exception error)
        {
            TakeBatch(batch);
            var shown = error is IOException or UnauthorizedAccessException ? FileErrors.Translate(error, "Cannot write the commit log", _path) : error;
            foreach (var pending in batch)
                pending.Fail(shown);
        }

        foreach (var pending in batch)
            pending.Complete();
        WriteCheckpointWhenDue();
    }

    private void TakeBatch(List<PendingCommit> batch)
    {
        while (batch.Count < MaxBatch && _queue.TryDequeue(out var pending))
        {
            if (pending.TryStart())
                batch.Add(pending);
        }
    }

    /// <summary>Decides, writes and syncs a batch. Runs under the turn.</summary>
    private void WriteBatch(List<PendingCommit> batch)
    {
        if (batch.Count == 0)
            return;
        lock (_gate)
        {
            if (!TryOpen())
            {
                CreateLog();
                TryOpen();
            }
        }

        using var writer = _files.OpenWrite(_path);
        var before = RefreshAndRepair(writer);
        var (payload, commits) = Decide(batch, before.State);
        if (commits.Count > 0)
            WriteFrame(writer, before, payload, commits);
    }

    // A tail that no acknowledged commit stands in is what a crash left; it must be gone, durably, before anything is written over it.
    private LogCursor RefreshAndRepair(IFileHandle writer)
    {
        var cursor = Refresh();
        if (writer.LengthBytes > cursor.Offset)
        {
            writer.Truncate(cursor.Offset);
            writer.Sync();
        }

        if (_doubtfulFrom is { } from)
            Rewrite(writer, from, cursor.Offset);
        return cursor;
    }

    // After a failed sync the kernel may count pages as written that are not: writing them again makes the next sync mean what it says.
    private static void Rewrite(IFileHandle writer, long from, long end)
    {
        var bytes = new byte[Math.Max(0, end - from)];
        int read = writer.Read(bytes, from);
        if (read > 0)
            writer.Write(bytes.AsSpan(0, read), from);
    }

    private (ArrayBufferWriter<byte> Payload, List<CommitRecord> Commits) Decide(List<PendingCommit> batch, LogState state)
    {
        var payload = new ArrayBufferWriter<byte>();
        var commits = new List<CommitRecord>(batch.Count);
        foreach (var pending in batch)
        {
            try
            {
                if (payload.WrittenCount > LogFormat.MaxPayloadBytes / 2)
                    throw new TarnException(ErrorKind.Unavailable, "Too many large commits arrived at once and nothing was changed; try again.");
                foreach (var condition in pending.Request.Conditions)
                    condition.Require(state, pending.Request.At);
                var commit = Number(pending.Request, state);
                state = state.Apply(commit);
                CommitJson.Write(payload, commit);
                commits.Add(commit);
                pending.Decide(commit);
            }
            catch (TarnException error)
            {
                pending.Fail(error);
            }
        }

        return (payload, commits);
    }

    private CommitRecord Number(CommitRequest request, LogState state)
    {
        var now = _time.GetUtcNow();
        return new CommitRecord(state.Number + 1, now > state.Time ? now : state.Time, request.Principal, request.At, request.Changes);
    }

    private void WriteFrame(IFileHandle writer, LogCursor before, ArrayBufferWriter<byte> payload, List<CommitRecord> commits)
    {
        if (payload.WrittenCount > LogFormat.MaxPayloadBytes)
            throw TarnException.Invalid($"A commit of {payload.WrittenCount} bytes is larger than the {LogFormat.MaxPayloadBytes} that the commit log takes; change fewer things at once.");
        var frame = new byte[FrameHeader.SizeBytes + payload.WrittenCount];
        payload.WrittenSpan.CopyTo(frame.AsSpan(FrameHeader.SizeBytes));
        var header = new FrameHeader(payload.WrittenCount, before.Offset, before.DurableOffset, commits[0].Number, commits.Count, before.Checksum, 0).Seal(frame);
        WriteOrTakeBack(writer, frame, before.Offset);
        SyncOrDoubt(writer, before.Offset);
        lock (_gate)
        {
            // A reader of this process may have followed the frame already; then only its durability is news.
            if (_cursor.Offset < header.End)
                _cursor = before.Advance(header, commits);
            _cursor = _cursor with { DurableOffset = Math.Max(_cursor.DurableOffset, header.End) };
        }
    }

    private void WriteOrTakeBack(IFileHandle writer, byte[] frame, long offset)
    {
        try
        {
            writer.Write(frame, offset);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TakeBack(writer, offset, error);
            throw;
        }
    }

    private void TakeBack(IFileHandle writer, long offset, Exception cause)
    {
        try
        {
            writer.Truncate(offset);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unknown(new AggregateException(cause, error));
        }
    }

    private void SyncOrDoubt(IFileHandle writer, long offset)
    {
        try
        {
            writer.Sync();
            _doubtfulFrom = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _doubtfulFrom ??= offset;
            throw Unknown(error);
        }
    }

    private CommitStateUnknownException Unknown(Exception cause) =>
        new($"The commit log '{_path}' could not be written to the disk, and the commit may or may not stand: {cause.Message} Look at the table again before repeating the change; delete none of its files.", cause);

    private void CreateLog()
    {
        string temporary = _path + ".new"; // one name: under the turn nobody else uses it, and an interrupted creation is overwritten
        using (var file = _files.OpenWrite(temporary))
        {
            file.Truncate(0);
            file.Write(LogFormat.WriteHeader(Guid.NewGuid()), 0);
            file.Sync();
        }

        _files.Rename(temporary, _path, replace: false);
        _files.SyncFolder(_folder);
    }
}
