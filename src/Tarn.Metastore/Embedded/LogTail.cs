using System.Buffers.Binary;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Metastore.Embedded;

/// <summary>Reads the log from a cursor to its end.</summary>
internal static class LogTail
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>The cursor behind the last whole frame. What stands after it is still being written, torn, or (an error) damaged.</summary>
    /// <exception cref="TarnException">DataCorrupted when acknowledged commits are missing or damaged.</exception>
    public static LogCursor Follow(IFileHandle file, LogCursor cursor, string path, Action<CommitRecord>? visit = null)
    {
        long length = file.LengthBytes;
        if (length < cursor.Offset)
            throw FileErrors.At(ErrorKind.DataCorrupted, path, "The file of the catalog", $"is {length} bytes long and was {cursor.Offset} before: committed changes are gone. Restore the file from a backup.");
        while (cursor.Offset < length)
        {
            var chunk = ReadChunk(file, cursor.Offset, length);
            var behind = FollowChunk(chunk, cursor, visit);
            if (behind.Offset == cursor.Offset)
            {
                RequireNothingDurable(file, cursor, length, path);
                break;
            }

            cursor = behind;
        }

        return cursor;
    }

    private static LogCursor FollowChunk(ReadOnlyMemory<byte> chunk, LogCursor cursor, Action<CommitRecord>? visit)
    {
        long start = cursor.Offset;
        while (cursor.TryReadFrame(chunk.Span[(int)(cursor.Offset - start)..], out var header))
        {
            var commits = LogCursor.ReadCommits(header, chunk.Slice((int)(header.Offset - start) + FrameHeader.SizeBytes, header.PayloadBytes));
            cursor = cursor.Advance(header, commits);
            foreach (var commit in visit is null ? [] : commits)
                visit!(commit);
        }

        return cursor;
    }

    // At least one whole frame, if one is there: a frame longer than a chunk is read by its announced length.
    private static ReadOnlyMemory<byte> ReadChunk(IFileHandle file, long offset, long length)
    {
        int wanted = (int)Math.Min(length - offset, ChunkBytes);
        var chunk = new byte[wanted];
        int read = file.Read(chunk, offset);
        if (read < FrameHeader.SizeBytes || length - offset <= ChunkBytes)
            return chunk.AsMemory(0, read);
        int announced = BinaryPrimitives.ReadInt32LittleEndian(chunk.AsSpan(4));
        long needed = announced is > 0 and <= LogFormat.MaxPayloadBytes ? (long)announced + FrameHeader.SizeBytes : 0;
        if (needed <= wanted)
            return chunk.AsMemory(0, read);
        var whole = new byte[Math.Min(needed, length - offset)];
        return whole.AsMemory(0, file.Read(whole, offset));
    }

    // An invalid frame is a torn tail, unless a later frame proves that the log was on the disk beyond it.
    private static void RequireNothingDurable(IFileHandle file, LogCursor cursor, long length, string path)
    {
        const int limit = LogFormat.MaxPayloadBytes;
        var rest = new byte[Math.Min(length - cursor.Offset, limit)];
        var bytes = rest.AsSpan(0, file.Read(rest, cursor.Offset));
        for (int at = 1; at < bytes.Length; at++)
        {
            int next = bytes[at..].IndexOf("TFRM"u8);
            if (next < 0)
                return;
            at += next;
            if (FrameHeader.TryRead(bytes[at..], cursor.Offset + at, out var later) && later.DurableOffset > cursor.Offset)
                throw FileErrors.At(ErrorKind.DataCorrupted, path, "The file of the catalog", $"is damaged at offset {cursor.Offset}, after commit {cursor.State.Number}: later commits are intact. Restore the file from a backup.");
        }
    }
}
