using System.Collections.Concurrent;
using System.Numerics;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;

namespace Tarn.Engine.Functions;

/// <summary>
/// The condition that no equality delete concerns a row, as SQL, for deletes that compare one whole number: <c>__tarn_kept(keys, sequence, value)</c>. It is a
/// table of hashes in C#, behind a filter that answers for nearly all rows that are kept.
/// </summary>
internal sealed class KeptRows
{
    /// <summary>Name of the function.</summary>
    public const string FunctionName = "__tarn_kept";

    /// <summary>Most deletes that are held so: a table of them takes 128 MiB at most, its filter 8.</summary>
    public const long MaxKeys = 4 << 20;

    private static readonly DuckDbType BigInt = DuckDbType.Of(DuckDbTypeId.BigInt);
    private readonly ConcurrentDictionary<long, DeletedKeys> tables = new();
    private long lastKey;

    /// <summary>The scalar function.</summary>
    public DuckDbScalarFunction Function => new()
    {
        Name = FunctionName,
        Parameters = [BigInt, BigInt, BigInt],
        ReturnType = DuckDbType.Of(DuckDbTypeId.Boolean),
        HandlesNulls = true,
        Body = Test,
    };

    /// <summary>Adds deleted keys until the result is disposed.</summary>
    /// <param name="result">Key and data sequence number of each delete.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public LiveRowsLease Add(DuckDbResult result, CancellationToken cancellationToken)
    {
        var keys = new DeletedKeys();
        foreach (var chunk in result.Chunks(cancellationToken))
        {
            for (int row = 0; row < chunk.RowCount; row++)
                keys.Add(chunk[0].IsValid(row) ? chunk[0].Values<long>()[row] : null, chunk[1].Values<long>()[row]);
        }

        keys.Complete();
        long key = Interlocked.Increment(ref lastKey);
        tables[key] = keys;
        return new LiveRowsLease(key, () => tables.TryRemove(key, out _));
    }

    private void Test(DuckDbChunk chunk, DuckDbVectorWriter output)
    {
        if (chunk.RowCount == 0)
            return;
        if (!tables.TryGetValue(chunk[0].Values<long>()[0], out var keys))
            throw TarnException.Invalid($"{FunctionName} is for Tarn's own use.");
        var kept = output.Values<bool>()[..chunk.RowCount];
        ReadOnlySpan<long> sequences = chunk[1].Values<long>();
        keys.Test(chunk[2].Values<long>(), sequences, kept);
        if (!chunk[2].MayHaveNulls)
            return;
        for (int row = 0; row < kept.Length; row++)
        {
            if (!chunk[2].IsValid(row))
                kept[row] = keys.NewestOfNull <= sequences[row];
        }
    }

    /// <summary>Deleted keys, each with the newest sequence number that deletes it; open addressing.</summary>
    private sealed class DeletedKeys
    {
        private const int FirstSlots = 1024;

        // Sixteen bits or more for each key: one row in sixteen at most is looked for in vain. The table is sixteen times as large, too large to be near the processor.
        private const int LogMarksPerSlot = 3;

        private (long Key, long Sequence)[] slots = new (long, long)[FirstSlots];
        private ulong[] marks = [];
        private int count;

        /// <summary>Sequence number of the newest delete of null; -1 for none.</summary>
        public long NewestOfNull { get; private set; } = -1;

        /// <summary>Makes the filter; nothing may be added any more.</summary>
        public void Complete()
        {
            marks = new ulong[(slots.Length << LogMarksPerSlot) / 64];
            foreach (var (key, stored) in slots)
            {
                ulong mark = Product(key) >> MarkShift;
                marks[mark >> 6] |= (stored == 0 ? 0UL : 1UL) << (int)(mark & 63);
            }
        }

        /// <summary>Tells of rows whether no delete of their values is newer than they are.</summary>
        public void Test(ReadOnlySpan<long> values, ReadOnlySpan<long> sequences, Span<bool> kept)
        {
            var filter = marks;
            int shift = MarkShift;
            for (int row = 0; row < kept.Length; row++)
            {
                ulong mark = Product(values[row]) >> shift;
                kept[row] = ((filter[mark >> 6] >> (int)(mark & 63)) & 1) == 0 || Newest(values[row]) <= sequences[row];
            }
        }

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
}
