using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>
/// Decompresses deflate (RFC 1951) from memory to memory. Faster than a stream for the small blocks of Avro: nothing is allocated, the output is the window,
/// and several literals are decoded for each refill of the bit buffer.
/// </summary>
internal unsafe ref struct Inflate
{
    /// <summary>Input that the fast loop needs: two refills of eight bytes.</summary>
    private const int FastInputBytes = 16;

    /// <summary>Output that the fast loop needs: three pairs of literals, the longest match, and what is written too far behind one.</summary>
    private const int FastOutputBytes = 6 + 258 + 32;

    private readonly OutputBuffer _output;
    private readonly int _start;
    private readonly byte* _end;
    private byte* _in;
    private ulong _bits;
    private int _count;

    private Inflate(byte* data, int length, OutputBuffer output)
    {
        _in = data;
        _end = data + length;
        (_output, _start) = (output, output.Length);
    }

    private enum Outcome
    {
        EndOfBlock,
        NeedRoom,
    }

    /// <summary>Appends what <paramref name="data"/> expands to.</summary>
    /// <exception cref="TarnException">DataCorrupted for damaged data or more bytes than the limit of the output.</exception>
    internal static void Decompress(ReadOnlySpan<byte> data, OutputBuffer output)
    {
        fixed (byte* start = data)
            new Inflate(start, data.Length, output).Run();
    }

    private void Run()
    {
        uint* lengths = stackalloc uint[InflateTable.LengthEntries];
        uint* distances = stackalloc uint[InflateTable.DistanceEntries];
        bool last;
        do
        {
            last = Take(1) != 0;
            switch (Take(2))
            {
                case 0:
                    CopyStored();
                    break;
                case 1:
                    BuildFixed(lengths, distances);
                    RunBlock(lengths, distances);
                    break;
                case 2:
                    ReadDynamic(lengths, distances);
                    RunBlock(lengths, distances);
                    break;
                default:
                    throw Damaged("a block has the reserved type 3");
            }
        }
        while (!last);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly TarnException TooFar(long distance, long written) => Damaged($"a match reaches {distance} bytes back after {written} bytes");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly TarnException Damaged(string reason) =>
        TarnException.Corrupted($"Deflate data is damaged {_end - _in} bytes before its end: {reason}.");

    /// <summary>Fills the bit buffer byte by byte up to the end of the input.</summary>
    private void FillSlowly()
    {
        while (_count <= 56 && _in < _end)
        {
            _bits |= (ulong)*_in++ << _count;
            _count += 8;
        }
    }

    private int Take(int bits)
    {
        if (_count < bits)
            FillSlowly();
        if (_count < bits)
            throw Damaged("it ends early");
        int value = (int)(_bits & ((1UL << bits) - 1));
        _bits >>= bits;
        _count -= bits;
        return value;
    }

    private void CopyStored()
    {
        // The rest of the current byte is padding; whole bytes in the buffer go back to the input.
        _in -= _count >> 3;
        (_bits, _count) = (0, 0);
        if (_end - _in < 4)
            throw Damaged("it ends early");
        int length = _in[0] | (_in[1] << 8), inverse = _in[2] | (_in[3] << 8);
        _in += 4;
        if (length != (~inverse & 0xFFFF))
            throw Damaged("a stored block has a wrong length");
        if (length > _end - _in)
            throw Damaged("it ends early");
        new ReadOnlySpan<byte>(_in, length).CopyTo(_output.Append(length));
        _in += length;
    }

    private static void BuildFixed(uint* lengths, uint* distances)
    {
        Span<byte> bits = stackalloc byte[288];
        bits[..144].Fill(8);
        bits[144..256].Fill(9);
        bits[256..280].Fill(7);
        bits[280..].Fill(8);
        BuildTables(bits, [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], lengths, distances);
    }

    private static void BuildTables(ReadOnlySpan<byte> lengthBits, ReadOnlySpan<byte> distanceBits, uint* lengths, uint* distances)
    {
        InflateTable.Build(lengthBits, InflateTable.LengthBits, new Span<uint>(lengths, InflateTable.LengthEntries), InflateTable.LengthSymbols);
        InflateTable.PairLiterals(new Span<uint>(lengths, InflateTable.LengthEntries), InflateTable.LengthBits);
        InflateTable.Build(distanceBits, InflateTable.DistanceBits, new Span<uint>(distances, InflateTable.DistanceEntries), InflateTable.DistanceSymbols);
    }

    private void ReadDynamic(uint* lengths, uint* distances)
    {
        ReadOnlySpan<byte> order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        int lengthCount = Take(5) + 257, distanceCount = Take(5) + 1, precodeCount = Take(4) + 4;
        Span<byte> precodeBits = stackalloc byte[19];
        precodeBits.Clear();
        for (int i = 0; i < precodeCount; i++)
            precodeBits[order[i]] = (byte)Take(3);
        Span<uint> precode = stackalloc uint[1 << InflateTable.PrecodeBits];
        InflateTable.Build(precodeBits, InflateTable.PrecodeBits, precode, InflateTable.PrecodeSymbols);
        Span<byte> bits = stackalloc byte[288 + 32];
        bits.Clear();
        ReadCodeLengths(precode, bits[..(lengthCount + distanceCount)]);
        if (bits[256] == 0)
            throw Damaged("a block has no code for its end");
        BuildTables(bits[..lengthCount], bits.Slice(lengthCount, distanceCount), lengths, distances);
    }

    private void ReadCodeLengths(scoped ReadOnlySpan<uint> precode, scoped Span<byte> bits)
    {
        for (int i = 0; i < bits.Length;)
        {
            FillSlowly();
            uint entry = precode[(int)(_bits & ((1 << InflateTable.PrecodeBits) - 1))];
            if ((entry & InflateTable.Exceptional) != 0)
                throw Damaged("a block has a code length that no code stands for");
            Take((int)(entry & 0xFF));
            int symbol = (int)(entry >> InflateTable.ValueShift);
            if (symbol < 16)
            {
                bits[i++] = (byte)symbol;
                continue;
            }

            if (symbol == 16 && i == 0)
                throw Damaged("a block repeats a code length before the first");
            byte repeated = symbol == 16 ? bits[i - 1] : (byte)0;
            int run = symbol switch { 16 => 3 + Take(2), 17 => 3 + Take(3), _ => 11 + Take(7) };
            if (run > bits.Length - i)
                throw Damaged("a block repeats a code length too often");
            bits.Slice(i, run).Fill(repeated);
            i += run;
        }
    }

    private void RunBlock(uint* lengths, uint* distances)
    {
        while (true)
        {
            var all = _output.AllWithRoom(FastOutputBytes);
            int position = _output.Length;
            Outcome outcome;
            fixed (byte* target = all)
                outcome = RunBlock(lengths, distances, target, ref position, all.Length);
            _output.Advance(position - _output.Length);
            if (outcome == Outcome.EndOfBlock)
                return;
        }
    }

    private Outcome RunBlock(uint* lengths, uint* distances, byte* target, ref int position, int capacity)
    {
        bool mayGrow = capacity < _output.LimitBytes;
        while (true)
        {
            if (capacity - position < FastOutputBytes && mayGrow)
                return Outcome.NeedRoom;
            bool ended = _end - _in >= FastInputBytes && capacity - position >= FastOutputBytes
                ? RunFast(lengths, distances, target, ref position, capacity - FastOutputBytes)
                : RunSlow(lengths, distances, target, ref position, capacity);
            if (ended)
                return Outcome.EndOfBlock;
        }
    }

    /// <summary>Decodes until the input or the room runs short; true at the end of the block.</summary>
    private bool RunFast(uint* lengths, uint* distances, byte* target, ref int position, int lastPosition)
    {
        const uint lengthMask = (1 << InflateTable.LengthBits) - 1;
        ulong bits = _bits;
        int count = _count;
        byte* input = _in, lastInput = _end - FastInputBytes, start = target + _start, output = target + position, lastOutput = target + lastPosition;
        bool ended = false;

        // At the head of the loop the bit buffer is full and the entry loaded, so that the copy of a match overlaps with the next look-up.
        uint entry = input <= lastInput ? Next(lengths, ref input, ref bits, ref count) : 0;
        while (input <= lastInput && output <= lastOutput)
        {
            if ((entry & InflateTable.Literal) != 0)
            {
                Drop(ref bits, ref count, entry);
                PutLiterals(ref output, entry);
                entry = lengths[bits & lengthMask];
                if ((entry & InflateTable.Literal) != 0)
                {
                    Drop(ref bits, ref count, entry);
                    PutLiterals(ref output, entry);
                    entry = lengths[bits & lengthMask];
                    if ((entry & InflateTable.Literal) != 0)
                    {
                        Drop(ref bits, ref count, entry);
                        PutLiterals(ref output, entry);
                        entry = Next(lengths, ref input, ref bits, ref count);
                        continue;
                    }
                }
            }

            if ((entry & InflateTable.Exceptional) != 0)
            {
                if ((entry & InflateTable.Subtable) != 0)
                {
                    Drop(ref bits, ref count, entry);
                    entry = lengths[(entry >> InflateTable.ValueShift) + (bits & ((1u << (int)((entry >> 8) & 15)) - 1))];
                }

                if ((entry & (InflateTable.Literal | InflateTable.Exceptional)) != 0)
                {
                    Drop(ref bits, ref count, entry);
                    if ((entry & InflateTable.Literal) != 0)
                    {
                        PutLiterals(ref output, entry);
                        entry = Next(lengths, ref input, ref bits, ref count);
                        continue;
                    }

                    ended = (entry & InflateTable.EndOfBlock) != 0 ? true : throw Damaged("a symbol has no code");
                    break;
                }
            }

            int length = (int)((entry >> InflateTable.ValueShift) + Extra(bits, entry));
            Drop(ref bits, ref count, entry);
            Fill(ref input, ref bits, ref count);
            long distance = TakeDistance(distances, ref bits, ref count);
            if (distance > output - start)
                throw TooFar(distance, output - start);
            entry = Next(lengths, ref input, ref bits, ref count);
            CopyMatch(output, (int)distance, length);
            output += length;
        }

        // Bits above the count were loaded and not counted; the slow loop must not see them.
        _bits = bits & ((1UL << count) - 1);
        _count = count;
        _in = input;
        position = (int)(output - target);
        return ended;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly long TakeDistance(uint* distances, ref ulong bits, ref int count)
    {
        uint entry = distances[bits & ((1 << InflateTable.DistanceBits) - 1)];
        if ((entry & InflateTable.Exceptional) != 0)
        {
            if ((entry & InflateTable.Subtable) == 0)
                throw Damaged("a distance has no code");
            Drop(ref bits, ref count, entry);
            entry = distances[(entry >> InflateTable.ValueShift) + (bits & ((1u << (int)((entry >> 8) & 15)) - 1))];
            if ((entry & InflateTable.Exceptional) != 0)
                throw Damaged("a distance has no code");
        }

        long distance = (entry >> InflateTable.ValueShift) + Extra(bits, entry);
        Drop(ref bits, ref count, entry);
        return distance;
    }

    /// <summary>Decodes one symbol with all checks; true at the end of the block.</summary>
    private bool RunSlow(uint* lengths, uint* distances, byte* target, ref int position, int capacity)
    {
        uint entry = TakeEntry(lengths, InflateTable.LengthBits, out uint extra);
        if ((entry & InflateTable.EndOfBlock) != 0 && (entry & InflateTable.Literal) == 0 && (entry & InflateTable.Exceptional) != 0)
            return true;
        if ((entry & InflateTable.Literal) != 0)
        {
            if (position == capacity)
                throw TooLarge();
            target[position++] = (byte)(entry >> InflateTable.ValueShift);
            if ((entry >> InflateTable.PairShift & 1) == 0)
                return false;
            if (position == capacity)
                throw TooLarge();
            target[position++] = (byte)(entry >> (InflateTable.ValueShift + 8));
            return false;
        }

        int length = (int)((entry >> InflateTable.ValueShift) + extra);
        entry = TakeEntry(distances, InflateTable.DistanceBits, out extra);
        long distance = (entry >> InflateTable.ValueShift) + extra;
        if (distance > position - _start)
            throw TooFar(distance, position - _start);
        if (length > capacity - position)
            throw TooLarge();
        for (int i = 0; i < length; i++, position++)
            target[position] = target[position - distance];
        return false;
    }

    private uint TakeEntry(uint* table, int tableBits, out uint extra)
    {
        FillSlowly();
        uint entry = table[_bits & ((1u << tableBits) - 1)];
        if ((entry & InflateTable.Literal) == 0 && (entry & InflateTable.Subtable) != 0 && (entry & InflateTable.Exceptional) != 0)
        {
            Take((int)(entry & 0xFF));
            entry = table[(entry >> InflateTable.ValueShift) + (_bits & ((1u << (int)((entry >> 8) & 15)) - 1))];
        }

        bool unassigned = (entry & InflateTable.Literal) == 0 && (entry & (InflateTable.Exceptional | InflateTable.EndOfBlock)) == InflateTable.Exceptional;
        if (unassigned)
            throw Damaged("a symbol has no code, or it ends early");
        extra = Extra(_bits, entry);
        Take((int)(entry & InflateTable.BitsMask));
        return entry;
    }

    private readonly TarnException TooLarge() => TarnException.Corrupted($"Compressed data expands to more than {_output.LimitBytes} bytes, the limit here.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill(ref byte* input, ref ulong bits, ref int count)
    {
        // Loads eight bytes and counts as many whole ones as fit: at least 56 bits are there afterwards.
        bits |= Unsafe.ReadUnaligned<ulong>(input) << count;
        input += (uint)(63 - count) >> 3;
        count |= 56;
    }

    /// <summary>Fills the bit buffer and looks up the next entry, which is not consumed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Next(uint* lengths, ref byte* input, ref ulong bits, ref int count)
    {
        Fill(ref input, ref bits, ref count);
        return lengths[bits & ((1 << InflateTable.LengthBits) - 1)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Drop(ref ulong bits, ref int count, uint entry)
    {
        bits >>= (int)(entry & InflateTable.BitsMask);
        count -= (int)(entry & InflateTable.BitsMask);
    }

    /// <summary>Writes one literal or two; the second byte is overwritten later when it is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutLiterals(ref byte* output, uint entry)
    {
        Unsafe.WriteUnaligned(output, (ushort)(entry >> InflateTable.ValueShift));
        output += 1 + ((entry >> InflateTable.PairShift) & 1);
    }

    /// <summary>The extra bits that follow the code of an entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Extra(ulong bits, uint entry) => (uint)((bits & ((1UL << (int)(entry & InflateTable.BitsMask)) - 1)) >> (int)((entry >> 8) & 15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyMatch(byte* output, int distance, int length)
    {
        byte* source = output - distance, end = output + length;
        if (distance >= Vector128<byte>.Count)
        {
            // Most matches are short: two pieces without a decision. May write up to 31 bytes too far, for which there is room.
            Vector128.Load(source).Store(output);
            Vector128.Load(source + Vector128<byte>.Count).Store(output + Vector128<byte>.Count);
            for (int done = 2 * Vector128<byte>.Count; done < length; done += Vector128<byte>.Count)
                Vector128.Load(source + done).Store(output + done);
            return;
        }

        if (distance >= 8)
        {
            // May write up to seven bytes too far, for which there is room.
            do
            {
                Unsafe.WriteUnaligned(output, Unsafe.ReadUnaligned<ulong>(source));
                output += 8;
                source += 8;
            }
            while (output < end);
            return;
        }

        if (distance == 1)
        {
            Unsafe.InitBlockUnaligned(output, *source, (uint)length);
            return;
        }

        while (output < end)
            *output++ = *source++;
    }
}
