namespace Tarn.Output;

/// <summary>Widths of columns that share a line of the screen.</summary>
internal static class TableLayout
{
    /// <summary>Columns are not made narrower than this before whole ones are left out.</summary>
    public const int NarrowestColumn = 8;

    /// <summary>Cells that a column takes beside its content: a blank on both sides and a line.</summary>
    public const int Frame = 3;

    /// <summary>
    /// Widths that fit into <paramref name="available"/> cells: the widest columns give first. Columns that do not fit at all are missing
    /// at the end of the answer; one is always there.
    /// </summary>
    public static int[] Fit(IReadOnlyList<int> wanted, int available)
    {
        var widths = wanted.ToList();
        while (widths.Count > 1 && widths.Sum(width => Math.Min(width, NarrowestColumn) + Frame) - 1 > available)
            widths.RemoveAt(widths.Count - 1);
        int excess = widths.Sum(width => width + Frame) - 1 - available;
        while (excess > 0)
        {
            int widest = widths.IndexOf(widths.Max());
            int second = widths.Where((_, index) => index != widest).Append(NarrowestColumn).Max();
            int give = Math.Clamp(widths[widest] - Math.Max(second, NarrowestColumn), 1, excess);
            if (widths[widest] - give < 1)
                break;
            widths[widest] -= give;
            excess -= give;
        }

        return [.. widths];
    }
}
