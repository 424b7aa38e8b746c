namespace Tarn.Engine.Sql.Parsing;

/// <summary>Tells misspelt words.</summary>
internal static class Spelling
{
    private const int Shortest = 3;

    /// <summary>How many letters are wrong, missing, too many or swapped with their neighbours, ignoring case; optimal string alignment.</summary>
    public static int Distance(string word, string known)
    {
        int[] before = new int[known.Length + 1], last = [.. Enumerable.Range(0, known.Length + 1)], row = new int[known.Length + 1];
        for (int i = 1; i <= word.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= known.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (IsSame(i - 1, j - 1) ? 0 : 1));
                if (i > 1 && j > 1 && IsSame(i - 1, j - 2) && IsSame(i - 2, j - 1))
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[known.Length];

        bool IsSame(int i, int j) => char.ToUpperInvariant(word[i]) == char.ToUpperInvariant(known[j]);
    }

    /// <summary>Whether one letter is wrong, missing or too many, or two neighbours are swapped.</summary>
    public static bool IsNear(string word, string known) => Math.Min(word.Length, known.Length) >= Shortest && Distance(word, known) == 1;
}
