namespace Tarn.Synthetic.Rows;

/// <summary>Values that do not belong where they stand.</summary>
internal static class Misfits
{
    /// <summary>None of them is a date or an instant, in any of the usual spellings.</summary>
    public static Term[] Dates { get; } = Term.Many("2025-02-30", "2025-13-01", "0000-00-00", "31/31/2025", "yesterday", "n/a", "2025-04-31T25:61:00Z");

    /// <summary>None of them is a number.</summary>
    public static Term[] Numbers { get; } = Term.Many("many", "1O", "free", "12.5.0", "--3", "#REF!", "abc");

    /// <summary>None of them is in any vocabulary.</summary>
    public static Term[] Words { get; } = Term.Many("???", "tbd", "Unknown", "Test", "xxx", "Category 99");
}
