using System.Buffers;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Appending;

namespace Tarn.Metastore.Embedded;

/// <summary>Group commit: what waits shares one write and one sync.</summary>
public sealed partial class EmbeddedCommitLog
{
    private readonly CommitQueue _queue;
    private long? _doubtfulFrom;

    /// <inheritdoc/>
    public ValueTask<CommitRecord> AppendAsync(CommitRequest request, CancellationToken cancellationToken = default) => _queue.EnqueueAsync(request, cancellationToken);

    private async Task WriteNextBatchAsync()
    {
        var batch = new List<PendingCommit>();
        try
        {
            _folders.Ensure(_folder);
            using (await _turns.TakeAsync(CancellationToken.None).ConfigureAwait(false))
            {
                _queue.Take(batch);
                WriteBatch(batch);
            }
        }
        catch (Exception error)
        {
            _queue.Take(batch);
            var shown = error is IOException or UnauthorizedAccessException ? FileErrors.Translate(error, "Cannot write the commit log", _path) : error;
            foreach (var pending in batch)
                pending.Fail(shown);
        }

        foreach (var pending in batch)
            pending.Complete();
        WriteCheckpointWhenDue();
    }

    /// <summary>Decides, writes and syncs a batch. Runs under the turn.</summary>
    private void WriteBatch(List<PendingCommit> batch)
    {
        if (batch.Count == 0)
            return;
        lock (_gate)
        {
            RequireHome();
            if (!TryOpen())
            {
                CreateLog();
                TryOpen();
            }
        }

        using var writer = _files.OpenWrite(_path);
        lock (_gate)
            LetGoUnlessSame(writer);
        var before = RefreshAndRepair(writer);
        var decided = DecidedBatch.Decide(batch, before.State, _time);
        if (decided.Commits.Count > 0)
            WriteFrame(writer, before, decided.Payload, decided.Commits);
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

    private void WriteFrame(IFileHandle writer, LogCursor before, ArrayBufferWriter<byte> payload, IReadOnlyList<CommitRecord> commits)
    {
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

    // Under the turn, so nobody else does it at the same time.
    private void CreateLog() => WholeFile.Write(_files, _path, LogFormat.WriteHeader(Guid.NewGuid()), replace: false);
}
