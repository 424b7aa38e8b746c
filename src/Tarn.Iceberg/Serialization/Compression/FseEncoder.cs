using System.Numerics;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>The writing side of an <see cref="FseTable"/>: which bits lead from a state to one that stands for a symbol.</summary>
internal sealed class FseEncoder
{
    private readonly int _accuracyLog;
    private readonly ushort[] _states;
    private readonly int[] _deltaBits;
    private readonly int[] _deltaStates;

    internal FseEncoder(FseTable table)
    {
        _accuracyLog = table.AccuracyLog;
        int size = 1 << _accuracyLog;
        _states = new ushort[size];
        _deltaBits = new int[table.Probabilities.Length];
        _deltaStates = new int[table.Probabilities.Length];
        var next = new int[table.Probabilities.Length];
        int total = 0;
        for (int symbol = 0; symbol < next.Length; symbol++)
        {
            next[symbol] = total;
            int count = Math.Abs(table.Probabilities[symbol]);
            int maxBits = count <= 1 ? _accuracyLog : _accuracyLog - BitOperations.Log2((uint)(count - 1));
            _deltaBits[symbol] = (maxBits << 16) - (count << maxBits);
            _deltaStates[symbol] = total - count;
            total += count;
        }

        for (int state = 0; state < size; state++)
            _states[next[table.Symbols[state]]++] = (ushort)(size + state);
    }

    /// <summary>A first state that stands for <paramref name="symbol"/> and leaves fewest bits.</summary>
    internal int Begin(int symbol)
    {
        int bits = (_deltaBits[symbol] + (1 << 15)) >> 16;
        int value = (bits << 16) - _deltaBits[symbol];
        return _states[(value >> bits) + _deltaStates[symbol]];
    }

    /// <summary>Writes the bits that lead from the state for <paramref name="symbol"/> to <paramref name="state"/>, and moves to it.</summary>
    internal int Encode(ref BitWriter writer, int state, int symbol)
    {
        int bits = (state + _deltaBits[symbol]) >> 16;
        writer.Write((ulong)state, bits);
        return _states[(state >> bits) + _deltaStates[symbol]];
    }

    /// <summary>Writes the state from which decoding starts.</summary>
    internal void End(ref BitWriter writer, int state) => writer.Write((ulong)state, _accuracyLog);
}

/// <summary>Bits into bytes, lowest bit first, to be read backwards.</summary>
internal ref struct BitWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private ulong _pending;
    private int _pendingBits;

    /// <summary>Bytes written; more than the target holds when it was too small.</summary>
    internal int Length { get; private set; }

    internal void Write(ulong value, int bits)
    {
        _pending |= (value & ((1UL << bits) - 1)) << _pendingBits;
        _pendingBits += bits;
        for (; _pendingBits >= 8; _pendingBits -= 8, _pending >>= 8)
            Put();
    }

    /// <summary>Writes the end mark and fills the last byte.</summary>
    internal void End()
    {
        Write(1, 1);
        if (_pendingBits > 0)
            Put();
    }

    private void Put()
    {
        if (Length < _target.Length)
            _target[Length] = (byte)_pending;
        Length++;
    }
}
