using System.Numerics;

namespace Tarn.Iceberg.Deletes;

/// <summary>Which of 65,536 neighbouring positions are in a bitmap: the low 16 bits of each. Immutable.</summary>
internal abstract class PositionContainer
{
    /// <summary>Positions that one container covers.</summary>
    public const int Range = 1 << 16;

    /// <summary>Most positions for which a list is smaller than a bit for each (RoaringFormatSpec, "Containers").</summary>
    public const int MaxListed = 4096;

    /// <summary>64-bit words with a bit for each position.</summary>
    public const int Words = Range / 64;

    /// <summary>Positions in it.</summary>
    public abstract int Count { get; }

    /// <summary>Memory it takes.</summary>
    public abstract int SizeBytes { get; }

    /// <summary>Whether a position is in it.</summary>
    public abstract bool Contains(ushort low);

    /// <summary>Sets <c>flags[i]</c> to false where <paramref name="first"/> + i is in it.</summary>
    public abstract void Clear(int first, Span<bool> flags);

    /// <summary>How many of its positions are smaller than <paramref name="end"/>, which is 1 to <see cref="Range"/>.</summary>
    public int CountBelow(int end)
    {
        if (end == Range)
            return Count;
        Span<ulong> words = new ulong[Words];
        AddTo(words);
        int count = BitOperations.PopCount(words[end >> 6] & ((1UL << (end & 63)) - 1));
        foreach (ulong word in words[..(end >> 6)])
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Sets the bit of each of its positions.</summary>
    public abstract void AddTo(Span<ulong> words);

    /// <summary>The smaller form of a set of bits.</summary>
    public static PositionContainer OfWords(ulong[] words)
    {
        int count = 0;
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);
        if (count > MaxListed)
            return new BitContainer(words, count);
        var listed = new ushort[count];
        int next = 0;
        for (int i = 0; i < words.Length; i++)
        {
            for (ulong left = words[i]; left != 0; left &= left - 1)
                listed[next++] = (ushort)((i << 6) + BitOperations.TrailingZeroCount(left));
        }

        return new ListContainer(listed);
    }
}

/// <summary>Few positions: their sorted list.</summary>
internal sealed class ListContainer(ushort[] positions) : PositionContainer
{
    public override int Count => positions.Length;

    public override int SizeBytes => positions.Length * sizeof(ushort);

    public override bool Contains(ushort low) => Array.BinarySearch(positions, low) >= 0;

    public override void Clear(int first, Span<bool> flags)
    {
        int at = Array.BinarySearch(positions, (ushort)first);
        for (at = at < 0 ? ~at : at; at < positions.Length && positions[at] - first < flags.Length; at++)
            flags[positions[at] - first] = false;
    }

    public override void AddTo(Span<ulong> words)
    {
        foreach (ushort position in positions)
            words[position >> 6] |= 1UL << (position & 63);
    }
}

/// <summary>Many positions: a bit for each.</summary>
internal sealed class BitContainer(ulong[] words, int count) : PositionContainer
{
    public override int Count => count;

    public override int SizeBytes => Words * sizeof(ulong);

    public override bool Contains(ushort low) => (words[low >> 6] >> (low & 63) & 1) != 0;

    public override void Clear(int first, Span<bool> flags)
    {
        int end = first + flags.Length;
        for (int i = first >> 6; i << 6 < end; i++)
        {
            for (ulong left = words[i]; left != 0; left &= left - 1)
            {
                int position = (i << 6) + BitOperations.TrailingZeroCount(left);
                if (position >= first && position < end)
                    flags[position - first] = false;
            }
        }
    }

    public override void AddTo(Span<ulong> target)
    {
        for (int i = 0; i < Words; i++)
            target[i] |= words[i];
    }
}

/// <summary>Runs of positions: first and last of each, sorted and apart from each other.</summary>
internal sealed class RunContainer(ushort[] firsts, ushort[] lasts) : PositionContainer
{
    public override int Count { get; } = firsts.Zip(lasts, (first, last) => last - first + 1).Sum();

    public override int SizeBytes => firsts.Length * 2 * sizeof(ushort);

    public override bool Contains(ushort low)
    {
        int run = RunAt(low);
        return run >= 0 && low <= lasts[run];
    }

    public override void Clear(int first, Span<bool> flags)
    {
        for (int run = Math.Max(0, RunAt((ushort)first)); run < firsts.Length && firsts[run] - first < flags.Length; run++)
        {
            int from = Math.Max(0, firsts[run] - first), to = Math.Min(flags.Length - 1, lasts[run] - first);
            if (to >= from)
                flags[from..(to + 1)].Clear();
        }
    }

    public override void AddTo(Span<ulong> words)
    {
        for (int run = 0; run < firsts.Length; run++)
        {
            for (int position = firsts[run]; position <= lasts[run]; position++)
                words[position >> 6] |= 1UL << (position & 63);
        }
    }

    // The last run that begins at or before the position; -1 for none.
    private int RunAt(ushort low)
    {
        int at = Array.BinarySearch(firsts, low);
        return at < 0 ? ~at - 1 : at;
    }
}
