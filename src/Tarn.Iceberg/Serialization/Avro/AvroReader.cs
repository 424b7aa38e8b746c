using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Avro;

/// <summary>Avro's binary encoding, read from a span ("Binary Encoding"). Every method throws DataCorrupted where the bytes end or make no sense.</summary>
public ref struct AvroReader(ReadOnlySpan<byte> data)
{
    /// <summary>How deep values may nest; a recursive schema over random bytes must not exhaust the stack.</summary>
    private const int MaxDepth = 200;

    /// <summary>How many items that take no bytes may be read in all: they cost memory while the input does not shrink.</summary>
    private const int MaxEmptyItems = 1_000_000;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;
    private int _depth;
    private int _emptyItems;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _data.Length - _position;

    /// <summary>A boolean.</summary>
    public bool ReadBoolean() => Take(1)[0] switch
    {
        0 => false,
        1 => true,
        byte other => throw Damaged($"a boolean is {other}"),
    };

    /// <summary>An int.</summary>
    public int ReadInt()
    {
        long value = ReadLong();
        return value == (int)value ? (int)value : throw Damaged($"an int is {value}");
    }

    /// <summary>A long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong()
    {
        if ((uint)_position < (uint)_data.Length)
        {
            uint first = _data[_position];
            if (first < 0x80)
            {
                _position++;
                return (first >> 1) ^ -(int)(first & 1);
            }
        }

        return ReadLongTail();
    }

    /// <summary>A float.</summary>
    public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    /// <summary>A double.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>Bytes or the UTF-8 of a string; part of the input, not a copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes()
    {
        long length = ReadLong();
        if ((ulong)length > (ulong)(_data.Length - _position))
            throw Damaged($"a value of {length} bytes begins where {Remaining} are left");
        var bytes = _data.Slice(_position, (int)length);
        _position += (int)length;
        return bytes;
    }

    /// <summary>A string.</summary>
    public string ReadString()
    {
        try
        {
            return StrictUtf8.GetString(ReadBytes());
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("a string is not valid UTF-8");
        }
    }

    /// <summary>The bytes of a fixed; part of the input, not a copy.</summary>
    public ReadOnlySpan<byte> ReadFixed(int size) => Take(size);

    /// <summary>The branch of a union with <paramref name="branches"/> branches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadBranch(int branches)
    {
        long branch = ReadLong();
        if ((ulong)branch >= (ulong)branches)
            throw Damaged($"a union of {branches} branches names branch {branch}");
        return (int)branch;
    }

    /// <summary>
    /// The number of items in the next block of an array or map; 0 ends it.
    /// </summary>
    /// <param name="minItemBytes">Fewest bytes an item takes, to refuse counts that cannot be true.</param>
    /// <param name="sizeBytes">Bytes of all its items when the writer gave them, else -1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadBlockCount(int minItemBytes, out int sizeBytes)
    {
        sizeBytes = -1;
        long count = ReadLong();
        if (count == 0)
            return 0;
        if (count < 0)
        {
            count = -count;
            long size = ReadLong();
            if ((ulong)size > (ulong)Remaining)
                throw Damaged($"a block of {size} bytes begins where {Remaining} are left");
            sizeBytes = (int)size;
        }

        if (minItemBytes == 0)
            CountEmptyItems(count);
        else if (count < 0 || count > Remaining / minItemBytes)
            throw Damaged($"a block of {count} items begins where {Remaining} bytes are left");
        return (int)count;
    }

    /// <summary>Reads an array that holds a single small int or long; false, with nothing read, for any other.</summary>
    public bool TryReadOnlyLong(out long value)
    {
        int at = _position;
        bool single = at + 3 <= _data.Length && _data[at] == 2 && _data[at + 1] < 0x80 && _data[at + 2] == 0;
        value = single ? (_data[at + 1] >> 1) ^ -(_data[at + 1] & 1) : 0;
        _position += single ? 3 : 0;
        return single;
    }

    /// <summary>Passes over a boolean.</summary>
    public void SkipBoolean() => ReadBoolean();

    /// <summary>Passes over an int or long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipLong()
    {
        if ((uint)_position < (uint)_data.Length && _data[_position] < 0x80)
            _position++;
        else
            ReadLongTail();
    }

    /// <summary>Passes over a number of ints or longs, many at a time: each ends with the byte that has no high bit.</summary>
    public void SkipLongs(int count)
    {
        while (count > 0 && Remaining >= Vector128<byte>.Count)
        {
            uint ends = ~Vector128.Create(_data.Slice(_position, Vector128<byte>.Count)).ExtractMostSignificantBits() & 0xFFFF;
            int found = BitOperations.PopCount(ends);
            if (found > count)
            {
                // Clears the lowest ends until the one that is wanted is the lowest.
                for (; count > 1; count--)
                    ends &= ends - 1;
                _position += BitOperations.TrailingZeroCount(ends) + 1;
                return;
            }

            // What follows the last end in the piece belongs to a number that goes on behind it.
            if (found == 0)
                break;
            count -= found;
            _position += BitOperations.Log2(ends) + 1;
        }

        for (; count > 0; count--)
            SkipLong();
    }

    /// <summary>Passes over pairs of an int or long and bytes or a string.</summary>
    public void SkipLongsWithBytes(int count)
    {
        for (; count > 0; count--)
        {
            // Mostly both are small enough for one byte; an odd second byte is a negative length.
            int at = _position;
            if (at + 2 <= _data.Length && (_data[at] | _data[at + 1]) < 0x80 && (_data[at + 1] & 1) == 0 && at + 2 + (_data[at + 1] >> 1) <= _data.Length)
            {
                _position = at + 2 + (_data[at + 1] >> 1);
                continue;
            }

            SkipLong();
            SkipBytes();
        }
    }

    /// <summary>Passes over bytes or a string.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipBytes()
    {
        long length = ReadLong();
        if ((ulong)length > (ulong)(_data.Length - _position))
            throw Damaged($"a value of {length} bytes begins where {Remaining} are left");
        _position += (int)length;
    }

    /// <summary>Passes over a number of bytes.</summary>
    public void SkipFixed(int size) => Take(size);

    /// <summary>Enters a nested value; every call needs its <see cref="Leave"/>.</summary>
    public void Enter()
    {
        if (++_depth > MaxDepth)
            throw Damaged($"values nest deeper than {MaxDepth} levels");
    }

    /// <summary>Leaves a nested value.</summary>
    public void Leave() => _depth--;

    private readonly TarnException Damaged(string reason) => TarnException.Corrupted($"Avro data is damaged at byte {_position}: {reason}.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)(_data.Length - _position))
            throw Damaged($"{count} bytes are needed where {Remaining} are left");
        var bytes = _data.Slice(_position, count);
        _position += count;
        return bytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long ReadLongTail()
    {
        if (_position + 8 > _data.Length)
            return ReadLongByBytes();
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(_data[_position..]);
        ulong ends = ~word & 0x8080808080808080;
        if (ends == 0)
            return ReadLongByBytes();

        // Keep the bytes up to the first without high bit, then join their groups of seven bits.
        int bits = BitOperations.TrailingZeroCount(ends) + 1;
        _position += bits >> 3;
        word &= ulong.MaxValue >> (64 - bits);
        word = (word & 0x007F007F007F007F) | ((word & 0x7F007F007F007F00) >> 1);
        word = (word & 0x00003FFF00003FFF) | ((word & 0x3FFF00003FFF0000) >> 2);
        word = (word & 0x000000000FFFFFFF) | ((word & 0x0FFFFFFF00000000) >> 4);
        return (long)(word >> 1) ^ -(long)(word & 1);
    }

    private long ReadLongByBytes()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if ((uint)_position >= (uint)_data.Length)
                throw Damaged("a number is cut short");
            byte next = _data[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next >= 0x80)
                continue;
            if (shift == 63 && next > 1)
                break;
            return (long)(value >> 1) ^ -(long)(value & 1);
        }

        throw Damaged("a number takes more than 64 bits");
    }

    private void CountEmptyItems(long count)
    {
        if (count < 0 || count > MaxEmptyItems - _emptyItems)
            throw Damaged($"it holds more than {MaxEmptyItems} items without bytes");
        _emptyItems += (int)count;
    }
}
