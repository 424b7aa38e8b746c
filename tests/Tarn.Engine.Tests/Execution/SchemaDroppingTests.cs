using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

public sealed class SchemaDroppingTests
{
    [Fact]
    public async Task DropSchemaCascade_MeetsAProtectedTable_DropsNothing()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        await lake.RunAsync("CREATE SCHEMA s");
        foreach (string table in (string[])["a", "b", "c"])
            await lake.RunAsync($"CREATE TABLE s.{table} AS SELECT 1 AS id");
        await lake.RunAsync("CREATE VIEW s.v AS SELECT id FROM s.a");
        await lake.Catalog.ProtectAsync(["s", "b"], true);
        var refused = await Assert.ThrowsAsync<TarnException>(() => lake.RunAsync("DROP SCHEMA s CASCADE"));
        Assert.Equal(ErrorKind.InvalidRequest, refused.Kind);
        Assert.Contains("Table 's.b' is protected and is not dropped", refused.Message, StringComparison.Ordinal);
        Assert.Equal([[1L]], await lake.RunAsync("SELECT count(*) FROM s.v, s.b, s.c"));
        Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<TarnException>(() => lake.RunAsync("DROP SCHEMA s"))).Kind);

        await lake.Catalog.ProtectAsync(["s", "b"], false);
        await lake.RunAsync("DROP SCHEMA s CASCADE");
        Assert.Null(await lake.Catalog.LoadNamespaceAsync(Namespace.Of("s")));
        await lake.RunAsync("CREATE SCHEMA s");
        foreach (string back in (string[])["TABLE s.a", "TABLE s.c", "VIEW s.v"])
            await lake.RunAsync($"UNDROP {back}");
        Assert.Equal([[1L]], await lake.RunAsync("SELECT count(*) FROM s.v, s.c"));
    }

    /// <summary>A table or view that is replaced in SQL is the same one in a new state.</summary>
    [Fact]
    public async Task CreateOrReplace_OfSomethingProtected_KeepsItsIdentityAndProtection()
    {
        using var folder = new TemporaryFolder();
        await using var lake = LocalLake.Open(folder.Path);
        var (table, view) = (TableIdentifier.Of("s", "t"), TableIdentifier.Of("s", "v"));
        foreach (string made in (string[])["CREATE SCHEMA s", "CREATE TABLE s.t AS SELECT 1 AS id", "CREATE VIEW s.v AS SELECT id FROM s.t"])
            await lake.RunAsync(made);
        var (tableUuid, viewUuid) = ((await lake.Catalog.LoadTableAsync(table))!.Metadata.TableUuid, (await lake.Catalog.LoadViewAsync(view))!.Metadata.ViewUuid);
        foreach (string name in (string[])["t", "v"])
            await lake.Catalog.ProtectAsync(["s", name], true);
        await lake.RunAsync("CREATE OR REPLACE TABLE s.t AS SELECT 2 AS x");
        await lake.RunAsync("CREATE OR REPLACE VIEW s.v AS SELECT x FROM s.t");
        Assert.Equal((tableUuid, viewUuid), ((await lake.Catalog.LoadTableAsync(table))!.Metadata.TableUuid, (await lake.Catalog.LoadViewAsync(view))!.Metadata.ViewUuid));
        foreach (string refused in (string[])["DROP TABLE s.t", "DROP VIEW s.v", "CREATE OR REPLACE VIEW s.t AS SELECT 1 AS x"])
            await Assert.ThrowsAsync<TarnException>(() => lake.RunAsync(refused));
        Assert.Equal([[2]], await lake.RunAsync("SELECT x FROM s.v"));
    }
}
