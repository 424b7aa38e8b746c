using System.Globalization;

namespace Tarn.Engine.Tests.TpcH;

/// <summary>Compares results with the published answers: text first, then numbers with a relative tolerance, because averages are doubles.</summary>
internal static class TpcHAnswer
{
    private const double Tolerance = 1e-6;

    /// <summary>What differs, or null.</summary>
    public static string? Difference(string answerFile, IReadOnlyList<string[]> rows)
    {
        string[] lines = File.ReadAllLines(answerFile);
        if (lines.Length - 1 != rows.Count)
            return $"{rows.Count} rows instead of {lines.Length - 1}";
        for (int i = 0; i < rows.Count; i++)
        {
            string[] expected = lines[i + 1].Split('|');
            for (int c = 0; c < expected.Length; c++)
            {
                if (!Same(expected[c], rows[i][c]))
                    return $"row {i + 1} column {c + 1}: {rows[i][c]} instead of {expected[c]}";
            }
        }

        return null;
    }

    private static bool Same(string expected, string actual)
    {
        if (expected.TrimEnd() == actual.TrimEnd())
            return true;
        return double.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out double e) && double.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out double a)
            && Math.Abs(e - a) <= Tolerance * Math.Max(Math.Abs(e), Math.Abs(a));
    }
}
