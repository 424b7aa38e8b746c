using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tarn.Iceberg.Serialization.Compression;

/// <content>The symbols of a block: literals and matches (RFC 1951 section 3.2.5).</content>
internal unsafe ref partial struct Inflate
{
    /// <summary>Input that the fast loop needs: two refills of eight bytes.</summary>
    private const int FastInputBytes = 16;

    /// <summary>Output that the fast loop needs: three pairs of literals, the longest match, and what is written too far behind one.</summary>
    private const int FastOutputBytes = 6 + 258 + 32;

    private enum Outcome
    {
        EndOfBlock,
        NeedRoom,
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
