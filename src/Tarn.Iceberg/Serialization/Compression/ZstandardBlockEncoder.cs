using System.Buffers.Binary;
using System.Numerics;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>
/// Finds matches greedily and writes them as sequences with the predefined tables and plain literals: small code, any decoder reads it.
/// </summary>
internal sealed class ZstandardBlockEncoder(int windowBytes)
{
    private const int HashBits = 16;
    private const int MinMatch = 5;
    private const int RepeatOffsetCodes = 3;

    private static readonly FseEncoder LiteralLengths = new(ZstandardCodes.DefaultLiteralLengths);
    private static readonly FseEncoder Offsets = new(ZstandardCodes.DefaultOffsets);
    private static readonly FseEncoder MatchLengths = new(ZstandardCodes.DefaultMatchLengths);

    private readonly int[] _table = new int[1 << HashBits];
    private readonly byte[] _literals = new byte[ZstandardCodes.MaxBlockBytes];
    private readonly byte[] _target = new byte[ZstandardCodes.MaxBlockBytes];
    private readonly List<Sequence> _sequences = [];
    private int _literalCount;

    /// <summary>
    /// The compressed form of the bytes from <paramref name="start"/> to the end of <paramref name="data"/>, whose beginning is history;
    /// empty when it would not be smaller. Valid until the next call.
    /// </summary>
    internal ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> data, int start)
    {
        FindMatches(data, start);
        if (_sequences.Count == 0)
            return [];
        int size = data.Length - start;
        int position = WriteLiterals();
        if (position + 4 >= size)
            return [];
        position = WriteCount(position);
        _target[position++] = 0;
        var bits = new BitWriter(_target.AsSpan(position, size - position));
        WriteSequences(ref bits);
        return position + bits.Length < size ? _target.AsSpan(0, position + bits.Length) : [];
    }

    private void FindMatches(ReadOnlySpan<byte> data, int start)
    {
        _sequences.Clear();
        _literalCount = 0;
        int pending = start, position = start, misses = 64;
        while (position + 8 <= data.Length)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(data[position..]) << 24;
            int slot = (int)((word * 0x9E3779B185EBCA87) >> (64 - HashBits));

            // Positions are stored one higher, so that an empty slot is zero.
            int candidate = _table[slot] - 1;
            _table[slot] = position + 1;
            int length = candidate >= 0 && position - candidate <= windowBytes
                ? data[position..].CommonPrefixLength(data[candidate..])
                : 0;
            if (length < MinMatch)
            {
                position += misses++ >> 6;
                continue;
            }

            AddLiterals(data[pending..position]);
            _sequences.Add(new Sequence(position - pending, length, position - candidate));
            position += length;
            pending = position;
            misses = 64;
        }

        AddLiterals(data[pending..]);
    }

    private void AddLiterals(ReadOnlySpan<byte> literals)
    {
        literals.CopyTo(_literals.AsSpan(_literalCount));
        _literalCount += literals.Length;
    }

    private int WriteLiterals()
    {
        // Raw literals, 20-bit size.
        int header = (3 << 2) | (_literalCount << 4);
        if (_literalCount + 3 > _target.Length)
            return _target.Length;
        _target[0] = (byte)header;
        _target[1] = (byte)(header >> 8);
        _target[2] = (byte)(header >> 16);
        _literals.AsSpan(0, _literalCount).CopyTo(_target.AsSpan(3));
        return 3 + _literalCount;
    }

    private int WriteCount(int position)
    {
        int count = _sequences.Count;
        if (count < 128)
        {
            _target[position++] = (byte)count;
        }
        else if (count < 0x7F00)
        {
            _target[position++] = (byte)((count >> 8) + 128);
            _target[position++] = (byte)count;
        }
        else
        {
            _target[position++] = 255;
            BinaryPrimitives.WriteUInt16LittleEndian(_target.AsSpan(position), (ushort)(count - 0x7F00));
            position += 2;
        }

        return position;
    }

    private void WriteSequences(ref BitWriter bits)
    {
        // The stream is read backwards, so the last sequence comes first.
        var last = _sequences[^1];
        int match = MatchLengths.Begin(last.MatchCode), offset = Offsets.Begin(last.OffsetCode), length = LiteralLengths.Begin(last.LiteralCode);
        WriteExtraBits(ref bits, last);
        for (int i = _sequences.Count - 2; i >= 0; i--)
        {
            var sequence = _sequences[i];
            offset = Offsets.Encode(ref bits, offset, sequence.OffsetCode);
            match = MatchLengths.Encode(ref bits, match, sequence.MatchCode);
            length = LiteralLengths.Encode(ref bits, length, sequence.LiteralCode);
            WriteExtraBits(ref bits, sequence);
        }

        MatchLengths.End(ref bits, match);
        Offsets.End(ref bits, offset);
        LiteralLengths.End(ref bits, length);
        bits.End();
    }

    private static void WriteExtraBits(ref BitWriter bits, Sequence sequence)
    {
        int literalCode = sequence.LiteralCode, matchCode = sequence.MatchCode;
        bits.Write((ulong)(sequence.LiteralLength - ZstandardCodes.LiteralLengthBase[literalCode]), ZstandardCodes.LiteralLengthBits[literalCode]);
        bits.Write((ulong)(sequence.MatchLength - ZstandardCodes.MatchLengthBase[matchCode]), ZstandardCodes.MatchLengthBits[matchCode]);
        bits.Write((ulong)(sequence.Distance + RepeatOffsetCodes), sequence.OffsetCode);
    }

    private readonly record struct Sequence(int LiteralLength, int MatchLength, int Distance)
    {
        internal int OffsetCode => BitOperations.Log2((uint)(Distance + RepeatOffsetCodes));

        internal int LiteralCode => Code(LiteralLength, ZstandardCodes.LiteralLengthBase);

        internal int MatchCode => Code(MatchLength, ZstandardCodes.MatchLengthBase);

        private static int Code(int value, ReadOnlySpan<int> bases)
        {
            int found = bases.BinarySearch(value);
            return found >= 0 ? found : ~found - 1;
        }
    }
}
