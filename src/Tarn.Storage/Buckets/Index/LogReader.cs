using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Index;

/// <summary>Reads a log from its beginning. Ends before a torn end, and refuses a log in which acknowledged batches are damaged.</summary>
internal sealed class LogReader(IFileHandle file, string path, long number)
{
    private const int ScanBytes = 1 << 20;
    private uint _previous = LogFrame.FirstPrevious(number);

    /// <summary>Bytes of intact frames read so far.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>The next batch and where it begins in the file, or null at the end.</summary>
    /// <exception cref="TarnException">DataCorrupted.</exception>
    public (IndexBatch Batch, long Offset)? Next()
    {
        if (ReadFrame(LengthBytes) is not { } found || found.Frame.Previous != _previous)
        {
            RequireTornEnd();
            return null;
        }

        var (frame, bytes) = found;
        long offset = LengthBytes + LogFrame.HeaderBytes;
        _previous = frame.Checksum;
        LengthBytes += frame.TotalBytes;
        return (IndexBatch.Read(bytes.AsMemory(LogFrame.HeaderBytes, frame.LengthBytes)), offset);
    }

    /// <summary>
    /// All intact batches, also behind damage, each with the number of damaged bytes before it. A torn end was acknowledged to nobody and is no damage.
    /// </summary>
    public IEnumerable<(IndexBatch Batch, long LostBytes)> Salvage()
    {
        long from = 0, durable = LastDurableBytes();
        for (long at = 0; at < file.LengthBytes;)
        {
            if (ReadFrame(at) is not { } found)
            {
                at += LogFrame.Alignment;
                continue;
            }

            // Behind a gap that no writer knew to be on the disk nothing counts.
            if (at > from && durable <= from)
                yield break;
            yield return (IndexBatch.Read(found.Bytes.AsMemory(LogFrame.HeaderBytes, found.Frame.LengthBytes)), at - from);
            from = at += found.Frame.TotalBytes;
        }
    }

    private long LastDurableBytes()
    {
        long durable = 0;
        for (long at = 0; at < file.LengthBytes;)
        {
            var found = ReadFrame(at);
            durable = Math.Max(durable, found?.Frame.DurableBytes ?? 0);
            at += found?.Frame.TotalBytes ?? LogFrame.Alignment;
        }

        return durable;
    }

    private (LogFrame Frame, byte[] Bytes)? ReadFrame(long offset)
    {
        var header = new byte[LogFrame.HeaderBytes];
        if (file.Read(header, offset) != header.Length || !LogFrame.TryRead(header, out var frame) || frame.Offset != offset
            || frame.LengthBytes > file.LengthBytes - offset - header.Length)
            return null;
        var bytes = new byte[LogFrame.HeaderBytes + frame.LengthBytes];
        return file.Read(bytes, offset) == bytes.Length && frame.IsIntact(bytes) ? (frame, bytes) : null;
    }

    // A frame further on whose writer knew this place to be on the disk proves that it was not torn but damaged.
    private void RequireTornEnd()
    {
        var buffer = new byte[ScanBytes + LogFrame.HeaderBytes];
        for (long start = LengthBytes; start < file.LengthBytes; start += ScanBytes)
        {
            int read = file.Read(buffer, start);
            for (int at = 0; at < Math.Min(read, ScanBytes); at += LogFrame.Alignment)
            {
                if (LogFrame.TryRead(buffer.AsSpan(at, Math.Max(0, Math.Min(LogFrame.HeaderBytes, read - at))), out var frame)
                    && frame.DurableBytes > LengthBytes && ReadFrame(start + at) is not null)
                    throw TarnException.Corrupted($"The log of the object index is damaged: '{path}' at offset {LengthBytes}, before changes that were acknowledged. Restore the folder '{Path.GetDirectoryName(path)}' from a backup, or run 'tarn s3 repair', which keeps all that can be read and brings objects back from their files.");
            }
        }
    }
}
