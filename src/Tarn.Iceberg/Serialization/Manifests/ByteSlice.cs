namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>A piece of a shared buffer; the default is null, which differs from empty.</summary>
internal readonly struct ByteSlice
{
    private readonly int _offset;
    private readonly int _lengthPlusOne;

    internal ByteSlice(int offset, int length) => (_offset, _lengthPlusOne) = (offset, length + 1);

    internal bool IsNull => _lengthPlusOne == 0;

    internal ReadOnlySpan<byte> In(byte[] buffer) => IsNull ? default : buffer.AsSpan(_offset, _lengthPlusOne - 1);

    internal ByteSlice Moved(int distance) => IsNull ? this : new ByteSlice(_offset + distance, _lengthPlusOne - 1);
}

/// <summary>Bytes that one worker collects.</summary>
internal sealed class ByteStore(int capacity)
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(Math.Max(capacity, 256));
    private long[] _single = [];

    internal int Length { get; private set; }

    internal ByteSlice Add(ReadOnlySpan<byte> value)
    {
        int offset = Length;
        if (value.Length > _bytes.Length - offset)
            Grow(offset + (long)value.Length);
        value.CopyTo(_bytes.AsSpan(offset));
        Length = offset + value.Length;
        return new ByteSlice(offset, value.Length);
    }

    /// <summary>An array of one number; the same one again while the number does not change.</summary>
    internal long[] Single(long number)
    {
        if (_single.Length == 0 || _single[0] != number)
            _single = [number];
        return _single;
    }

    /// <summary>What was collected, without a copy when little room is left over.</summary>
    internal byte[] ToArray() => _bytes.Length - Length <= Length / 8 ? _bytes : _bytes[..Length];

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    private void Grow(long needed)
    {
        if (needed > Array.MaxLength)
            throw new Core.Errors.TarnException(Core.Errors.ErrorKind.ResourceExhausted, $"A manifest holds more than {Array.MaxLength} bytes of paths and bounds. Write smaller manifests.");
        Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, _bytes.Length * 2L)));
    }
}
