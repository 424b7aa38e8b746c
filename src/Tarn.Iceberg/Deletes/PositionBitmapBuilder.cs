namespace Tarn.Iceberg.Deletes;

/// <summary>Collects positions in any order, repeated or not, into a <see cref="PositionBitmap"/>. Fastest when they ascend. Not for several threads.</summary>
public sealed class PositionBitmapBuilder
{
    private readonly Dictionary<long, Part> parts = [];
    private long lastKey = -1;
    private Part? last;

    /// <summary>Adds a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void Add(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        long key = position >> 16;
        if (key != lastKey || last is null)
        {
            if (!parts.TryGetValue(key, out last))
                parts[key] = last = new Part();
            lastKey = key;
        }

        last.Add((ushort)position);
    }

    /// <summary>What was added so far.</summary>
    public PositionBitmap Build()
    {
        long[] keys = [.. parts.Keys.Order()];
        return new PositionBitmap(keys, [.. keys.Select(k => parts[k].Build())]);
    }

    private sealed class Part
    {
        private readonly List<ushort> listed = [];
        private ulong[]? words;

        public void Add(ushort low)
        {
            if (words is null && listed.Count < PositionContainer.MaxListed)
            {
                listed.Add(low);
                return;
            }

            words ??= Words();
            words[low >> 6] |= 1UL << (low & 63);
        }

        public PositionContainer Build() => PositionContainer.OfWords(words is null ? Words() : (ulong[])words.Clone());

        private ulong[] Words()
        {
            var bits = new ulong[PositionContainer.Words];
            foreach (ushort low in listed)
                bits[low >> 6] |= 1UL << (low & 63);
            return bits;
        }
    }
}
