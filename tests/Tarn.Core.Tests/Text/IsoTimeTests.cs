using System.Globalization;
using Tarn.Core.Text;

namespace Tarn.Core.Tests.Text;

public sealed class IsoTimeTests
{
    private static readonly DateTimeOffset s_time = new DateTimeOffset(2026, 3, 1, 1, 2, 3, TimeSpan.FromHours(2)).AddTicks(9_876_549);

    [Fact]
    public void AllForms_OfAnotherZone_AreInUtcAndCutOff() =>
        Assert.Equal(
            ("2026-02-28T23:02:03Z", "2026-02-28T23:02:03.987Z", "2026-02-28T23:02:03.987654Z"),
            (IsoTime.Seconds(s_time), IsoTime.Milliseconds(s_time), IsoTime.Microseconds(s_time)));

    [Fact]
    public void AllForms_InAnotherCulture_AreTheSame()
    {
        var present = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { DateTimeFormat = { TimeSeparator = "." } };
            Assert.Equal("2026-02-28T23:02:03Z", IsoTime.Seconds(s_time));
        }
        finally
        {
            CultureInfo.CurrentCulture = present;
        }
    }
}
