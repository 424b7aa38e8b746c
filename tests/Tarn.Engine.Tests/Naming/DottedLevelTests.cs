using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Naming;

/// <summary>Levels with dots, which other clients make.</summary>
public sealed class DottedLevelTests
{
    [Fact]
    public async Task Names_WithADotInALevel_MeanThatLevelFirstAndElseTheLevelsBetweenTheDots()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.Catalog.CreateNamespaceAsync(Namespace.Of("odd N.s/ü"), Properties);
        await lake.RunAsync("CREATE TABLE \"odd N.s/ü\".\"a b\" AS SELECT 1 AS id");
        await lake.RunAsync("CREATE SCHEMA \"odd N\"");
        await lake.RunAsync("CREATE SCHEMA \"odd N\".\"s/ü\"");
        await lake.RunAsync("CREATE TABLE \"odd N\".\"s/ü\".\"a b\" AS SELECT 2 AS id");

        Assert.Equal([["\"odd N.s/ü\""], ["odd N"], ["odd N.s/ü"], ["system"]], await lake.RunAsync("SHOW SCHEMAS"));
        Assert.Equal([[1]], await lake.RunAsync("SELECT id FROM \"odd N.s/ü\".\"a b\""));
        Assert.Equal([[1]], await lake.RunAsync("SELECT id FROM iceberg.\"odd N.s/ü\".\"a b\""));
        Assert.Equal([[2]], await lake.RunAsync("SELECT id FROM \"odd N\".\"s/ü\".\"a b\""));
        await lake.RunAsync("DROP SCHEMA \"odd N.s/ü\" CASCADE");
        Assert.Equal([[2]], await lake.RunAsync("SELECT id FROM \"odd N.s/ü\".\"a b\""));
    }

    [Theory]
    [InlineData("CREATE SCHEMA \"odd N.s\"")]
    [InlineData("CREATE SCHEMA \"odd N\".s")]
    public async Task CreateSchema_InsideOfOneThatIsNotThere_TellsWhatTheDotMeans(string sql)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync(sql));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Contains("'odd N.s' is 's' inside of 'odd N'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Write CREATE SCHEMA \"odd N\" first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_TableOfTheSystemSchemaThatIsNotThere_NamesThoseThatAre()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync("SELECT * FROM iceberg.system.nothing"));
        Assert.Contains("keeps no such table. Its schema 'system' has ", error.Message, StringComparison.Ordinal);
        Assert.Contains("tags", error.Message, StringComparison.Ordinal);
    }

    private static ImmutableSortedDictionary<string, string> Properties => ImmutableSortedDictionary<string, string>.Empty;
}
