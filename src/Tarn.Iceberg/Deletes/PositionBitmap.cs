namespace Tarn.Iceberg.Deletes;

/// <summary>A set of row positions of one data file, e.g. those that are deleted. Compressed like a roaring bitmap; immutable, thread-safe.</summary>
public sealed class PositionBitmap
{
    // A container and its key, without what it holds.
    private const int OverheadBytes = 64;

    private readonly long[] keys;
    private readonly PositionContainer[] containers;

    internal PositionBitmap(long[] keys, PositionContainer[] containers)
    {
        this.keys = keys;
        this.containers = containers;
        Count = containers.Sum(c => (long)c.Count);
        SizeBytes = containers.Sum(c => (long)c.SizeBytes + OverheadBytes);
    }

    /// <summary>No position.</summary>
    public static PositionBitmap Empty { get; } = new([], []);

    /// <summary>How many positions.</summary>
    public long Count { get; }

    /// <summary>Memory it takes, roughly.</summary>
    public long SizeBytes { get; }

    /// <summary>The positions of several bitmaps together.</summary>
    public static PositionBitmap Union(IReadOnlyList<PositionBitmap> bitmaps)
    {
        if (bitmaps.Count == 1)
            return bitmaps[0];
        var byKey = bitmaps.SelectMany(b => b.keys.Zip(b.containers)).GroupBy(p => p.First, p => p.Second).OrderBy(g => g.Key).ToArray();
        return new PositionBitmap([.. byKey.Select(g => g.Key)], [.. byKey.Select(g => Union([.. g]))]);
    }

    /// <summary>Whether a position is in the set.</summary>
    public bool Contains(long position)
    {
        int at = Array.BinarySearch(keys, position >> 16);
        return at >= 0 && containers[at].Contains((ushort)position);
    }

    /// <summary>How many positions are smaller than <paramref name="end"/>, e.g. lie within a file of so many rows.</summary>
    public long CountBelow(long end)
    {
        long count = 0;
        for (int at = 0; at < keys.Length && keys[at] << 16 < end; at++)
            count += containers[at].CountBelow((int)Math.Min(end - (keys[at] << 16), PositionContainer.Range));
        return count;
    }

    /// <summary>Sets <c>flags[i]</c> to false where <paramref name="first"/> + i is in the set; leaves the others as they are.</summary>
    public void Clear(long first, Span<bool> flags)
    {
        int at = Array.BinarySearch(keys, first >> 16);
        for (at = at < 0 ? ~at : at; at < keys.Length && keys[at] << 16 < first + flags.Length; at++)
        {
            long start = keys[at] << 16;
            int from = (int)Math.Max(0, start - first);
            int low = (int)(first + from - start);
            containers[at].Clear(low, flags.Slice(from, Math.Min(flags.Length - from, PositionContainer.Range - low)));
        }
    }

    /// <summary>All positions, ascending.</summary>
    public IEnumerable<long> Positions()
    {
        var words = new ulong[PositionContainer.Words];
        for (int i = 0; i < keys.Length; i++)
        {
            Array.Clear(words);
            containers[i].AddTo(words);
            for (int low = 0; low < PositionContainer.Range; low++)
            {
                if ((words[low >> 6] >> (low & 63) & 1) != 0)
                    yield return (keys[i] << 16) + low;
            }
        }
    }

    private static PositionContainer Union(PositionContainer[] containers)
    {
        if (containers.Length == 1)
            return containers[0];
        var words = new ulong[PositionContainer.Words];
        foreach (var container in containers)
            container.AddTo(words);
        return PositionContainer.OfWords(words);
    }
}
