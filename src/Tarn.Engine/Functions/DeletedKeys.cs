using System.Numerics;

namespace Tarn.Engine.Functions;

/// <summary>
/// Whole numbers that equality deletes name, each with the newest data sequence number that deletes it. Rows are asked for in two passes: a filter finds
/// those that may be deleted, without a branch for each row, and only these are looked up. Keys that lie close together make the filter exact.
/// </summary>
/// <param name="bySequence">False when every delete concerns every row, whatever their sequence numbers.</param>
/// <param name="expectedCount">How many keys there will be, roughly.</param>
internal sealed class DeletedKeys(bool bySequence, int expectedCount)
{
    // One bit for each number from the first key to the last, 8 MiB at most, and no more memory than the hashes would take.
    private const ulong MaxSpan = 64 << 20;
    private const ulong MaxSpanPerKey = 256;

    private const int MinSlots = 1024;

    // Sixteen bits or more for each key: one row in sixteen at most is looked for in vain. The table is sixteen times as large, too large to be near the processor.
    private const int LogMarksPerSlot = 3;

    private (long Key, long Sequence)[] slots = new (long, long)[Math.Max(MinSlots, (int)BitOperations.RoundUpToPowerOf2((uint)expectedCount * 2))];
    private ulong[] marks = [];
    private int count;
    private long first = long.MaxValue, last = long.MinValue;
    private bool isDense;

    /// <summary>Sequence number of the newest delete of null; -1 for none.</summary>
    public long NewestOfNull { get; private set; } = -1;

    /// <summary>Adds a delete; null deletes rows without a value.</summary>
    public void Add(long? key, long sequence)
    {
        if (key is not { } value)
        {
            NewestOfNull = Math.Max(NewestOfNull, sequence);
            return;
        }

        if (count * 2 >= slots.Length)
            Grow();
        Put(value, sequence + 1);
        (first, last) = (Math.Min(first, value), Math.Max(last, value));
    }

    /// <summary>Makes the filter; nothing may be added any more.</summary>
    public void Complete()
    {
        ulong span = unchecked((ulong)last - (ulong)first);
        isDense = count > 0 && span < Math.Min(MaxSpan, (ulong)count * MaxSpanPerKey);
        marks = new ulong[isDense ? (int)(span >> 6) + 1 : (slots.Length << LogMarksPerSlot) / 64];
        foreach (var (key, stored) in slots)
        {
            ulong mark = isDense ? Distance(key) : Product(key) >> MarkShift;
            if (stored != 0)
                marks[mark >> 6] |= 1UL << (int)(mark & 63);
        }

        if (isDense && !bySequence)
            slots = [];
    }

    /// <summary>Tells of rows whether no delete concerns them.</summary>
    /// <param name="values">Their values; of a row without one anything, and so is what is told of it.</param>
    /// <param name="sequences">Their data sequence numbers; empty when every delete concerns every row.</param>
    /// <param name="kept">The answers.</param>
    public void Test(ReadOnlySpan<long> values, ReadOnlySpan<long> sequences, Span<bool> kept)
    {
        if (isDense)
            FilterDense(values[..kept.Length], kept);
        else
            FilterHashed(values[..kept.Length], kept);
        if (isDense && !bySequence)
            return;
        int row = -1;
        for (int next; (next = kept[(row + 1)..].IndexOf(false)) >= 0;)
        {
            row += next + 1;
            kept[row] = Newest(values[row]) <= (bySequence ? sequences[row] : -1);
        }
    }

    private void FilterDense(ReadOnlySpan<long> values, Span<bool> kept)
    {
        ulong[] filter = marks;
        for (int row = 0; row < kept.Length; row++)
        {
            ulong mark = Distance(values[row]), word = mark >> 6;
            kept[row] = word >= (ulong)filter.Length || ((filter[word] >> (int)(mark & 63)) & 1) == 0;
        }
    }

    private void FilterHashed(ReadOnlySpan<long> values, Span<bool> kept)
    {
        ulong[] filter = marks;
        int shift = MarkShift;
        for (int row = 0; row < kept.Length; row++)
        {
            ulong mark = Product(values[row]) >> shift;
            kept[row] = ((filter[mark >> 6] >> (int)(mark & 63)) & 1) == 0;
        }
    }

    // From the first key on; smaller numbers wrap around to large distances.
    private ulong Distance(long value) => unchecked((ulong)value - (ulong)first);

    private int MarkShift => 64 - LogMarksPerSlot - BitOperations.Log2((uint)slots.Length);

    // Sequence number of the newest delete of a key; -1 for none.
    private long Newest(long key)
    {
        for (int at = Home(key); ; at = (at + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[at];
            if (slot.Sequence == 0)
                return -1;
            if (slot.Key == key)
                return slot.Sequence - 1;
        }
    }

    // A slot without sequence number is free: stored numbers are one larger.
    private void Put(long key, long stored)
    {
        int at = Home(key);
        while (slots[at].Sequence != 0 && slots[at].Key != key)
            at = (at + 1) & (slots.Length - 1);
        count += slots[at].Sequence == 0 ? 1 : 0;
        slots[at] = (key, Math.Max(slots[at].Sequence, stored));
    }

    private void Grow()
    {
        var old = slots;
        slots = new (long, long)[old.Length * 2];
        count = 0;
        foreach (var (key, stored) in old)
        {
            if (stored != 0)
                Put(key, stored);
        }
    }

    // Fibonacci hashing: the highest bits of the product with 2^64 / phi (Knuth, TAOCP 6.4).
    private int Home(long key) => (int)(Product(key) >> (64 - BitOperations.Log2((uint)slots.Length)));

    private static ulong Product(long key) => unchecked((ulong)key * 0x9E3779B97F4A7C15UL);
}
