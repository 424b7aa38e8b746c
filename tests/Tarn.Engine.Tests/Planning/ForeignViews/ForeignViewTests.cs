using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning.ForeignViews;

/// <summary>Views whose only representation is of another engine.</summary>
public sealed class ForeignViewTests
{
    private static readonly TableIdentifier View = TableIdentifier.Of("s", "v");

    [Fact]
    public async Task Select_ViewOfSpark_AnswersWithTheTypesThatItDeclares()
    {
        using var folder = new TemporaryFolder();
        await using var lake = await LakeAsync(folder, "spark", "SELECT `g` AS g, sum(nvl(n, 0)) AS total FROM t WHERE g <> \"c\" GROUP BY g");
        var rows = await lake.RunAsync("SELECT g, total FROM s.v ORDER BY g");
        Assert.Equal([["a", 4L], ["b", 2L]], rows);
    }

    [Fact]
    public async Task CreateOrReplace_ViewOfSpark_NeedsThePropertyThatAllowsItsLoss()
    {
        using var folder = new TemporaryFolder();
        await using var lake = await LakeAsync(folder, "spark", "SELECT g, n AS total FROM t");
        await lake.RunAsync("ALTER VIEW s.v UNSET TBLPROPERTIES ('replace.drop-dialect.allowed')");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync("CREATE OR REPLACE VIEW s.v AS SELECT 1 AS g"));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("lose its definition for 'spark'", error.Message, StringComparison.Ordinal);
        await lake.RunAsync("ALTER VIEW s.v SET TBLPROPERTIES ('replace.drop-dialect.allowed' = 'true')");
        await lake.RunAsync("CREATE OR REPLACE VIEW s.v AS SELECT 1 AS g");
        Assert.Equal([[1]], await lake.RunAsync("SELECT g FROM s.v"));
    }

    [Fact]
    public async Task Select_ViewOfTrinoThatDivides_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        await using var lake = await LakeAsync(folder, "trino", "SELECT g, n / 2 AS total FROM t");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync("SELECT * FROM s.v"));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("View 's.v' is written for trino", error.Message, StringComparison.Ordinal);
        await RequireAdviceAsync(lake, error);
    }

    [Theory]
    [InlineData("spark")]
    [InlineData("trino")]
    public async Task Select_ViewWhoseTableIsGone_NamesTheTable(string dialect)
    {
        using var folder = new TemporaryFolder();
        await using var lake = await LakeAsync(folder, dialect, "SELECT g, n AS total FROM t");
        await lake.RunAsync("DROP TABLE s.t");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync("SELECT * FROM s.v"));
        Assert.Contains("Table 't' does not exist. The schema has the views v.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("is written for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_ViewOfUnknownDialect_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        await using var lake = await LakeAsync(folder, "flink", "SELECT g, n AS total FROM t");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync("SELECT * FROM s.v"));
        Assert.Contains("is written for flink", error.Message, StringComparison.Ordinal);
        await RequireAdviceAsync(lake, error);
    }

    // Replacing it would lose the dialect of its readers elsewhere, and is refused: the message says what is not.
    private static async Task RequireAdviceAsync(LocalLake lake, TarnException refusal)
    {
        Assert.Contains("(DROP VIEW, then CREATE VIEW)", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CREATE OR REPLACE VIEW", refusal.Message, StringComparison.Ordinal);
        await lake.RunAsync("DROP VIEW s.v");
        await lake.RunAsync("CREATE VIEW s.v AS SELECT 1 AS one");
        await lake.RunAsync("SELECT * FROM s.v");
    }

    [Fact]
    public async Task Select_ViewThatTrinoKeepsInAMetastore_AnswersWithTheTypesThatItDeclares()
    {
        using var folder = new TemporaryFolder();
        await using var lake = await KeptAsync(folder, """{"originalSql":"SELECT g, sum(n) AS total FROM iceberg.s.t WHERE n IS NOT NULL GROUP BY g","catalog":"iceberg","schema":"s","columns":[{"name":"g","type":"varchar"},{"name":"total","type":"bigint"}],"owner":"admin","runAsInvoker":false}""");
        Assert.Equal([["a", 4L], ["b", 2L], ["c", 9L]], await lake.RunAsync("SELECT g, total FROM s.kept ORDER BY g"));
    }

    [Theory]
    [InlineData("""{"originalSql":"SELECT n / 2 AS h FROM t","schema":"s","columns":[{"name":"h","type":"integer"}]}""", ErrorKind.Unsupported, "View 's.kept' is written for trino")]
    [InlineData("""{"columns":[]}""", ErrorKind.DataCorrupted, "'s.kept' is a view of Trino whose definition")]
    [InlineData("""{"originalSql":"SELECT 1 AS h","columns":[{"name":"h","type":"no such type!"}]}""", ErrorKind.DataCorrupted, "'s.kept' is a view of Trino whose definition")]
    public async Task Select_ViewThatTrinoKeepsInAMetastore_IsRefusedByName(string definition, ErrorKind kind, string message)
    {
        using var folder = new TemporaryFolder();
        await using var lake = await KeptAsync(folder, definition);
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => lake.RunAsync("SELECT * FROM s.kept"));
        Assert.Equal(kind, error.Kind);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    // As Trino registers it: the definition in Base64, one column that means nothing.
    private static async Task<LocalLake> KeptAsync(TemporaryFolder folder, string definition)
    {
        var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t AS SELECT * FROM (VALUES ('a', 1), ('a', 3), ('b', 2), ('b', NULL), ('c', 9)) t(g, n)");
        string text = $"/* Presto View: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(definition))} */";
        var properties = ImmutableSortedDictionary<string, string>.Empty.Add("tableType", "VIRTUAL_VIEW").Add("parameters.presto_view", "true").Add("viewExpandedText", "/* Presto View */").Add("viewOriginalText", text);
        await lake.Catalog.CommitForeignTableAsync(
            TableIdentifier.Of("s", "kept"), null, new ForeignTable(properties.WithComparers(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal)));
        return lake;
    }

    private static async Task<LocalLake> LakeAsync(TemporaryFolder folder, string dialect, string sql)
    {
        var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        await lake.RunAsync("CREATE TABLE s.t AS SELECT * FROM (VALUES ('a', 1), ('a', 3), ('b', 2), ('b', NULL), ('c', 9)) t(g, n)");
        await lake.RunAsync("CREATE VIEW s.v AS SELECT g, n::BIGINT AS total FROM s.t");
        await ForeignLake.RewriteAsync(lake, View, dialect, sql);
        return lake;
    }
}
