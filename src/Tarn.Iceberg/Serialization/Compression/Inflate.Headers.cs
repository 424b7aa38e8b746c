namespace Tarn.Iceberg.Serialization.Compression;

/// <content>Blocks without codes (RFC 1951 section 3.2.4), and the codes of the others (3.2.6 and 3.2.7).</content>
internal unsafe ref partial struct Inflate
{
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
}
