using System.Buffers;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Index;

/// <summary>Writes entries, given in ascending order of their keys, to a new file.</summary>
internal sealed class SegmentWriter(IFileHandle file, int blockBytes) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _block = new(blockBytes * 2), _table = new();
    private byte[] _lastKey = [], _firstKey = [];
    private long _offset, _entryCount;
    private int _blockCount;

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isRemoved)
    {
        bool isFirst = _block.WrittenCount == 0;
        int shared = isFirst ? 0 : key.CommonPrefixLength(_lastKey);
        if (isFirst)
            _firstKey = key.ToArray();
        VarInt.Write(_block, (ulong)shared);
        VarInt.Write(_block, (ulong)(key.Length - shared));
        VarInt.Write(_block, isRemoved ? 0 : (ulong)value.Length + 1);
        _block.Write(key[shared..]);
        _block.Write(isRemoved ? [] : value);
        _lastKey = key.ToArray();
        _entryCount++;
        if (_block.WrittenCount >= blockBytes)
            EndBlock();
    }

    /// <summary>Writes what is left, the table and the footer, and syncs the file.</summary>
    /// <returns>Length of the file.</returns>
    public long Finish()
    {
        EndBlock();
        var table = new ArrayBufferWriter<byte>(_table.WrittenCount + VarInt.LongestBytes);
        VarInt.Write(table, (ulong)_blockCount);
        table.Write(_table.WrittenSpan);
        long tableOffset = _offset;
        int tableBytes = Append(table);
        byte[] footer = SegmentFormat.Footer(tableOffset, tableBytes, _entryCount);
        file.Write(footer, _offset);
        file.Sync();
        return _offset + footer.Length;
    }

    public void Dispose() => file.Dispose();

    private void EndBlock()
    {
        if (_block.WrittenCount == 0)
            return;
        long offset = _offset;
        int length = Append(_block);
        _block.ResetWrittenCount();
        VarInt.Write(_table, (ulong)offset);
        VarInt.Write(_table, (ulong)length);
        VarInt.Write(_table, (ulong)_firstKey.Length);
        _table.Write(_firstKey);
        _blockCount++;
    }

    private int Append(ArrayBufferWriter<byte> content)
    {
        int length = content.WrittenCount + SegmentFormat.ChecksumBytes;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        content.WrittenSpan.CopyTo(buffer);
        SegmentFormat.Seal(buffer.AsSpan(0, length));
        file.Write(buffer.AsSpan(0, length), _offset);
        ArrayPool<byte>.Shared.Return(buffer);
        _offset += length;
        return length;
    }
}
