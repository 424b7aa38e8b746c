using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>Bits in writing order, lowest bit of the first byte first.</summary>
internal ref struct ForwardBits(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    internal readonly int BytesUsed => (_position + 7) >> 3;

    internal int Read(int count)
    {
        // The last bits of a table may be read together with up to one bit that is handed back at once.
        if (_position + count > (_data.Length * 8) + 1)
            throw TarnException.Corrupted("A Zstandard entropy table ends early.");
        int value = 0;
        for (int i = 0; i < count; i++, _position++)
        {
            int at = _position >> 3;
            int bit = at < _data.Length ? (_data[at] >> (_position & 7)) & 1 : 0;
            value |= bit << i;
        }

        return value;
    }

    internal void Unread(int count) => _position -= count;
}

/// <summary>
/// Bits in reverse order, as Zstandard stores entropy-coded streams: reading starts at the end, below the highest set bit of the last byte.
/// Reading past the beginning gives zero bits and a negative <see cref="Remaining"/>.
/// </summary>
internal ref struct BackwardBits
{
    private readonly ReadOnlySpan<byte> _data;

    internal BackwardBits(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || data[^1] == 0)
            throw TarnException.Corrupted("A Zstandard bit stream has no end mark.");
        _data = data;
        Remaining = ((data.Length - 1) * 8) + BitOperations.Log2(data[^1]);
    }

    /// <summary>Bits not read yet; negative when more were read than there are.</summary>
    internal int Remaining { get; private set; }

    /// <summary>The next <paramref name="count"/> bits, at most 56.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong Read(int count)
    {
        ulong value = Peek(count);
        Remaining -= count;
        return value;
    }

    internal void Skip(int count) => Remaining -= count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly ulong Peek(int count)
    {
        int at = Remaining - count;
        int start = at >> 3;
        if (at >= 0 && start + 8 <= _data.Length)
            return (BinaryPrimitives.ReadUInt64LittleEndian(_data[start..]) >> (at & 7)) & ((1UL << count) - 1);
        return PeekAtEdge(at, count);
    }

    private readonly ulong PeekAtEdge(int at, int count)
    {
        int missing = Math.Max(0, -at);
        if (missing >= count)
            return 0;
        at = Math.Max(0, at);
        ulong value = 0;
        for (int i = at >> 3, shift = 0; i < _data.Length && shift < 64; i++, shift += 8)
            value |= (ulong)_data[i] << shift;
        return ((value >> (at & 7)) & ((1UL << (count - missing)) - 1)) << missing;
    }
}
