using System.Globalization;
using Tarn.Terminal;

namespace Tarn.Demo;

/// <summary>Numbers as bars of text.</summary>
internal static class BarChart
{
    private const string Eighths = " ▏▎▍▌▋▊▉█";

    /// <summary>One line for each pair, the longest bar <paramref name="width"/> cells wide. Values below zero have no bar.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<(string Label, double Value)> pairs, int width, Style style)
    {
        if (pairs.Count == 0)
            yield break;
        double most = Math.Max(pairs.Max(pair => pair.Value), double.Epsilon);
        int labels = pairs.Max(pair => DisplayWidth.Of(pair.Label));
        foreach (var (label, value) in pairs)
            yield return $" {label.PadRight(labels)} {style.Cyan(Bar(value / most, width))} {value.ToString("N0", CultureInfo.InvariantCulture)}";
    }

    /// <summary>A bar with eighths of a cell.</summary>
    internal static string Bar(double share, int width)
    {
        int eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * width * 8);
        string bar = new string('█', eighths / 8) + (eighths % 8 > 0 ? Eighths[eighths % 8] : "");
        return bar.PadRight(width);
    }
}
