namespace Tarn.Synthetic.Tests.Activity;

public sealed class ActivityGeneratorTests
{
    private static readonly Task<List<Dictionary<string, string?>>> s_rows = Rendered.CsvAsync(Dataset.Activity(145_000, 5));

    [Fact]
    public async Task Events_AreInOrderOfTime()
    {
        var times = (await s_rows).Select(r => r["event_time"]!).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.StartsWith("2025-01-01T00:00:00", times[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_HaveOneVisitorAndOneDeviceAndAtMostOneReferrer()
        => Assert.All((await s_rows).GroupBy(r => r["session_id"]), session =>
        {
            Assert.Single(session.Select(r => (r["user_id"], r["device"], r["browser"], r["country"])).Distinct());
            Assert.All(session.Skip(1), r => Assert.Null(r["referrer"]));
        });

    [Fact]
    public async Task Sessions_AreOfManyLengths()
    {
        var lengths = (await s_rows).CountBy(r => r["session_id"]!).Select(c => c.Value).ToList();
        Assert.InRange(lengths.Count(l => l == 1) / (double)lengths.Count, 0.3, 0.45);
        Assert.True(lengths.Max() > 40);
    }

    [Fact]
    public async Task Purchases_AndNothingElse_BringRevenue()
    {
        var rows = await s_rows;
        Assert.All(rows, r => Assert.Equal(r["event_type"] == "purchase", r["revenue"] is not null));
        var sessions = rows.Select(r => r["session_id"]).Distinct().Count();
        Assert.InRange(rows.Count(r => r["event_type"] == "purchase") / (double)sessions, 0.01, 0.08);
    }

    [Fact]
    public async Task Traffic_AtNight_IsLowerThanInTheEvening()
    {
        var hours = (await s_rows).Where(r => r["event_time"]!.StartsWith("2025-01-01", StringComparison.Ordinal)).CountBy(r => r["event_time"]![11..13]).ToDictionary();
        Assert.True(hours["20"] > 10 * hours["03"]);
    }
}
