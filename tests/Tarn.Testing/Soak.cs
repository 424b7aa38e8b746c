using System.Globalization;

namespace Tarn.Testing;

/// <summary>
/// How long the long proofs run. An ordinary test run takes a short slice of each; <c>TARN_SOAK=1</c> (set by
/// <c>bench/soak</c>) the full count, a larger number that many times the full count.
/// </summary>
public static class Soak
{
    /// <summary>Zero for a slice, else how many times the full count.</summary>
    public static int Factor { get; } = Read("TARN_SOAK", 0);

    /// <summary>The seed that every random choice starts from: <c>TARN_SEED</c>, or a fixed one. Print it with a failure.</summary>
    public static int Seed { get; } = Read("TARN_SEED", 20240229);

    /// <summary>The number of rounds to run: <paramref name="slice"/> by default, <paramref name="full"/> times the factor in a soak.</summary>
    public static int Rounds(int slice, int full) => Factor == 0 ? slice : checked(full * Factor);

    /// <summary>All in a soak; else about <paramref name="slice"/> of them, evenly, from where the seed says.</summary>
    public static IEnumerable<T> Some<T>(IReadOnlyList<T> all, int slice)
    {
        int step = Factor > 0 ? 1 : Math.Max(1, all.Count / slice);
        for (int i = Seed % step; i < all.Count; i += step)
            yield return all[i];
    }

    private static int Read(string variable, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
