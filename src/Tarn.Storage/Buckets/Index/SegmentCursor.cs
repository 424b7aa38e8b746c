namespace Tarn.Storage.Buckets.Index;

/// <summary>Walks a segment, one block in memory at a time.</summary>
internal sealed class SegmentCursor(Segment segment) : IndexCursor
{
    private byte[] _block = [], _key = new byte[256];
    private int _blockNumber = -1, _blockLength, _next, _keyLength, _valueOffset, _valueLength;
    private bool _isRemoved, _isReturned;

    public override ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    public override ReadOnlySpan<byte> Value => _block.AsSpan(_valueOffset, _valueLength);

    public override bool IsRemoved => _isRemoved;

    public override bool Seek(ReadOnlySpan<byte> key)
    {
        if (segment.BlockCount == 0)
            return false;
        EnterBlock(segment.FindBlock(key));
        bool isFound = MoveNext();
        while (isFound && Key.SequenceCompareTo(key) < 0)
            isFound = MoveNext();
        return isFound;
    }

    public override bool MoveNext()
    {
        if (_next >= _blockLength)
        {
            if (_blockNumber + 1 >= segment.BlockCount)
                return false;
            EnterBlock(_blockNumber + 1);
        }

        return MoveNextInBlock();
    }

    /// <summary>Goes to the next entry of the block.</summary>
    public bool MoveNextInBlock()
    {
        if (_next >= _blockLength)
            return false;
        var block = _block.AsSpan(0, _blockLength);
        int shared = (int)VarInt.Read(block, ref _next);
        int further = (int)VarInt.Read(block, ref _next);
        int length = (int)VarInt.Read(block, ref _next);
        _keyLength = shared + further;
        if (_keyLength > _key.Length)
            Array.Resize(ref _key, Math.Max(_keyLength, _key.Length * 2));
        block.Slice(_next, further).CopyTo(_key.AsSpan(shared));
        _isRemoved = length == 0;
        _valueOffset = _next + further;
        _valueLength = Math.Max(0, length - 1);
        _next = _valueOffset + _valueLength;
        return true;
    }

    /// <summary>This cursor, in use again.</summary>
    public SegmentCursor Rented()
    {
        _isReturned = false;
        return this;
    }

    public override void Dispose()
    {
        if (_isReturned)
            return;
        _isReturned = true;
        segment.Return(this);
    }

    /// <summary>Goes before the first entry of a block.</summary>
    public void EnterBlock(int number)
    {
        // A seek inside the block that is in memory needs no second read.
        if (number != _blockNumber)
        {
            _blockNumber = -1;
            _blockLength = segment.ReadBlock(number, ref _block);
            _blockNumber = number;
        }

        _next = 0;
    }
}
