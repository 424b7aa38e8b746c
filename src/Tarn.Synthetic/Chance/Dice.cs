using System.Runtime.CompilerServices;

namespace Tarn.Synthetic.Chance;

/// <summary>
/// A small random sequence that belongs to one thing (a row, an order, a customer): the same seed, stream and index always give the
/// same numbers, so any row can be made without the ones before it. SplitMix64 (Steele, Lea, Flood 2014). Integers only: the same
/// on every processor.
/// </summary>
internal struct Dice
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    private Dice(ulong state) => _state = state;

    /// <summary>The sequence of the thing number <paramref name="index"/> of a kind of things.</summary>
    public static Dice Of(ulong seed, Stream stream, long index)
        // Mixed twice: consecutive indexes must not walk along the same sequence.
        => new(Mix(Mix(seed + (ulong)stream * Golden) ^ ((ulong)index * Golden)));

    /// <summary>The next 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next() => Mix(_state += Golden);

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>True in <paramref name="perMille"/> of 1,000 cases.</summary>
    public bool Chance(int perMille) => Below(1000) < perMille;

    /// <summary>A bell around zero, between -<paramref name="width"/> and +<paramref name="width"/>: the sum of four even throws.</summary>
    public int Bell(int width)
    {
        var bits = Next();
        var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
        return (int)((sum - 131070L) * width / 131070);
    }

    /// <summary>
    /// A rank from 0 to 2^<paramref name="bits"/> - 2^<paramref name="flat"/> - 1, rare as it is high (Zipf's law with exponent 1, in
    /// steps of a doubling). The first 2^<paramref name="flat"/> ranks are equally frequent, which keeps the top from towering.
    /// </summary>
    public int Rank(int flat, int bits)
    {
        var octave = flat + Below(bits - flat);
        return (1 << octave) + (int)(Next() & ((1UL << octave) - 1)) - (1 << flat);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The kinds of things that have a sequence of their own.</summary>
    public enum Stream : ulong
    {
        Defect = 1,
        Pattern = 2,
        Row = 3,
        Order = 4,
        Customer = 5,
        Product = 6,
        Session = 7,
        Device = 8,
    }
}
