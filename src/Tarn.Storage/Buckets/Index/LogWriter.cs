using System.Buffers;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Storage.Buckets.Files;

namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// Appends batches to a log of its own. One caller at a time. The file is longer than what was written: behind it stand zeros that hold room on the disk,
/// of which the last is kept for batches that free room.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private readonly IFileHandle _file;
    private readonly string _path;
    private readonly IndexLimits _limits;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private uint _previous;
    private long _lengthBytes, _allocatedBytes;
    private bool _hasFailed;

    private LogWriter(IFileHandle file, string path, long number, IndexLimits limits)
    {
        _file = file;
        _path = path;
        _limits = limits;
        _previous = LogFrame.FirstPrevious(number);
    }

    public long LengthBytes => Volatile.Read(ref _lengthBytes);

    /// <summary>Makes an empty log.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">Of the log.</param>
    /// <param name="number">Of the log.</param>
    /// <param name="limits">Say how much room it keeps.</param>
    /// <param name="needsReserve">Whether a disk without room for the reserve is a failure, because another log still has one.</param>
    public static LogWriter Create(IFileSystem files, string path, long number, IndexLimits limits, bool needsReserve)
    {
        // What an earlier start created and never wrote to may be in the way.
        files.DeleteFile(path);
        var writer = new LogWriter(files.CreateNew(path), path, number, limits);
        try
        {
            if (!writer.TryAllocate(limits.ReservedBytes, out var full) && needsReserve)
                throw full!;
            files.SyncFolder(Path.GetDirectoryName(path)!);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Writes and syncs batches with one write and one sync. A failed write is taken back.</summary>
    /// <exception cref="TarnException">ResourceExhausted, … : nothing was appended. Unavailable: the disk failed in the middle, and the log must be opened anew.</exception>
    public void Append(IReadOnlyList<IndexBatch> batches)
    {
        if (_hasFailed)
            throw Failed(null);
        uint previous = Encode(batches);
        RequireRoom(batches);
        Write();
        try
        {
            _file.Sync();
        }
        catch (IOException error)
        {
            // Whether the bytes are on the disk is unknown, and a second sync may call lost pages clean.
            _hasFailed = true;
            throw Failed(error);
        }

        _previous = previous;
        Volatile.Write(ref _lengthBytes, _lengthBytes + _buffer.WrittenCount);
        _allocatedBytes = Math.Max(_allocatedBytes, _lengthBytes);
    }

    public void Dispose() => _file.Dispose();

    private uint Encode(IReadOnlyList<IndexBatch> batches)
    {
        _buffer.ResetWrittenCount();
        uint previous = _previous;
        foreach (var batch in batches)
        {
            int start = _buffer.WrittenCount;
            _buffer.GetSpan(LogFrame.HeaderBytes)[..LogFrame.HeaderBytes].Clear();
            _buffer.Advance(LogFrame.HeaderBytes);
            batch.WriteTo(_buffer);
            int length = _buffer.WrittenCount - start - LogFrame.HeaderBytes;
            int padding = LogFrame.Padded(length) - LogFrame.HeaderBytes - length;
            _buffer.GetSpan(LogFrame.Alignment)[..padding].Clear();
            _buffer.Advance(padding);
            var frame = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_buffer.WrittenMemory).Span[start..];
            previous = LogFrame.Seal(frame, length, previous, _lengthBytes + start, _lengthBytes);
        }

        return previous;
    }

    private void RequireRoom(IReadOnlyList<IndexBatch> batches)
    {
        long end = _lengthBytes + _buffer.WrittenCount, wanted = end + _limits.ReservedBytes;
        if (wanted <= _allocatedBytes || TryAllocate(wanted + _limits.GrowthBytes, out _) || TryAllocate(wanted, out var full))
            return;
        // Those who free room write into the reserve, and behind it as far as the disk lets them.
        if (!batches.All(b => b.FreesRoom))
            throw StoreErrors.Translate(full!, "Cannot write the log of the object index", _path);
    }

    private bool TryAllocate(long lengthBytes, out IOException? failure)
    {
        failure = null;
        try
        {
            if (lengthBytes > _allocatedBytes)
                _file.Allocate(lengthBytes);
            _allocatedBytes = Math.Max(_allocatedBytes, lengthBytes);
        }
        catch (IOException error)
        {
            failure = error;
            _allocatedBytes = _file.LengthBytes;
        }

        return failure is null;
    }

    private void Write()
    {
        try
        {
            _file.Write(_buffer.WrittenSpan, _lengthBytes);
        }
        catch (IOException error)
        {
            TakeBack();
            throw StoreErrors.Translate(error, "Cannot write the log of the object index", _path);
        }
    }

    private void TakeBack()
    {
        try
        {
            _file.Truncate(_lengthBytes);
            _allocatedBytes = _lengthBytes;
            TryAllocate(_lengthBytes + _limits.ReservedBytes, out _);
        }
        catch (IOException)
        {
            _hasFailed = true;
        }
    }

    private const string Unknown = "whether the last changes stand is known after a restart.";

    private TarnException Failed(IOException? error) => new(ErrorKind.Unavailable, $"The disk failed while the log of the object index was written ('{_path}'): {Unknown}", error)
    {
        ClientMessage = $"The disk failed while the log of the object index was written: {Unknown}",
    };
}
