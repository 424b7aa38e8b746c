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
}
