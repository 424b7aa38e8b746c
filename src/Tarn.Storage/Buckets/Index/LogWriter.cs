using System.Buffers;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Index;

/// <summary>Appends batches to a log of its own. One caller at a time.</summary>
internal sealed class LogWriter : IDisposable
{
    private readonly IFileHandle _file;
    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private uint _previous;
    private long _lengthBytes;
    private bool _hasFailed;

    private LogWriter(IFileHandle file, string path, long number)
    {
        _file = file;
        _path = path;
        _previous = LogFrame.FirstPrevious(number);
    }

    public long LengthBytes => Volatile.Read(ref _lengthBytes);

    public static LogWriter Create(IFileSystem files, string path, long number)
    {
        // What an earlier start created and never wrote to may be in the way.
        files.DeleteFile(path);
        var file = files.CreateNew(path);
        files.SyncFolder(Path.GetDirectoryName(path)!);
        return new LogWriter(file, path, number);
    }

    /// <summary>Writes and syncs batches with one write and one sync. A failed write is taken back.</summary>
    /// <exception cref="TarnException">ResourceExhausted, … : nothing was appended. Unavailable: the disk failed in the middle, and the log must be opened anew.</exception>
    public void Append(IReadOnlyList<IndexBatch> batches)
    {
        if (_hasFailed)
            throw Failed(null);
        uint previous = Encode(batches);
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

    private void Write()
    {
        try
        {
            _file.Write(_buffer.WrittenSpan, _lengthBytes);
        }
        catch (IOException error)
        {
            TakeBack();
            throw FileErrors.Translate(error, "Cannot write the log of the object index", _path);
        }
    }

    private void TakeBack()
    {
        try
        {
            _file.Truncate(_lengthBytes);
        }
        catch (IOException)
        {
            _hasFailed = true;
        }
    }

    private TarnException Failed(IOException? error) => new(
        ErrorKind.Unavailable, $"The disk failed while the log of the object index was written ('{_path}'): whether the last changes stand is known after a restart.", error);
}
