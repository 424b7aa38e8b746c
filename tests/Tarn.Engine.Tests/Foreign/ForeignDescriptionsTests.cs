using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>Tables that are not Iceberg's are found and described like all others.</summary>
public sealed class ForeignDescriptionsTests
{
    [Fact]
    public async Task Search_PlainTable_IsFoundByNameColumnAndComment()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        var options = new Dictionary<string, string> { ["parameters.comment"] = "calls of last year", ["owner"] = "ann" };
        await lake.RegisterAsync(HiveTables.New(folder["t"], ["caller string"], options: options, keys: ["day date"]), "phone");
        await lake.RegisterAsync(HiveTables.New(folder["u"], ["x int"], options: new() { ["partitionKeys"] = "{" }), "damaged");
        foreach (string words in (string[])["phone", "caller", "day", "last", "ann"])
            Assert.Equal(["phone"], await lake.LinesAsync($"SELECT name FROM iceberg.system.catalog_search('{words}')"));
        Assert.Equal(["calls of last year|ann|true", "∅|∅|false"], await lake.LinesAsync("SELECT description, owner, problem IS NULL AS fine FROM iceberg.system.descriptions WHERE kind = 'table' ORDER BY name DESC"));
    }
}
