using Tarn.Catalog.Hive.Calls;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Testing;

namespace Tarn.Catalog.Tests.Hive.Calls;

public sealed class TableFilterTests
{
    private static readonly HiveTable s_table = new()
    {
        TableName = "t",
        DatabaseName = "d",
        Owner = "ada",
        LastAccessTime = 5,
        Parameters = new Dictionary<string, string> { ["table_type"] = "ICEBERG", ["retention"] = "30" },
    };

    [Theory]
    [InlineData("hive_filter_field_params__table_type = \"ICEBERG\"", true)]
    [InlineData("hive_filter_field_params__table_type = \"iceberg\"", false)]
    [InlineData("hive_filter_field_params__table_type LIKE \"ICE%\"", true)]
    [InlineData("hive_filter_field_params__table_type like 'iceberg'", false)]
    [InlineData("hive_filter_field_owner__ = \"ada\" and hive_filter_field_last_access__ <= 5", true)]
    [InlineData("hive_filter_field_owner__ = \"eve\" or (hive_filter_field_last_access__ > 4 and hive_filter_field_params__retention <> 31)", true)]
    [InlineData("hive_filter_field_owner__ = \"ada\" and hive_filter_field_last_access__ > 5", false)]
    [InlineData("hive_filter_field_params__none <> \"x\"", false)]
    public void Fits_AFilter_ComparesWhatTheTableHas(string filter, bool fits) => Assert.Equal(fits, TableFilter.Parse(filter).Fits(s_table));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense ((")]
    [InlineData("hive_filter_field_owner__")]
    [InlineData("hive_filter_field_owner__ = \"a")]
    [InlineData("hive_filter_field_owner__ = a")]
    [InlineData("hive_filter_field_params__ = \"a\"")]
    [InlineData("hive_filter_field_owner__ = \"a\" and")]
    [InlineData("(hive_filter_field_owner__ = \"a\"")]
    [InlineData("hive_filter_field_owner__ ~ \"a\"")]
    public void Parse_NoFilter_SaysSo(string filter) =>
        Assert.StartsWith("Error parsing partition filter", Assert.Throws<HiveFault>(() => TableFilter.Parse(filter)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_RandomText_IsAFilterOrAFault()
    {
        string[] words = ["hive_filter_field_owner__", "hive_filter_field_params__a", "=", "<>", "like", "\"x\"", "'", "(", ")", "and", "or", "5", " ", "!", "é"];
        for (int seed = Soak.Seed, end = seed + Soak.Rounds(3_000, 500_000); seed < end; seed++)
        {
            var random = new Random(seed);
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)] + " "));
            try
            {
                TableFilter.Parse(text).Fits(s_table);
            }
            catch (HiveFault)
            {
                continue;
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed} '{text}': {error}");
            }
        }
    }

    [Theory]
    [InlineData("orders", "*", true)]
    [InlineData("orders", ".*", true)]
    [InlineData("orders", "ORD*", true)]
    [InlineData("orders", "o*s|x", true)]
    [InlineData("orders", "x|y", false)]
    [InlineData("orders", "orde", false)]
    [InlineData("orders", "o.ders", true)]
    [InlineData("orders", "", true)]
    public void Fits_APattern_AsHiveReadsIt(string name, string pattern, bool fits) => Assert.Equal(fits, HiveNames.Fits(name, pattern));

    [Theory]
    [InlineData("@hive#sales", "sales")]
    [InlineData("@hive#!", "")]
    [InlineData("@hive", "")]
    [InlineData("sales", "sales")]
    [InlineData(null, "")]
    public void Database_WithACatalogBefore_IsTheDatabaseAlone(string? sent, string database) => Assert.Equal(database, HiveNames.Database(sent));
}
