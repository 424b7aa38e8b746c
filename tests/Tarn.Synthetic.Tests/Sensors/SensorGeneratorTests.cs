using System.Globalization;

namespace Tarn.Synthetic.Tests.Sensors;

public sealed class SensorGeneratorTests
{
    private static readonly Task<List<Dictionary<string, string?>>> s_rows = Rendered.CsvAsync(Dataset.Sensors(100_000, 5));

    [Fact]
    public async Task Readings_AreInOrderOfTime()
    {
        var times = (await s_rows).Select(r => r["measured_at"]!).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
    }

    [Fact]
    public async Task Devices_ReportAboutEveryMinute_ExceptInGaps()
    {
        var gaps = (await s_rows).GroupBy(r => r["device_id"])
            .SelectMany(d => d.Zip(d.Skip(1), (a, b) => Time(b) - Time(a))).ToList();
        Assert.All(gaps, g => Assert.True(g > TimeSpan.FromSeconds(55)));
        Assert.Contains(gaps, g => g > TimeSpan.FromHours(1));
        Assert.True(gaps.Count(g => g < TimeSpan.FromSeconds(65)) > 0.99 * gaps.Count);
    }

    [Fact]
    public async Task Temperature_OverTheDay_IsHigherInTheAfternoon()
    {
        var hours = (await s_rows).Where(r => r["status"] == "ok").GroupBy(r => Time(r).Hour).ToDictionary(g => g.Key, g => g.Average(Temperature));
        Assert.True(hours[14] > hours[3] + 3);
    }

    [Fact]
    public async Task Anomalies_AreMarked_AndStandOut()
    {
        var rows = await s_rows;
        var alerts = rows.Where(r => r["status"] == "alert").ToList();
        Assert.InRange(alerts.Count / (double)rows.Count, 0.001, 0.003);
        Assert.True(alerts.Average(Temperature) > rows.Average(Temperature) + 15);
    }

    [Fact]
    public async Task Values_StayInTheirRanges()
        => Assert.All(await s_rows, r =>
        {
            Assert.InRange(double.Parse(r["humidity"]!, CultureInfo.InvariantCulture), 5, 100);
            Assert.InRange(double.Parse(r["battery"]!, CultureInfo.InvariantCulture), 10, 100);
            Assert.InRange(double.Parse(r["pressure"]!, CultureInfo.InvariantCulture), 980, 1050);
            Assert.True(double.Parse(r["vibration"]!, CultureInfo.InvariantCulture) > 0);
        });

    private static DateTimeOffset Time(Dictionary<string, string?> row) => DateTimeOffset.Parse(row["measured_at"]!, CultureInfo.InvariantCulture);

    private static double Temperature(Dictionary<string, string?> row) => double.Parse(row["temperature"]!, CultureInfo.InvariantCulture);
}
