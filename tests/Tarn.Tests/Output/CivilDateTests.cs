using System.Globalization;
using Tarn.Output;

namespace Tarn.Tests.Output;

public sealed class CivilDateTests
{
    [Fact]
    public void FromDays_WholeRangeOfDateOnly_AgreesWithIt()
    {
        int epoch = new DateOnly(1970, 1, 1).DayNumber;
        for (int day = 0; day <= DateOnly.MaxValue.DayNumber; day += 97)
            Assert.Equal(DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), CivilDate.FromDays(day - epoch).ToString());
    }

    [Theory]
    [InlineData(-719_528, "0000-01-01")]
    [InlineData(-719_529, "-0001-12-31")]
    [InlineData(2_932_897, "+10000-01-01")]
    public void FromDays_OutsideOfDateOnly_IsIso(int days, string expected) => Assert.Equal(expected, CivilDate.FromDays(days).ToString());
}
