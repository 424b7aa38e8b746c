using System.Numerics;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>
/// A finite state entropy table (RFC 8878, 4.1): for each state the symbol it stands for, the bits to read and the state they are added to.
/// </summary>
internal sealed class FseTable
{
    private const int MinAccuracyLog = 5;

    private FseTable(int accuracyLog)
    {
        AccuracyLog = accuracyLog;
        Symbols = new byte[1 << accuracyLog];
        Bits = new byte[1 << accuracyLog];
        Baselines = new ushort[1 << accuracyLog];
    }

    internal int AccuracyLog { get; }

    internal byte[] Symbols { get; }

    internal byte[] Bits { get; }

    internal ushort[] Baselines { get; }

    /// <summary>Symbol probabilities of the table; -1 means less than one.</summary>
    internal short[] Probabilities { get; private init; } = [];

    /// <summary>A table that always gives one symbol and reads no bits.</summary>
    internal static FseTable Constant(byte symbol)
    {
        var table = new FseTable(0);
        table.Symbols[0] = symbol;
        return table;
    }

    /// <summary>Builds a table from probabilities that add up to 1 &lt;&lt; <paramref name="accuracyLog"/>.</summary>
    internal static FseTable Build(ReadOnlySpan<short> probabilities, int accuracyLog)
    {
        var table = new FseTable(accuracyLog) { Probabilities = probabilities.ToArray() };
        Span<ushort> next = stackalloc ushort[probabilities.Length];
        table.SpreadSymbols(probabilities, next);
        int size = 1 << accuracyLog;
        for (int state = 0; state < size; state++)
        {
            int occurrence = next[table.Symbols[state]]++;
            int bits = accuracyLog - BitOperations.Log2((uint)occurrence);
            table.Bits[state] = (byte)bits;
            table.Baselines[state] = (ushort)((occurrence << bits) - size);
        }

        return table;
    }

    /// <summary>Reads a table description that starts at <paramref name="position"/> and moves behind it.</summary>
    /// <exception cref="TarnException">DataCorrupted when it is not one.</exception>
    internal static FseTable Read(ReadOnlySpan<byte> data, ref int position, int maxAccuracyLog, int maxSymbol)
    {
        var bits = new ForwardBits(data[position..]);
        int accuracyLog = bits.Read(4) + MinAccuracyLog;
        if (accuracyLog > maxAccuracyLog)
            throw TarnException.Corrupted($"A Zstandard entropy table has accuracy {accuracyLog}, at most {maxAccuracyLog} is allowed here.");
        Span<short> probabilities = stackalloc short[maxSymbol + 1];
        int count = ReadProbabilities(ref bits, probabilities, 1 << accuracyLog);
        position += bits.BytesUsed;
        return Build(probabilities[..count], accuracyLog);
    }

    private static int ReadProbabilities(ref ForwardBits bits, scoped Span<short> probabilities, int total)
    {
        int remaining = total, symbol = 0;
        while (remaining > 0)
        {
            if (symbol >= probabilities.Length)
                throw TarnException.Corrupted("A Zstandard entropy table names more symbols than exist.");
            int probability = ReadProbability(ref bits, remaining);
            remaining -= Math.Abs(probability);
            probabilities[symbol++] = (short)probability;
            if (probability == 0)
                symbol = SkipZeros(ref bits, symbol, probabilities.Length);
        }

        if (remaining < 0)
            throw TarnException.Corrupted("The probabilities of a Zstandard entropy table do not add up.");
        return symbol;
    }

    private static int ReadProbability(ref ForwardBits bits, int remaining)
    {
        // Values below a threshold take one bit less (RFC 8878, 4.1.1).
        int width = BitOperations.Log2((uint)(remaining + 1)) + 1;
        int lowMask = (1 << (width - 1)) - 1;
        int threshold = (1 << width) - 1 - (remaining + 1);
        int value = bits.Read(width);
        if ((value & lowMask) < threshold)
        {
            bits.Unread(1);
            value &= lowMask;
        }
        else if (value > lowMask)
        {
            value -= threshold;
        }

        return value - 1;
    }

    private static int SkipZeros(ref ForwardBits bits, int symbol, int limit)
    {
        int repeat;
        do
        {
            repeat = bits.Read(2);
            symbol += repeat;
            if (symbol > limit)
                throw TarnException.Corrupted("A Zstandard entropy table names more symbols than exist.");
        }
        while (repeat == 3);
        return symbol;
    }

    private void SpreadSymbols(ReadOnlySpan<short> probabilities, Span<ushort> next)
    {
        int size = 1 << AccuracyLog, high = size, mask = size - 1;
        for (int symbol = 0; symbol < probabilities.Length; symbol++)
        {
            next[symbol] = (ushort)Math.Abs(probabilities[symbol]);
            if (probabilities[symbol] == -1)
                Symbols[--high] = (byte)symbol;
        }

        int step = (size >> 1) + (size >> 3) + 3, position = 0;
        for (int symbol = 0; symbol < probabilities.Length; symbol++)
        {
            for (int i = 0; i < probabilities[symbol]; i++)
            {
                Symbols[position] = (byte)symbol;
                do
                    position = (position + step) & mask;
                while (position >= high);
            }
        }
    }
}
