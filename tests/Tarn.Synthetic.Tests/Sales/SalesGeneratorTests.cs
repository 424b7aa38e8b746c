using System.Globalization;

namespace Tarn.Synthetic.Tests.Sales;

public sealed class SalesGeneratorTests
{
    private static readonly Task<List<Dictionary<string, string?>>> s_rows = Rendered.CsvAsync(Dataset.Sales(60_000, 5));

    [Fact]
    public async Task Amount_OfEveryLine_FollowsFromItsParts()
        => Assert.All(await s_rows, r =>
        {
            var exact = Number(r, "quantity") * Number(r, "unit_price") * (1 - Number(r, "discount"));
            Assert.Equal(Math.Round(exact, 2, MidpointRounding.AwayFromZero), Number(r, "amount"));
        });

    [Fact]
    public async Task Lines_OfAnOrder_ShareDateAndCustomer()
    {
        var orders = (await s_rows).GroupBy(r => r["order_id"]).ToList();
        Assert.All(orders, o => Assert.Single(o.Select(r => (r["order_date"], r["customer_id"], r["region"], r["channel"], r["payment"])).Distinct()));
        Assert.All(orders.SkipLast(1), o => Assert.Equal(Enumerable.Range(1, o.Count()), o.Select(r => (int)Number(r, "line_number"))));
        Assert.InRange(orders.Average(o => o.Count()), 1.8, 2.8);
    }

    [Fact]
    public async Task Dates_OfTheYear_RiseFromItsFirstDayToItsLast()
    {
        var dates = (await s_rows).Select(r => r["order_date"]!).ToList();
        Assert.Equal(dates.Order(StringComparer.Ordinal), dates);
        Assert.Equal(("2025-01-01", "2025-12-31", 365), (dates[0], dates[^1], dates.Distinct().Count()));
    }

    [Fact]
    public async Task Sales_OverTheYear_HaveSeasonsAndAWeeklyRhythm()
    {
        var days = (await s_rows).CountBy(r => DateOnly.Parse(r["order_date"]!, CultureInfo.InvariantCulture)).ToList();
        var months = days.GroupBy(d => d.Key.Month).ToDictionary(g => g.Key, g => g.Sum(d => d.Value));
        Assert.True(months[12] > 1.5 * months[2] && months[11] > 1.2 * months[8]);
        double Average(DayOfWeek day) => days.Where(d => d.Key.DayOfWeek == day).Average(d => d.Value);
        Assert.True(Average(DayOfWeek.Saturday) > 1.2 * Average(DayOfWeek.Tuesday));
    }

    [Fact]
    public async Task CustomersAndProducts_AreSkewed()
    {
        var rows = await s_rows;
        Assert.InRange(ShareOfTop(rows, "customer_id", 0.1), 0.5, 0.95);
        Assert.InRange(ShareOfTop(rows, "product", 0.2), 0.3, 0.7);
    }

    [Fact]
    public async Task Returns_AreNegative_AndNothingElseIs()
    {
        var rows = await s_rows;
        Assert.All(rows, r => Assert.Equal(r["status"] == "returned", Number(r, "quantity") < 0));
        Assert.InRange(rows.Count(r => r["status"] == "returned") / (double)rows.Count, 0.03, 0.12);
    }

    [Fact]
    public async Task Sku_OfEveryProduct_KeepsItsLeadingZeros()
    {
        var rows = await s_rows;
        Assert.All(rows, r => Assert.Equal(6, r["sku"]!.Length));
        Assert.Equal(256, rows.Select(r => r["sku"]).Distinct().Count());
        Assert.Contains(rows, r => r["sku"]!.StartsWith("00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LateDay_AfterTheYear_HasOneMoreColumnAndNoKeyOfTheYear()
    {
        var late = await Rendered.CsvAsync(Dataset.SalesLateDay(2_000, 5));
        var year = await s_rows;
        Assert.Equal([.. year[0].Keys, "loyalty_tier"], late[0].Keys);
        Assert.All(late, r => Assert.Equal("2026-01-01", r["order_date"]));
        Assert.Empty(late.Select(r => r["order_id"]).Intersect(year.Select(r => r["order_id"])));
        var regions = year.DistinctBy(r => r["customer_id"]).ToDictionary(r => r["customer_id"]!, r => r["region"]);
        var known = late.Where(r => regions.ContainsKey(r["customer_id"]!)).ToList();
        Assert.True(known.Count > 1_000);
        Assert.All(known, r => Assert.Equal(regions[r["customer_id"]!], r["region"]));
    }

    private static decimal Number(Dictionary<string, string?> row, string column) => decimal.Parse(row[column]!, CultureInfo.InvariantCulture);

    private static double ShareOfTop(List<Dictionary<string, string?>> rows, string column, double part)
    {
        var counts = rows.CountBy(r => r[column]!).Select(c => c.Value).OrderDescending().ToList();
        return counts.Take((int)(counts.Count * part)).Sum() / (double)rows.Count;
    }
}
