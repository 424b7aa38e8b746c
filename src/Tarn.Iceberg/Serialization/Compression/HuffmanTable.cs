using System.Numerics;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>A Huffman code for literals (RFC 8878, 4.2), as a table from the next bits to symbol and length.</summary>
internal sealed class HuffmanTable
{
    private const int MaxBits = 11;
    private const int MaxWeightLog = 6;
    private const int MaxSymbols = 256;

    private readonly int _bits;
    private readonly ushort[] _entries;

    private HuffmanTable(int bits)
    {
        _bits = bits;
        _entries = new ushort[1 << bits];
    }

    /// <summary>Reads a tree description at <paramref name="position"/> and moves behind it.</summary>
    /// <exception cref="TarnException">DataCorrupted when it is not one.</exception>
    internal static HuffmanTable Read(ReadOnlySpan<byte> data, ref int position)
    {
        if (position >= data.Length)
            throw TarnException.Corrupted("A Zstandard Huffman description is missing.");
        Span<byte> weights = stackalloc byte[MaxSymbols];
        int header = data[position++];
        int count = header < 128
            ? ReadCompressedWeights(Take(data, ref position, header), weights)
            : ReadPlainWeights(Take(data, ref position, (header - 126) / 2), header - 127, weights);
        return Build(weights, count);
    }

    /// <summary>Decodes exactly as many symbols as <paramref name="target"/> holds; the stream must end with the last one.</summary>
    internal void Decode(ReadOnlySpan<byte> stream, Span<byte> target)
    {
        var bits = new BackwardBits(stream);
        var entries = _entries;
        for (int i = 0; i < target.Length; i++)
        {
            int entry = entries[(int)bits.Peek(_bits)];
            target[i] = (byte)(entry >> 8);
            bits.Skip(entry & 0xFF);
            if (bits.Remaining < 0)
                break;
        }

        if (bits.Remaining != 0)
            throw TarnException.Corrupted("A Zstandard Huffman stream does not end where its literals end.");
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> data, ref int position, int count)
    {
        if (count > data.Length - position)
            throw TarnException.Corrupted("A Zstandard Huffman description ends early.");
        position += count;
        return data.Slice(position - count, count);
    }

    private static int ReadPlainWeights(ReadOnlySpan<byte> data, int count, Span<byte> weights)
    {
        for (int i = 0; i < count; i++)
            weights[i] = (byte)((i & 1) == 0 ? data[i >> 1] >> 4 : data[i >> 1] & 15);
        return count;
    }

    private static int ReadCompressedWeights(ReadOnlySpan<byte> data, Span<byte> weights)
    {
        int start = 0, count = 0;
        var table = FseTable.Read(data, ref start, MaxWeightLog, MaxBits + 1);
        if (start > data.Length)
            throw TarnException.Corrupted("A Zstandard Huffman description ends early.");
        var bits = new BackwardBits(data[start..]);
        int current = (int)bits.Read(table.AccuracyLog), other = (int)bits.Read(table.AccuracyLog);

        // Two states take turns; when the bits of one run out, the other's last symbol ends the list.
        while (true)
        {
            Put(weights, ref count, table.Symbols[current]);
            int next = table.Baselines[current] + (int)bits.Read(table.Bits[current]);
            if (bits.Remaining < 0)
            {
                Put(weights, ref count, table.Symbols[other]);
                return count;
            }

            (current, other) = (other, next);
        }
    }

    private static void Put(Span<byte> weights, ref int count, byte weight)
    {
        if (count >= MaxSymbols - 1)
            throw TarnException.Corrupted("A Zstandard Huffman description names more than 255 weights.");
        weights[count++] = weight;
    }

    private static HuffmanTable Build(Span<byte> weights, int count)
    {
        int sum = 0;
        foreach (byte weight in weights[..count])
        {
            if (weight > MaxBits)
                throw TarnException.Corrupted($"A Zstandard Huffman weight is {weight}, at most {MaxBits} is allowed.");
            sum += weight > 0 ? 1 << (weight - 1) : 0;
        }

        // The last weight is implied: it completes the sum to a power of two.
        int bits = sum == 0 ? 0 : BitOperations.Log2((uint)sum) + 1;
        int rest = (1 << bits) - sum;
        if (bits is 0 or > MaxBits || !BitOperations.IsPow2(rest))
            throw TarnException.Corrupted("The weights of a Zstandard Huffman code do not add up.");
        weights[count++] = (byte)(BitOperations.Log2((uint)rest) + 1);
        return Fill(weights[..count], bits);
    }

    private static HuffmanTable Fill(ReadOnlySpan<byte> weights, int bits)
    {
        var table = new HuffmanTable(bits);
        int position = 0;
        for (int weight = 1; weight <= bits; weight++)
        {
            for (int symbol = 0; symbol < weights.Length; symbol++)
            {
                if (weights[symbol] != weight)
                    continue;
                int run = 1 << (weight - 1);
                table._entries.AsSpan(position, run).Fill((ushort)((symbol << 8) | (bits + 1 - weight)));
                position += run;
            }
        }

        return table;
    }
}
