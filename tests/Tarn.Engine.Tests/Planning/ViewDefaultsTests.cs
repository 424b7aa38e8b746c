using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>What views say of names without a catalog or schema, and what is made of what they say.</summary>
public sealed class ViewDefaultsTests : IAsyncLifetime, IDisposable
{
    private static readonly TableIdentifier s_view = TableIdentifier.Of("s", "v");
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder["data"]);
        await _lake.Catalogs.Warehouses.CreateAsync("w2", _lake.Catalogs.Location + "/w2", ImmutableSortedDictionary<string, string>.Empty);
        await _lake.RunAsync("CREATE SCHEMA s");
        await _lake.RunAsync("CREATE TABLE s.t AS SELECT 'lake' AS x");
        await _lake.RunAsync("CREATE SCHEMA w2.s");
        await _lake.RunAsync("CREATE TABLE w2.s.t AS SELECT 'w2' AS x");
        await _lake.Catalogs.Branches("lake").CreateAsync("dev");
        await _lake.RunAsync("""CREATE OR REPLACE TABLE "lake@dev".s.t AS SELECT 'dev' AS x""");
    }

    public Task DisposeAsync() => _lake.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("iceberg", "CREATE VIEW s.v AS SELECT x FROM s.t", "lake", null, "", "lake")]
    [InlineData("iceberg", "CREATE VIEW s.v AS SELECT x FROM iceberg.s.t", "lake", null, "", "lake")]
    [InlineData("iceberg.s", "CREATE VIEW v AS SELECT x FROM t", "lake", null, "s", "lake")]
    [InlineData("iceberg.s", "CREATE VIEW v AS SELECT x FROM w2.s.t", "lake", null, "s", "w2")]
    [InlineData("w2", "CREATE VIEW s.v AS SELECT x FROM s.t", "w2", null, "", "w2")]
    [InlineData("\"lake@dev\".s", "CREATE VIEW v AS SELECT x FROM t", "lake@dev", null, "s", "dev")]
    [InlineData("iceberg.s", "CREATE VIEW w2.s.v AS SELECT x FROM w2.s.t", "w2", null, "", "w2")]
    [InlineData("iceberg.s", "CREATE VIEW w2.s.v AS SELECT l.x || w.x AS x FROM lake.s.t l, w2.s.t w", "w2", null, "", "lakew2")]
    [InlineData("iceberg.s", "CREATE VIEW w2.s.v AS SELECT 'none' AS x", "w2", null, "", "none")]
    [InlineData("iceberg.s", "CREATE VIEW w2.s.v AS SELECT x FROM t", "w2", "lake", "s", "lake")]
    [InlineData("\"lake@dev\"", "CREATE VIEW w2.s.v AS SELECT x FROM s.t", "w2", "lake@dev", "", "dev")]
    [InlineData("w2", "CREATE VIEW iceberg.s.v AS SELECT min(branch) AS x FROM system.branches", "lake", "w2", "", "dev")]
    public async Task CreateView_NamesACatalog_OnlyWhereNamesMeanAnotherThanItsOwn(string use, string sql, string stored, string? catalog, string schema, string expected)
    {
        await using var session = _lake.Engine.OpenSession();
        await LocalLake.RunAsync(session, $"USE {use}");
        await LocalLake.RunAsync(session, sql);
        var version = (await (await CatalogAsync(stored)).LoadViewAsync(s_view))!.Metadata.CurrentVersion;
        Assert.Equal((catalog, schema), (version.DefaultCatalog, string.Join('.', version.DefaultNamespace)));
        Assert.Equal(expected, (await _lake.RunAsync($"SELECT x FROM \"{stored}\".s.v"))[0][0]);
    }

    [Fact]
    public async Task CreateView_OfABranch_ReadsTheBranchOnWhichItIsRead()
    {
        await _lake.RunAsync("""USE "lake@dev".s""");
        await _lake.RunAsync("CREATE VIEW v AS SELECT x FROM t");
        await _lake.Catalogs.Branches("lake").CreateAsync("later", "dev");
        await _lake.RunAsync("""CREATE OR REPLACE TABLE "lake@later".s.t AS SELECT 'later' AS x""");
        Assert.Equal("dev", (await _lake.RunAsync("SELECT x FROM v"))[0][0]);
        Assert.Equal("later", (await _lake.RunAsync("""SELECT x FROM "lake@later".s.v"""))[0][0]);
    }

    [Fact]
    public async Task CreateView_WhoseNamesMeanAnotherBranch_IsRefusedWithTheWayOut()
    {
        await _lake.RunAsync("""USE "lake@dev".s""");
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync("CREATE VIEW iceberg.s.v AS SELECT x FROM t"));
        Assert.Equal(
            "The view goes to 'iceberg', and its query names what is in 'iceberg@dev', another branch of the same catalog, without saying so. Write the catalog before each name in it: \"lake@dev\".schema.table",
            error.Message);
        await _lake.RunAsync("""CREATE VIEW iceberg.s.v AS SELECT m.x || d.x AS x FROM iceberg.s.t m, "lake@dev".s.t d""");
        Assert.Equal("lakedev", (await _lake.RunAsync("SELECT x FROM iceberg.s.v"))[0][0]);
    }

    /// <summary>Views of before, and of other engines, whose catalogs have other names.</summary>
    [Theory]
    [InlineData("lake", "iceberg", "lake")]
    [InlineData("lake", "iceberg@dev", "lake")]
    [InlineData("lake@dev", "iceberg", "dev")]
    [InlineData("lake@dev", "iceberg@dev", "dev")]
    [InlineData("w2", "iceberg", "lake")]
    [InlineData("w2", "w2", "w2")]
    [InlineData("w2", null, "w2")]
    [InlineData("w2", "prod", "w2")]
    public async Task Select_FromAView_FollowsTheCatalogThatItNames(string stored, string? named, string expected)
    {
        var catalog = await CatalogAsync(stored);
        await _lake.RunAsync($"USE \"{stored}\"");
        await _lake.RunAsync("CREATE VIEW s.v AS SELECT x FROM s.t");
        var before = (await catalog.LoadViewAsync(s_view))!;
        var version = before.Metadata.CurrentVersion with { VersionId = 2, DefaultCatalog = named };
        var changed = ViewMetadataBuilder.Apply(before.Metadata, [new ViewUpdate.AddViewVersion(version), new ViewUpdate.SetCurrentViewVersion(ViewUpdate.LastAdded)], DateTimeOffset.UnixEpoch);
        await catalog.CommitViewAsync(s_view, before, changed);
        Assert.Equal(expected, (await _lake.RunAsync($"SELECT x FROM \"{stored}\".s.v"))[0][0]);
    }

    private async ValueTask<ICatalog> CatalogAsync(string name) => (await _lake.Catalogs.FindAsync(name))!;
}
