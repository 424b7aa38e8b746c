using System.Buffers;

namespace Tarn.Storage.Buckets.Index;

/// <summary>Changes that become durable and visible as one. Keys are unique inside a batch.</summary>
internal sealed class IndexBatch
{
    public List<IndexChange> Changes { get; init; } = [];

    public List<CounterChange> Counters { get; init; } = [];

    /// <summary>Text of the caller that recovery hands back, in order; empty for none.</summary>
    public ReadOnlyMemory<byte> Effects { get; set; }

    /// <summary>Whether the batch gives room on the disk back, and may use the room of the log that is kept for such.</summary>
    public bool FreesRoom { get; init; }

    /// <summary>Where the effects begin in the bytes that the batch was read from.</summary>
    public int EffectsStart { get; private set; }

    public void Set(byte[] key, byte[] value) => Changes.Add(new IndexChange(key, value));

    public void Remove(byte[] key) => Changes.Add(new IndexChange(key, null));

    public void WriteTo(IBufferWriter<byte> target)
    {
        VarInt.Write(target, (ulong)Changes.Count);
        foreach (var change in Changes)
        {
            WriteBytes(target, change.Key);
            VarInt.Write(target, change.Value is null ? 0 : (ulong)change.Value.Length + 1);
            target.Write(change.Value ?? []);
        }

        VarInt.Write(target, (ulong)Counters.Count);
        foreach (var counter in Counters)
        {
            WriteBytes(target, counter.Key);
            VarInt.WriteSigned(target, counter.Count);
            VarInt.WriteSigned(target, counter.SizeBytes);
        }

        target.Write(Effects.Span);
    }

    /// <param name="payload">What <see cref="WriteTo"/> wrote; the effects go on referring to it.</param>
    public static IndexBatch Read(ReadOnlyMemory<byte> payload)
    {
        var span = payload.Span;
        int at = 0;
        var batch = new IndexBatch();
        for (ulong left = VarInt.Read(span, ref at); left > 0; left--)
        {
            byte[] key = ReadBytes(span, ref at);
            ulong length = VarInt.Read(span, ref at);
            batch.Changes.Add(new IndexChange(key, length == 0 ? null : Take(span, ref at, length - 1)));
        }

        for (ulong left = VarInt.Read(span, ref at); left > 0; left--)
            batch.Counters.Add(new CounterChange(ReadBytes(span, ref at), VarInt.ReadSigned(span, ref at), VarInt.ReadSigned(span, ref at)));
        batch.Effects = payload[at..];
        batch.EffectsStart = at;
        return batch;
    }

    private static void WriteBytes(IBufferWriter<byte> target, byte[] bytes)
    {
        VarInt.Write(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static byte[] ReadBytes(ReadOnlySpan<byte> source, ref int at) => Take(source, ref at, VarInt.Read(source, ref at));

    private static byte[] Take(ReadOnlySpan<byte> source, ref int at, ulong length)
    {
        byte[] taken = source.Slice(at, checked((int)length)).ToArray();
        at += taken.Length;
        return taken;
    }
}

/// <summary>A key set to a value, or removed when that is null.</summary>
internal readonly record struct IndexChange(byte[] Key, byte[]? Value);

/// <summary>Amounts added to the pair of counters under a key.</summary>
internal readonly record struct CounterChange(byte[] Key, long Count, long SizeBytes);
