using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>
/// Builds decoding tables for the Huffman codes of deflate (RFC 1951, 3.2.2). The first bits of the input select an entry; codes longer than that
/// go on in a subtable. An entry holds: bits to consume with extra bits (0-5), two literals (6), literal (7), bits of the code alone (8-11), flags (13-15),
/// value (16-31).
/// </summary>
internal static class InflateTable
{
    internal const uint BitsMask = 0x3F;
    internal const int PairShift = 6;
    internal const uint Literal = 1u << 7;
    internal const uint Exceptional = 1u << 15;
    internal const uint Subtable = 1u << 14;
    internal const uint EndOfBlock = 1u << 13;
    internal const int ValueShift = 16;
    internal const int MaxCodeBits = 15;
    internal const int LengthBits = 11;
    internal const int DistanceBits = 9;
    internal const int PrecodeBits = 7;

    /// <summary>Room for the tables and all subtables: more than the 2342 and 594 entries that any code takes.</summary>
    internal const int LengthEntries = 2560;
    internal const int DistanceEntries = 768;

    private static ReadOnlySpan<ushort> LengthBase =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    private static ReadOnlySpan<byte> LengthExtra => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<ushort> DistanceBase =>
        [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];

    /// <summary>What each literal or length symbol becomes, by symbol.</summary>
    internal static readonly uint[] LengthSymbols = [.. Enumerable.Range(0, 288).Select(LengthSymbol)];

    /// <summary>What each distance symbol becomes; the value is the base, the extra bits are counted in the low byte.</summary>
    internal static readonly uint[] DistanceSymbols = [.. Enumerable.Range(0, 32).Select(DistanceSymbol)];

    /// <summary>What each symbol of the code of code lengths becomes.</summary>
    internal static readonly uint[] PrecodeSymbols = [.. Enumerable.Range(0, 19).Select(symbol => (uint)symbol << ValueShift)];

    private static uint LengthSymbol(int symbol) => symbol switch
    {
        < 256 => Literal | ((uint)symbol << ValueShift),
        256 => Exceptional | EndOfBlock,
        < 286 => ((uint)LengthBase[symbol - 257] << ValueShift) | LengthExtra[symbol - 257],
        _ => Exceptional,
    };

    private static uint DistanceSymbol(int symbol) => symbol < 30
        ? ((uint)DistanceBase[symbol] << ValueShift) | (uint)Math.Max(0, (symbol >> 1) - 1)
        : Exceptional;

    /// <summary>Fills a table.</summary>
    /// <param name="lengths">Bits of the code of each symbol; 0 for none.</param>
    /// <param name="tableBits">Bits that select an entry of the main table.</param>
    /// <param name="table">The main table with room for subtables.</param>
    /// <param name="symbols">What each symbol becomes, without the bits of its code.</param>
    /// <exception cref="TarnException">DataCorrupted when the lengths are no complete code, other than none or one symbol of one bit.</exception>
    internal static void Build(ReadOnlySpan<byte> lengths, int tableBits, Span<uint> table, ReadOnlySpan<uint> symbols)
    {
        Span<int> next = stackalloc int[MaxCodeBits + 2];
        int used = FirstCodes(lengths, next);
        table[..(1 << tableBits)].Fill(Exceptional);
        Span<byte> deepest = stackalloc byte[1 << tableBits];
        deepest.Clear();
        Span<ushort> codes = stackalloc ushort[lengths.Length];
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length == 0)
                continue;
            codes[symbol] = Reverse(next[length]++, length);
            ref byte depth = ref deepest[codes[symbol] & ((1 << tableBits) - 1)];
            if (length > tableBits && length > depth)
                depth = (byte)length;
        }

        int free = 1 << tableBits;
        for (int symbol = 0; symbol < lengths.Length && used > 0; symbol++)
        {
            if (lengths[symbol] > 0)
                Put(table, tableBits, codes[symbol], lengths[symbol], symbols[symbol], deepest, ref free);
        }
    }

    /// <summary>Makes one entry of two literals whose codes fit the main table together, which halves the steps over text.</summary>
    internal static void PairLiterals(Span<uint> table, int tableBits)
    {
        // From the end, because the entry of the second literal stands before that of the pair and must still be single.
        for (int i = (1 << tableBits) - 1; i >= 0; i--)
        {
            uint first = table[i];
            if ((first & Literal) == 0)
                continue;
            int used = (int)(first & BitsMask);
            uint second = table[i >> used];
            int together = used + (int)(second & BitsMask);
            if ((second & Literal) != 0 && together <= tableBits)
                table[i] = Literal | (1u << PairShift) | (uint)together | (first & 0xFFFF0000) | ((second >> ValueShift) << (ValueShift + 8));
        }
    }

    /// <summary>The first code of each length; checks that the lengths make a code.</summary>
    private static int FirstCodes(ReadOnlySpan<byte> lengths, Span<int> next)
    {
        Span<int> counts = stackalloc int[MaxCodeBits + 1];
        counts.Clear();
        foreach (byte length in lengths)
            counts[length]++;
        int used = lengths.Length - counts[0];
        counts[0] = 0;
        int code = 0;
        for (int length = 1; length <= MaxCodeBits; length++)
        {
            code = (code + counts[length - 1]) << 1;
            next[length] = code;
            if (code + counts[length] > 1 << length)
                throw TarnException.Corrupted("A deflate block has a Huffman code with too many symbols.");
        }

        bool complete = code + counts[MaxCodeBits] == 1 << MaxCodeBits;
        if (!complete && used > 0 && !(used == 1 && counts[1] == 1))
            throw TarnException.Corrupted("A deflate block has an incomplete Huffman code.");
        return used;
    }

    private static void Put(Span<uint> table, int tableBits, int code, int length, uint entry, Span<byte> deepest, ref int free)
    {
        if (length <= tableBits)
        {
            // The low byte counts extra bits already.
            uint whole = entry + (uint)length + ((uint)length << 8);
            for (int i = code; i < 1 << tableBits; i += 1 << length)
                table[i] = whole;
            return;
        }

        int prefix = code & ((1 << tableBits) - 1), subBits = deepest[prefix] - tableBits;
        if ((table[prefix] & Subtable) == 0)
        {
            table[prefix] = Exceptional | Subtable | ((uint)free << ValueShift) | ((uint)subBits << 8) | (uint)tableBits;
            table.Slice(free, 1 << subBits).Fill(Exceptional);
            free += 1 << subBits;
        }

        int start = (int)(table[prefix] >> ValueShift), rest = length - tableBits;
        uint tail = entry + (uint)rest + ((uint)rest << 8);
        for (int i = code >> tableBits; i < 1 << subBits; i += 1 << rest)
            table[start + i] = tail;
    }

    private static ushort Reverse(int code, int length)
    {
        int reversed = 0;
        for (int i = 0; i < length; i++, code >>= 1)
            reversed = (reversed << 1) | (code & 1);
        return (ushort)reversed;
    }
}
