using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

    // 2^64 / phi (Knuth, TAOCP 6.4).
    private const ulong Golden = 0x9E3779B97F4A7C15UL;

    // What was added, until it is complete: most keys lie close together and need no hashes.
    private List<long> added = new(expectedCount);
    private List<long> sequences = bySequence ? new(expectedCount) : [];

    private (long Key, long Sequence)[] slots = [];
    private ulong[] marks = [];
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

        added.Add(value);
        if (bySequence)
            sequences.Add(sequence);
    }

    /// <summary>Adds deletes that concern every row, none of them of null.</summary>
    public void Add(ReadOnlySpan<long> keys) => added.AddRange(keys);

    /// <summary>Makes the filter; nothing may be added any more.</summary>
    public void Complete()
    {
        foreach (long key in CollectionsMarshal.AsSpan(added))
            (first, last) = (Math.Min(first, key), Math.Max(last, key));
        isDense = added.Count > 0 && Span < Math.Min(MaxSpan, (ulong)added.Count * MaxSpanPerKey);
        if (!isDense || bySequence)
            FillSlots();
        // One number behind the last key stands for all that are farther away: it is never marked.
        marks = new ulong[isDense ? (int)((Span + 1) >> 6) + 1 : (slots.Length << LogMarksPerSlot) / 64];
        foreach (long key in CollectionsMarshal.AsSpan(added))
        {
            ulong mark = isDense ? Distance(key) : Product(key) >> MarkShift;
            marks[mark >> 6] |= 1UL << (int)(mark & 63);
        }

        (added, sequences) = ([], []);
    }

    /// <summary>Tells of rows whether no delete concerns them.</summary>
    /// <param name="values">Their values; of a row without one anything, and so is what is told of it.</param>
    /// <param name="sequences">Their data sequence numbers; empty when every delete concerns every row.</param>
    /// <param name="kept">The answers.</param>
    public void Test(ReadOnlySpan<long> values, ReadOnlySpan<long> sequences, Span<bool> kept)
    {
        values = values[..kept.Length];
        int filtered = Avx2.IsSupported ? FilterVectors(values, kept) : 0;
        FilterRows(values[filtered..], kept[filtered..]);
        if (isDense && !bySequence)
            return;
        int row = -1;
        for (int next; (next = kept[(row + 1)..].IndexOf(false)) >= 0;)
        {
            row += next + 1;
            kept[row] = Newest(values[row]) <= (bySequence ? sequences[row] : -1);
        }
    }

    private void FilterRows(ReadOnlySpan<long> values, Span<bool> kept)
    {
        ulong[] filter = marks;
        for (int row = 0; row < kept.Length; row++)
        {
            ulong mark = isDense ? Math.Min(Distance(values[row]), Span + 1) : Product(values[row]) >> MarkShift;
            kept[row] = ((filter[mark >> 6] >> (int)(mark & 63)) & 1) == 0;
        }
    }

    // As many rows as make whole vectors; answers how many. A program that reads once would be done before the runtime found out that this is worth compiling well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe int FilterVectors(ReadOnlySpan<long> values, Span<bool> kept)
    {
        var (begin, end, golden) = (Vector256.Create((ulong)first), Vector256.Create(Span + 1), Vector256.Create(Golden));
        int shift = MarkShift, rows = values.Length & -Vector256<long>.Count;
        fixed (long* value = values)
        fixed (bool* answer = kept)
        fixed (ulong* filter = marks)
        {
            for (int row = 0; row < rows && isDense; row += Vector256<long>.Count)
                Unsafe.WriteUnaligned(answer + row, Unmarked(filter, Vector256.Min(Vector256.Load((ulong*)value + row) - begin, end)));
            for (int row = 0; row < rows && !isDense; row += Vector256<long>.Count)
                Unsafe.WriteUnaligned(answer + row, Unmarked(filter, (Vector256.Load((ulong*)value + row) * golden) >>> shift));
        }

        return rows;
    }

    // Four answers, a byte each. The bit of a mark is moved to the top of its word.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe uint Unmarked(ulong* filter, Vector256<ulong> mark)
    {
        var words = Avx2.GatherVector256(filter, (mark >>> 6).AsInt64(), sizeof(ulong));
        return Answers[(int)Avx2.ShiftLeftLogicalVariable(words, Vector256.AndNot(Vector256.Create(63UL), mark)).ExtractMostSignificantBits()];
    }

    // By four bits, the first of them the lowest, of which a set one says false.
    private static ReadOnlySpan<uint> Answers =>
    [
        0x01010101, 0x01010100, 0x01010001, 0x01010000, 0x01000101, 0x01000100, 0x01000001, 0x01000000,
        0x00010101, 0x00010100, 0x00010001, 0x00010000, 0x00000101, 0x00000100, 0x00000001, 0x00000000,
    ];

    private ulong Span => Distance(last);

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

    private void FillSlots()
    {
        slots = new (long, long)[Math.Max(MinSlots, (int)BitOperations.RoundUpToPowerOf2((uint)added.Count * 2))];
        for (int i = 0; i < added.Count; i++)
            Put(added[i], (bySequence ? sequences[i] : 0) + 1);
    }

    // A slot without sequence number is free: stored numbers are one larger.
    private void Put(long key, long stored)
    {
        int at = Home(key);
        while (slots[at].Sequence != 0 && slots[at].Key != key)
            at = (at + 1) & (slots.Length - 1);
        slots[at] = (key, Math.Max(slots[at].Sequence, stored));
    }

    // Fibonacci hashing: the highest bits of the product.
    private int Home(long key) => (int)(Product(key) >> (64 - BitOperations.Log2((uint)slots.Length)));

    private static ulong Product(long key) => unchecked((ulong)key * Golden);
}
