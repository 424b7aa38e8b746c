using Tarn.Core.Errors;
using Tarn.Engine.Sessions;
using Tarn.Iceberg.Catalogs;
using Tarn.Storage.Memory;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Planning;

/// <summary>What a catalog has is listed for a message alone, not for a query of a file.</summary>
public sealed class MissingNameTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryCatalog _catalog = new(new MemoryObjectStore());
    private LakeEngine _engine = null!;
    private ISqlSession _session = null!;
    private int _listings;

    public async Task InitializeAsync()
    {
        _engine = new LakeEngine(new FixedCatalogs(_catalog), new MemoryObjectStore());
        _session = _engine.OpenSession();
        await File.WriteAllTextAsync(_folder["data.csv"], "word\nxyzzy\n");
        await LocalLake.RunAsync(_session, "CREATE SCHEMA s");
        await LocalLake.RunAsync(_session, "USE s");
        _catalog.BeforeList = _ => _listings++;
    }

    [Fact]
    public async Task Execute_File_ListsNothing()
    {
        Assert.Equal("xyzzy", (await LocalLake.RunAsync(_session, $"SELECT * FROM '{_folder["data.csv"]}'"))[0][0]);
        Assert.Equal(0, _listings);
    }

    [Fact]
    public async Task Execute_NameThatNothingHas_NamesThePlaceAndWhatIsThere()
    {
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => LocalLake.RunAsync(_session, "SELECT *\nFROM nosuch"));
        Assert.Contains("line 2:6", error.Message, StringComparison.Ordinal);
        Assert.Contains("The schema is empty", error.Message, StringComparison.Ordinal);
        Assert.True(_listings > 0);
    }

    [Fact]
    public async Task Execute_NameThatNothingHas_NamesTheViewsToo()
    {
        await LocalLake.RunAsync(_session, "CREATE VIEW big AS SELECT 1 AS id");
        Assert.Contains("The schema has the views big.", (await Assert.ThrowsAnyAsync<TarnException>(() => LocalLake.RunAsync(_session, "SELECT * FROM s.nosuch"))).Message, StringComparison.Ordinal);
        await LocalLake.RunAsync(_session, "CREATE TABLE orders (id INT)");
        Assert.Contains("The schema has orders; the views big.", (await Assert.ThrowsAnyAsync<TarnException>(() => LocalLake.RunAsync(_session, "SELECT * FROM s.nosuch"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_CatalogThatDeniesListing_StillReadsFiles()
    {
        _catalog.BeforeList = _ => throw new TarnException(ErrorKind.PermissionDenied, "listing is denied");
        Assert.Equal("xyzzy", (await LocalLake.RunAsync(_session, $"SELECT * FROM '{_folder["data.csv"]}'"))[0][0]);
    }

    [Fact]
    public async Task Execute_ListingThatFailsForTheMessage_StillNamesWhatIsMissing()
    {
        // The first listing looks the name up in other letters, the second one is for the message.
        _catalog.BeforeList = _ =>
        {
            if (++_listings > 1)
                throw new TarnException(ErrorKind.PermissionDenied, "listing is denied");
        };
        var error = await Assert.ThrowsAnyAsync<TarnException>(() => LocalLake.RunAsync(_session, "SELECT * FROM nosuch"));
        Assert.Contains("'nosuch' does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("listing is denied", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.csv", true)]
    [InlineData("Data.CSV.gz", true)]
    [InlineData("a/b", true)]
    [InlineData("orders", false)]
    [InlineData("orders$files", false)]
    [InlineData("orders.gz", false)]
    public void IsFile_Name_TellsPathsAndExtensions(string name, bool expected) => Assert.Equal(expected, Engine.Planning.EngineNames.IsFile(name));

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _engine.Dispose();
        _folder.Dispose();
    }
}
