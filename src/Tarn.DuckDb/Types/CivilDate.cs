using System.Globalization;

namespace Tarn.DuckDb.Types;

/// <summary>Proleptic Gregorian dates outside the range of <see cref="DateOnly"/>.</summary>
internal static class CivilDate
{
    // A Gregorian era of 400 years; shifting by whole eras brings any date into a range where DateOnly computes.
    private const long DaysPerEra = 146_097;
    private const long DaysFrom0001To1970 = 719_162;

    /// <summary>The date as <c>yyyy-MM-dd</c> and a suffix, <c> (BC)</c> before the year 1.</summary>
    internal static (string Date, string Suffix) Text(long daysSince1970)
    {
        var days = daysSince1970 + DaysFrom0001To1970;
        var era = (long)Math.Floor(days / (double)DaysPerEra);
        var date = DateOnly.FromDayNumber((int)(days - era * DaysPerEra));
        var year = date.Year + era * 400;
        var shown = year > 0 ? year : 1 - year;
        return (string.Create(CultureInfo.InvariantCulture, $"{shown:D4}-{date.Month:D2}-{date.Day:D2}"), year > 0 ? "" : " (BC)");
    }
}
