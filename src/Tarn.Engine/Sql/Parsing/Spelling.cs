namespace Tarn.Engine.Sql.Parsing;

/// <summary>Tells misspelt words.</summary>
internal static class Spelling
{
    private const int Shortest = 3;

    /// <summary>Whether one letter is wrong, missing or too many, or two neighbours are swapped.</summary>
    public static bool IsNear(string word, string known)
    {
        if (Math.Min(word.Length, known.Length) < Shortest)
        {
            return false;
        }

        var same = word.AsSpan().CommonPrefixLength(known);
        var a = word.AsSpan(same);
        var b = known.AsSpan(same);
        return (a.Length > 0 && a[1..].SequenceEqual(b))
            || (b.Length > 0 && b[1..].SequenceEqual(a))
            || (a.Length > 0 && b.Length > 0 && a[1..].SequenceEqual(b[1..]))
            || (a.Length > 1 && b.Length > 1 && a[0] == b[1] && a[1] == b[0] && a[2..].SequenceEqual(b[2..]));
    }
}
