using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;
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
    [InlineData("SELECT id FROM r.\"a.b\".sub.t", 1)]
    [InlineData("SELECT id FROM R.\"A.B\".Sub.T", 1)]
    [InlineData("SELECT id FROM iceberg.r.\"a.b\".sub.t AS x WHERE x.id > 0", 1)]
    [InlineData("SELECT iceberg.r.\"a.b\".sub.t.id FROM iceberg.r.\"a.b\".sub.t", 1)]
    [InlineData("SELECT id FROM r.`a.b`.sub.t FOR VERSION AS OF 'first'", 1)]
    [InlineData("SELECT count(*) FROM r.\"a.b\".sub.\"t$snapshots\"", 1L)]
    [InlineData("SELECT l.id FROM r.\"a.b\".sub.t l JOIN r.a.b.sub.t r ON l.id < r.id", 1)]
    [InlineData("SELECT id FROM r.a.b.sub.t", 2)]
    [InlineData("SELECT id FROM \"r.a.b.sub\".t", 2)]
    [InlineData("SELECT id FROM iceberg.\"r.a.b.sub\".t", 2)]
    [InlineData("SELECT id FROM \"f/1.x\".\"50%\".deep.t", 3)]
    [InlineData("SELECT id FROM iceberg.\"f/1.x\".\"50%.deep\".t", 3)]
    [InlineData("SELECT id FROM r.\"a.b\".sub.\"l.ast\".t", 4)]
    [InlineData("SELECT id FROM r.\"a.b\".\"sub.deep\".t", 5)]
    [InlineData("SELECT id FROM iceberg.r.\"a.b\".\"sub.deep\".t", 5)]
    [InlineData("SELECT id FROM (PIVOT r.\"a.b\".sub.t ON id IN (1) USING count(*) GROUP BY id)", 1)]
    [InlineData("SELECT id FROM r.\"a.b\".sub.v", 1)]
    [InlineData("SELECT column_name FROM (DESCRIBE r.\"a.b\".sub.t)", "id")]
    [InlineData("SELECT column_name FROM (SUMMARIZE r.\"a.b\".sub.t)", "id")]
    [InlineData("SELECT column_name FROM (DESCRIBE SELECT (SELECT max(id)  FROM r.\"a.b\".sub.t))", "(SELECT max(id) FROM r.\"a.b\".sub.t)")]
    public async Task Query_LevelsWithDotsAnywhereInAName_FindsTheirTable(string sql, object expected)
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        string[][] levels = [["r", "a.b", "sub"], ["r", "a", "b", "sub"], ["f/1.x", "50%", "deep"], ["r", "a.b", "sub", "l.ast"], ["r", "a.b", "sub", "deep"]];
        foreach (var (schema, id) in levels.Zip([1, 2, 3, 4, 5]))
        {
            for (int depth = 1; depth <= schema.Length; depth++)
            {
                if (await lake.Catalog.LoadNamespaceAsync(Namespace.Of(schema[..depth]), default) is null)
                    await lake.Catalog.CreateNamespaceAsync(Namespace.Of(schema[..depth]), Properties);
            }

            string name = string.Join('.', schema.Select(l => $"\"{l}\""));
            await lake.RunAsync($"CREATE TABLE {name}.t (id integer)");
            await lake.RunAsync($"INSERT INTO {name}.t SELECT {id}");
        }

        await lake.RunAsync("ALTER TABLE r.\"a.b\".sub.t CREATE TAG first");
        await lake.RunAsync("CREATE VIEW r.\"a.b\".sub.v AS SELECT * FROM r.\"a.b\".sub.t");
        Assert.Equal([[expected]], await lake.RunAsync(sql));
    }

    [Fact]
    public async Task CreateSchema_BelowALevelWithADot_IsMadeThere()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.Catalog.CreateNamespaceAsync(Namespace.Of("a.b"), Properties);
        await lake.RunAsync("CREATE SCHEMA \"a.b\".c");
        Assert.NotNull(await lake.Catalog.LoadNamespaceAsync(Namespace.Of("a.b", "c"), default));
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

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Names_ThatAreStepsOfPaths_AreRefusedAndTheOldOnesReadAndDropped(string name)
    {
        using var folder = new TemporaryFolder();
        ICommitLog log = null!;
        await using var lake = LocalLake.Open(folder.Path, aroundLog: own => log = own);
        await lake.RunAsync("CREATE SCHEMA s");
        foreach (string sql in new[] { $"CREATE SCHEMA \"{name}\"", $"CREATE SCHEMA s.\"{name}\"", $"CREATE TABLE s.\"{name}\" AS SELECT 1 AS id", $"CREATE VIEW s.\"{name}\" AS SELECT 1 AS id" })
        {
            var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync(sql));
            Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
            Assert.Contains($"'{name}' is a step in a path", error.Message, StringComparison.Ordinal);
        }

        foreach (var old in new[] { Namespace.Of(name), Namespace.Of(name, name) })
            await log.AppendAsync(new CommitRequest("old", [], [new CatalogChange.PutNamespace(old, Properties)]));
        await lake.RunAsync("CREATE TABLE s.t AS SELECT 1 AS id");
        var table = new TableIdentifier(Namespace.Of(name, name), name);
        await log.AppendAsync(new CommitRequest("old", [], [new CatalogChange.RenameTable(TableIdentifier.Of("s", "t"), table)]));

        Assert.Equal([[name]], await lake.RunAsync($"SHOW TABLES FROM \"{name}\".\"{name}\""));
        await lake.RunAsync($"INSERT INTO \"{name}\".\"{name}\".\"{name}\" VALUES (2)");
        Assert.Equal([[2L]], await lake.RunAsync($"SELECT count(*) FROM iceberg.\"{name}\".\"{name}\".\"{name}\""));
        await lake.RunAsync($"ALTER TABLE \"{name}\".\"{name}\".\"{name}\" RENAME TO s.t");
        await lake.RunAsync($"DROP SCHEMA \"{name}\" CASCADE");
        Assert.Equal([["s"], ["system"]], await lake.RunAsync("SHOW SCHEMAS"));
    }

    private static ImmutableSortedDictionary<string, string> Properties => ImmutableSortedDictionary<string, string>.Empty;
}
