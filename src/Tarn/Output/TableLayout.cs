namespace Tarn.Output;

/// <summary>Widths of columns that share a line of the screen.</summary>
internal static class TableLayout
{
    /// <summary>Text is not made narrower than this before whole columns are left out.</summary>
    public const int NarrowestColumn = 8;

    /// <summary>Numbers up to this width are shown whole or not at all: half of one is another one.</summary>
    public const int WidestNumber = 32;

    /// <summary>Times keep their day and minute.</summary>
    public const int NarrowestTime = 17;

    /// <summary>Cells that a column takes beside its content: a blank on both sides and a line.</summary>
    public const int Frame = 3;

    /// <summary>
    /// Widths that fit into <paramref name="available"/> cells: the widest columns give first, none more than <paramref name="least"/> says. Columns that do not
    /// fit at all are missing at the end of the answer; one is always there.
    /// </summary>
    /// <param name="wanted">What each column would take.</param>
    /// <param name="least">What each needs, not more than it wants.</param>
    /// <param name="available">Width of the screen.</param>
    public static int[] Fit(IReadOnlyList<int> wanted, IReadOnlyList<int> least, int available)
    {
        int count = wanted.Count;
        while (count > 1 && least.Take(count).Sum(width => width + Frame) - 1 > available)
            count--;
        int[] widths = [.. wanted.Take(count)];
        int excess = widths.Sum(width => width + Frame) - 1 - available;
        while (excess > 0)
        {
            int widest = Enumerable.Range(0, count).Where(column => widths[column] > least[column]).DefaultIfEmpty(-1).MaxBy(column => column < 0 ? 0 : widths[column]);
            if (widest < 0)
                break;
            int next = widths.Where((_, column) => column != widest).Append(least[widest]).Max();
            int give = Math.Clamp(widths[widest] - next, 1, excess);
            widths[widest] -= give;
            excess -= give;
        }

        // The only column gives what it cannot spare.
        if (count == 1)
            widths[0] = Math.Max(1, widths[0] - Math.Max(0, excess));
        return widths;
    }
}
