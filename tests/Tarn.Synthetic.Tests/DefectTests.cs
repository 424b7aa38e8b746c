using System.Globalization;
using System.Text.RegularExpressions;

namespace Tarn.Synthetic.Tests;

/// <summary>The counts of planted defects are what a reader of the file finds.</summary>
public sealed partial class DefectTests
{
    private const int Rows = 30_000;

    // What the clean data say: the vocabularies a careful reader would know.
    private static readonly Dictionary<string, string[]> s_words = new()
    {
        ["region"] = ["North", "South", "East", "West", "Central"],
        ["device"] = ["mobile", "desktop", "tablet", "tv"],
        ["status"] = ["ok", "alert"],
        ["category"] = ["Electronics", "Clothing", "Home & Garden", "Sports", "Toys", "Books", "Beauty", "Groceries"],
        ["event_type"] = ["page_view", "search", "add_to_cart", "checkout", "purchase"],
        ["site"] = ["Plant Aarhus", "Plant Brno", "Depot Gdańsk", "Depot Lyon", "Office Porto"],
    };

    [Theory]
    [MemberData(nameof(DatasetTests.Names), MemberType = typeof(DatasetTests))]
    public async Task Defects_OfADirtyDataset_AreFoundAsOftenAsCounted(string name)
    {
        var dataset = DatasetTests.Make(name, Rows, seed: 7, dirty: 0.05);
        var rows = await Rendered.CsvAsync(dataset);
        var planted = dataset.CountDefects();

        Assert.InRange(planted.Total, Rows * 0.045, Rows * 0.055);
        Assert.Equal(planted[DefectKind.Duplicate], Rows - rows.Select(r => string.Join('|', r.Values)).Distinct().Count());
        foreach (var (kind, column) in dataset.DefectColumns)
        {
            Assert.True(planted[kind] == rows.Count(r => Shows(kind, column, r[column])), $"{kind} in {column}");
        }
    }

    [Theory]
    [MemberData(nameof(DatasetTests.Names), MemberType = typeof(DatasetTests))]
    public async Task Defects_OfACleanDataset_AreNone(string name)
    {
        var dataset = DatasetTests.Make(name, 20_000);
        var rows = await Rendered.CsvAsync(dataset);
        Assert.Equal(0, dataset.CountDefects().Total);
        Assert.All(rows, r => Assert.DoesNotContain(dataset.DefectColumns, d => Shows(d.Key, d.Value, r[d.Value])));
        Assert.Equal(rows.Count, rows.Select(r => string.Join('|', dataset.KeyColumns.Select(k => r[k]))).Distinct().Count());
    }

    [Fact]
    public async Task Defects_OfASummary_EqualThoseCountedWithoutWriting()
    {
        var dataset = Dataset.Sales(Rows, 3, 0.02);
        var summary = await dataset.WriteCsvAsync(Stream.Null);
        Assert.Equal(dataset.CountDefects().Counts, summary.Defects.Counts);
        Assert.All(summary.Defects.Counts, c => Assert.True(c.Value > 0));
    }

    private static bool Shows(DefectKind kind, string column, string? value) => kind switch
    {
        DefectKind.MissingValue => value is null,
        DefectKind.BadDate => !DateTimeOffset.TryParseExact(value, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss.fffZ"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        DefectKind.MixedCase => value is not null && !s_words[column].Contains(value) && s_words[column].Contains(value, StringComparer.OrdinalIgnoreCase),
        DefectKind.StrayBlanks => value is not null && value != value.Trim() && s_words[column].Contains(value.Trim()),
        DefectKind.WrongNumber => !Number().IsMatch(value!),
        DefectKind.UnknownCategory => !s_words[column].Contains(value),
        _ => false,
    };

    [GeneratedRegex(@"^-?\d+(\.\d+)?$")]
    private static partial Regex Number();
}
