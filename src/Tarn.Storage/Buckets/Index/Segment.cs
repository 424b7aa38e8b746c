using System.Collections.Concurrent;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// An immutable sorted file. Its table of blocks is in memory, its blocks are read when needed and checked each time. The handle of a segment that was
/// merged away is closed when the last reader lets go of it.
/// </summary>
internal sealed class Segment : IDisposable
{
    private const int IdleCursors = 8;

    private readonly ConcurrentStack<SegmentCursor> _idle = new();
    private readonly IFileHandle _file;
    private readonly string _path;
    private readonly SegmentBlock[] _blocks;

    private Segment(IFileHandle file, string path, long number, SegmentBlock[] blocks, long entryCount)
    {
        _file = file;
        _path = path;
        _blocks = blocks;
        Number = number;
        EntryCount = entryCount;
        SizeBytes = file.LengthBytes;
    }

    public long Number { get; }

    public long EntryCount { get; }

    public long SizeBytes { get; }

    /// <exception cref="TarnException">DataCorrupted.</exception>
    public static Segment Open(IFileSystem files, string path, long number)
    {
        var file = files.OpenRead(path);
        try
        {
            var footer = new byte[SegmentFormat.FooterBytes];
            long footerOffset = Math.Max(0, file.LengthBytes - footer.Length);
            if (file.Read(footer, footerOffset) != footer.Length
                || !SegmentFormat.TryReadFooter(footer, out long tableOffset, out int tableBytes, out long entryCount)
                || tableOffset + tableBytes != footerOffset)
                throw Damaged(path, footerOffset);
            var table = new byte[tableBytes];
            if (file.Read(table, tableOffset) != tableBytes || !SegmentFormat.IsSealed(table))
                throw Damaged(path, tableOffset);
            return new Segment(file, path, number, ReadTable(table), entryCount);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A cursor, to be disposed; it may still have a block in memory that an earlier user read.</summary>
    public SegmentCursor RentCursor() => _idle.TryPop(out var cursor) ? cursor.Rented() : new SegmentCursor(this);

    public void Return(SegmentCursor cursor)
    {
        if (_idle.Count < IdleCursors)
            _idle.Push(cursor);
    }

    public int BlockCount => _blocks.Length;

    /// <summary>The last block whose first key is not greater; 0 when there is none.</summary>
    public int FindBlock(ReadOnlySpan<byte> key)
    {
        int low = 0, high = _blocks.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_blocks[middle].FirstKey.AsSpan().SequenceCompareTo(key) <= 0)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>Reads a block into a buffer, which is made larger when needed.</summary>
    /// <returns>Length of its entries.</returns>
    public int ReadBlock(int number, ref byte[] buffer)
    {
        var block = _blocks[number];
        if (buffer.Length < block.LengthBytes)
            buffer = new byte[block.LengthBytes];
        var target = buffer.AsSpan(0, block.LengthBytes);
        if (_file.Read(target, block.Offset) != target.Length || !SegmentFormat.IsSealed(target))
            throw Damaged(_path, block.Offset);
        return block.LengthBytes - SegmentFormat.ChecksumBytes;
    }

    public void Dispose() => _file.Dispose();

    private static SegmentBlock[] ReadTable(byte[] table)
    {
        int at = 0;
        var blocks = new SegmentBlock[VarInt.Read(table, ref at)];
        for (int i = 0; i < blocks.Length; i++)
        {
            long offset = (long)VarInt.Read(table, ref at);
            int length = (int)VarInt.Read(table, ref at);
            int keyLength = (int)VarInt.Read(table, ref at);
            blocks[i] = new SegmentBlock(table[at..(at + keyLength)], offset, length);
            at += keyLength;
        }

        return blocks;
    }

    private static TarnException Damaged(string path, long offset) =>
        TarnException.Corrupted($"The object index is damaged: '{path}' at offset {offset}. Restore the folder '{Path.GetDirectoryName(path)}' from a backup, or run 'tarn s3 repair', which keeps all that can be read and brings objects back from their files.");
}
