using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Interop.Tests.Peers;
using Tarn.Metastore.Remote.Rest;
using Tarn.Storage.Local;
using Tarn.Testing.Contracts;
using Tarn.Testing.Files;
using RestClient = Tarn.Metastore.Remote.Rest.RestCatalog;

namespace Tarn.Interop.Tests.Catalogs;

/// <summary>
/// Tarn's client of REST catalogs at the reference server of Apache Iceberg 1.11.0 (JDBC catalog on SQLite): the suite that Tarn's own catalogs pass, but
/// for what this server does differently.
/// </summary>
public sealed class ReferenceCatalogTests(ReferenceServer server) : IClassFixture<ReferenceServer>
{
    // What this server does differently, so that the test asks for something else.
    private static readonly Dictionary<string, string> s_differences = new()
    {
        [nameof(IcebergCatalogContract.Names_OddButPossible_AreStoredAsGiven)] = "its HTTP server refuses an encoded slash in names, and its JDBC store splits namespaces at dots",
        [nameof(IcebergCatalogContract.Namespaces_Nested_AreChildrenOfTheirParents)] = "its JDBC store splits namespaces at dots",
        [nameof(IcebergCatalogContract.Namespaces_CreateLoadUpdateDrop_Work)] = "it adds the property location",
        [nameof(IcebergCatalogContract.NewTableLocation_EachCall_IsAnotherPlaceBelowTheNamespace)] = "a table's location is its name's, always the same",
        [nameof(IcebergCatalogContract.Tables_Created_LoadEverywhereWithTheirMetadata)] = "it writes one file as file:///… and as file:/…",
        [nameof(IcebergCatalogContract.Rename_Table_KeepsItsMetadata)] = "it writes one file as file:///… and as file:/…",
        [nameof(IcebergCatalogContract.Tables_CreatedTwice_AreAlreadyThere)] = "it writes the metadata of a new table before it looks for the namespace",
        [nameof(IcebergCatalogContract.Commit_ThatChangesNothing_KeepsTheMetadata)] = "it writes a new file also when nothing changes",
        [nameof(IcebergCatalogContract.Commit_ByManyAtOnce_EveryIndependentChangeLands)] = "of two changes at once one is a conflict, also when they are independent",
        [nameof(IcebergCatalogContract.Commit_SeveralTables_IsAllOrNothing)] = "a transaction cannot create tables and is not atomic",
        [nameof(IcebergCatalogContract.Commit_IllegalUpdate_IsInvalidAndLeavesNoFile)] = "its file system leaves a checksum file beside each file",
        [nameof(IcebergCatalogContract.Commit_RequirementFails_IsAConflictAndChangesNothing)] = "its file system leaves a checksum file beside each file",
        [nameof(IcebergCatalogContract.Register_MetadataFile_IsUsedAsItIs)] = "it answers a damaged file with 500",
        [nameof(IcebergCatalogContract.Register_InPlaceOfAState_ReplacesExactlyThat)] = "the protocol overwrites without comparing, so the client refuses it",
        [nameof(IcebergCatalogContract.Drop_WithPurgeOfProtectedOrSharedFiles_IsRefused)] = "it deletes files that another table has",
        [nameof(IcebergCatalogContract.Load_MetadataFileGone_SaysWhichAndTheTableCanBeDropped)] = "it names the missing file in its message only",
        [nameof(IcebergCatalogContract.UnregisterTable_AfterCommits_GivesTheLastStateAndLeavesTheFiles)] = "it does not offer unregister, and the client says so",
    };

    public static TheoryData<string, int> Tests => ContractMethods.Of<IcebergCatalogContract>();

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task Catalog(string test, int row)
    {
        if (server.Address is null || s_differences.ContainsKey(test))
            return;
        server.RemoveFiles();
        var contract = new Contract(server);
        await contract.ClearAsync();
        await ContractMethods.RunAsync(contract, test, row);
    }

    [Fact]
    public async Task Sql_OnTheReferenceServer_ReadsAndWritesItsTables()
    {
        if (server.Address is null)
            return;
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["tarn.yaml"], $"catalog:\n  rest:\n    uri: {server.Address}\n");
        await File.WriteAllTextAsync(folder["a.csv"], "i,name\n1,x\n2,y\n");
        await RunAsync("ingest", "a.csv", "--table", "shop.t");
        await RunAsync("sql", "-c", "INSERT INTO shop.t SELECT i + 2, name FROM shop.t; ALTER TABLE shop.t ADD COLUMN note VARCHAR; CREATE VIEW shop.v AS SELECT i FROM shop.t WHERE i > 1; CREATE OR REPLACE VIEW shop.v AS SELECT i FROM shop.t WHERE i > 2");
        Assert.Equal(["n,s,w", "4,10,2"], await RunAsync("sql", "--format", "csv", "-c", "SELECT count(*) AS n, sum(i) AS s, (SELECT count(*) FROM shop.v) AS w FROM shop.t"));
        await RunAsync("sql", "-c", "CREATE TABLE shop.u AS SELECT * FROM shop.t");
        string other = folder["imported"];
        File.Delete(folder["tarn.yaml"]);
        var imported = await RunAsync("catalog", "import", "--from", $"rest:{server.Address}", "--namespace", "shop", "--data", other, "--format", "csv");
        Assert.Equal(3, imported.Count(line => line.Contains(",registered,", StringComparison.Ordinal)));
        Assert.Equal(["n", "4"], await RunAsync("sql", "--data", other, "--format", "csv", "-c", "SELECT count(*) AS n FROM shop.u"));

        Task<IReadOnlyList<string>> RunAsync(params string[] words) =>
            PeerProcess.RunAsync(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tarn.exe" : "tarn"), words, [], folder.Path);
    }

    private sealed class Contract(ReferenceServer server) : IcebergCatalogContract, IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
        private readonly LocalObjectStore _store = new(null);
        private readonly List<RestClient> _opened = [];

        protected override IObjectStore Store => _store;

        protected override string ViewLocation => server.Warehouse + "/sales/view-1";

        /// <summary>Each test begins with nothing.</summary>
        public async Task ClearAsync()
        {
            var catalog = Open();
            foreach (var name in (await catalog.ListNamespacesAsync(Namespace.Root)).Items)
                await DropAsync(catalog, name);
        }

        public void Dispose()
        {
            _opened.ForEach(c => c.Dispose());
            _http.Dispose();
            _store.Dispose();
        }

        protected override ICatalog Open()
        {
            var catalog = new RestClient(_http, new RestCatalogOptions { Uri = server.Address! });
            lock (_opened)
                _opened.Add(catalog);
            return catalog;
        }

        private static async Task DropAsync(ICatalog catalog, Namespace name)
        {
            foreach (var child in (await catalog.ListNamespacesAsync(name)).Items)
                await DropAsync(catalog, child);
            foreach (var table in (await catalog.ListTablesAsync(name)).Items)
                await catalog.DropTableAsync(table, purge: false);
            foreach (var view in (await catalog.ListViewsAsync(name)).Items)
                await catalog.DropViewAsync(view);
            await catalog.DropNamespaceAsync(name);
        }
    }
}
