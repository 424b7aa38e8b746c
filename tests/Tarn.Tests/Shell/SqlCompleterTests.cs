using Tarn.Shell;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.Shell;

public sealed class SqlCompleterTests
{
    private static async Task<IReadOnlyList<string>> CompleteAsync(string typed, string? schema = null)
    {
        var catalog = new FixedCatalog(
            FixedTables.Table("sales", "orders", "order_id", "order_date", "Odd Name", "amount"),
            FixedTables.Table("sales", "customers", "customer_id"),
            FixedTables.Table("plant", "readings", "value"));
        var completer = new SqlCompleter(new LakeNames(catalog), () => schema);
        int cursor = typed.IndexOf('|', StringComparison.Ordinal);
        string text = cursor < 0 ? typed : typed.Remove(cursor, 1);
        return (await completer.CompleteAsync(text, cursor < 0 ? text.Length : cursor, CancellationToken.None)).Candidates;
    }

    [Fact]
    public async Task Complete_AfterFrom_OffersSchemas() => Assert.Equal(["plant.", "sales."], await CompleteAsync("SELECT * FROM "));

    [Fact]
    public async Task Complete_AfterFromWithSchema_OffersItsTables() => Assert.Equal(["sales.customers", "sales.orders"], await CompleteAsync("SELECT * FROM sales."));

    [Fact]
    public async Task Complete_AfterFromInCurrentSchema_OffersTablesAlone() => Assert.Equal(["orders"], await CompleteAsync("select * from or", schema: "sales"));

    [Fact]
    public async Task Complete_BeforeFrom_OffersColumnsOfTheTablesNamed()
    {
        var found = await CompleteAsync("SELECT ord| FROM sales.orders WHERE 1 = 1");

        Assert.Equal(["order by", "order_date", "order_id"], found);
    }

    [Fact]
    public async Task Complete_AfterAlias_OffersItsColumnsAlone() => Assert.Equal(["c.customer_id"], await CompleteAsync("SELECT c.| FROM sales.orders o JOIN sales.customers c ON true"));

    [Fact]
    public async Task Complete_OddName_IsQuoted() => Assert.Contains("o.\"Odd Name\"", await CompleteAsync("SELECT o.| FROM sales.orders AS o"));

    [Fact]
    public async Task Complete_Keyword_KeepsTheCaseTyped()
    {
        Assert.Contains("select", await CompleteAsync("sel"));
        Assert.Contains("SELECT", await CompleteAsync("SEL"));
    }

    [Fact]
    public async Task Complete_Backslash_OffersTheCommandsOfTheShell() => Assert.Contains("\\timing", await CompleteAsync("\\ti"));

    [Fact]
    public async Task Complete_InsideQuotes_OffersFiles()
    {
        string folder = Directory.CreateTempSubdirectory("tarn-complete").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Join(folder, "data.csv"), "a\n1\n");
            Directory.CreateDirectory(Path.Join(folder, "deep"));

            Assert.Equal([$"{folder}/data.csv'", $"{folder}/deep/"], await CompleteAsync($"SELECT * FROM '{folder}/d"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
