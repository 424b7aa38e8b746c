using System.Text;
using Tarn.Interop.Tests.Lake;

namespace Tarn.Interop.Tests.Peers;

/// <summary>
/// Compares what a foreign reader answers with what Tarn reads. A known gap of the reader is checked as sharply: when it is gone, or is another one, that is a
/// difference too.
/// </summary>
internal sealed class Differences(string reader, IReadOnlyList<Gap> gaps)
{
    private readonly StringBuilder text = new();

    /// <summary>Compares one state.</summary>
    public void Compare(Reading reading, PeerAnswer? answer)
    {
        var gap = gaps.FirstOrDefault(g => g.Key == reading.Key || g.Key == reading.Table);
        if (Difference(reading.Rows, gap, answer) is { } difference)
            text.AppendLine($"{reader}, {reading.Key} ({reading.Metadata}): {difference}");
    }

    /// <summary>Fails when something differed.</summary>
    public void Verify() => Assert.True(text.Length == 0, text.ToString());

    private static string? Difference(IReadOnlyList<string> ours, Gap? gap, PeerAnswer? answer) => (gap, answer) switch
    {
        (_, null) => "no answer",
        ({ Error: { } known }, { Error: { } error }) when error.Contains(known, StringComparison.Ordinal) => null,
        ({ Error: { } known }, { Error: null }) => $"is not refused any more ({known})",
        (_, { Error: { } error }) => error,
        ({ Rewrite: { } rewrite }, _) => Rows([.. ours.Select(rewrite).Order(StringComparer.Ordinal)], answer.Rows),
        _ => Rows(ours, answer.Rows),
    };

    private static string? Rows(IReadOnlyList<string> ours, IReadOnlyList<string> theirs)
    {
        if (ours.SequenceEqual(theirs))
            return null;
        var (missing, extra) = (Without(ours, theirs), Without(theirs, ours));
        return $"{ours.Count} rows here, {theirs.Count} there\n  only here:  {string.Join("\n              ", missing.Take(4))}\n  only there: {string.Join("\n              ", extra.Take(4))}";
    }

    private static List<string> Without(IReadOnlyList<string> rows, IReadOnlyList<string> others)
    {
        var left = others.CountBy(row => row).ToDictionary();
        List<string> rest = [];
        foreach (string row in rows)
        {
            if (left.TryGetValue(row, out int count) && count > 0)
                left[row] = count - 1;
            else
                rest.Add(row);
        }

        return rest;
    }
}
