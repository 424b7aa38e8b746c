using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Execution;

/// <summary>Statements that name another catalog than the session's, in which the same names stand for other things.</summary>
public sealed class OtherCatalogTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalLake _lake = null!;

    public async Task InitializeAsync()
    {
        _lake = LocalLake.Open(_folder.Path);
        await _lake.Catalogs.Warehouses.CreateAsync("w2", _lake.Catalogs.Location + "/w2", ImmutableSortedDictionary<string, string>.Empty);
        await _lake.RunAsync("CREATE SCHEMA s");
        await _lake.RunAsync("CREATE VIEW s.v AS SELECT 1 AS i");
        await _lake.RunAsync("CREATE SCHEMA w2.s");
        await _lake.RunAsync("CREATE TABLE w2.s.t AS SELECT 7 AS i");
        await _lake.RunAsync("CREATE VIEW w2.s.v AS SELECT 7 AS i");
    }

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("SHOW CREATE VIEW w2.s.v", "CREATE VIEW w2.s.v\n")]
    [InlineData("SHOW CREATE TABLE w2.s.t", "CREATE TABLE w2.s.t (")]
    [InlineData("SHOW CREATE VIEW s.v", "CREATE VIEW iceberg.s.v\n")]
    public async Task ShowCreate_NamesTheCatalogOfTheTable(string sql, string expected) =>
        Assert.StartsWith(expected, (string)(await _lake.RunAsync(sql))[0][0]!, StringComparison.Ordinal);

    [Fact]
    public async Task RenameView_LeavesTheSessionsOwnAlone()
    {
        await _lake.RunAsync("ALTER VIEW w2.s.v RENAME TO moved");
        Assert.Equal([[7]], await _lake.RunAsync("SELECT i FROM w2.s.moved"));
        Assert.Equal([[1]], await _lake.RunAsync("SELECT i FROM s.v"));
    }

    [Fact]
    public async Task DropView_LeavesTheSessionsOwnAlone()
    {
        await _lake.RunAsync("DROP VIEW w2.s.v");
        Assert.Equal([[1]], await _lake.RunAsync("SELECT i FROM s.v"));
        Assert.Equal(["t"], (await _lake.RunAsync("SHOW TABLES FROM w2.s")).Select(r => r[0]));
    }

    [Fact]
    public async Task RenameView_ToAnotherCatalog_IsRefusedWithTheWayOut()
    {
        var failure = await Assert.ThrowsAsync<TarnException>(() => _lake.RunAsync("ALTER VIEW s.v RENAME TO w2.s.moved"));
        Assert.Equal(ErrorKind.InvalidRequest, failure.Kind);
        Assert.Contains("CREATE VIEW", failure.Message, StringComparison.Ordinal);
        Assert.Equal([[1]], await _lake.RunAsync("SELECT i FROM s.v"));
    }

    [Theory]
    [InlineData("SELECT * FROM w2.none.t")]
    [InlineData("SHOW TABLES FROM w2.none")]
    [InlineData("SHOW CREATE SCHEMA w2.none")]
    [InlineData("ALTER SCHEMA w2.none SET PROPERTIES a = 'b'")]
    [InlineData("DROP SCHEMA w2.none")]
    [InlineData("USE w2.none")]
    public async Task MissingSchema_SaysWhereToLook(string sql)
    {
        var failure = await Assert.ThrowsAnyAsync<TarnException>(() => _lake.RunAsync(sql));
        Assert.Contains("SHOW SCHEMAS FROM w2 lists", failure.Message, StringComparison.Ordinal);
    }
}
