namespace Tarn.Synthetic.Chance;

/// <summary>Things in a random order, and a repeating pattern of groups.</summary>
internal static class Shuffle
{
    /// <summary>Fisher and Yates.</summary>
    public static void InPlace<T>(Span<T> items, ref Dice dice)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = dice.Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
