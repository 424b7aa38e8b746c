using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Simulation.Tests.PowerCuts;

/// <summary>Tables of the catalog, with their metadata files, read as one of their committed states after every power cut.</summary>
public sealed class CatalogPowerCutTests
{
    private const int Changes = 5;
    private static readonly TableIdentifier Orders = TableIdentifier.Of("sales", "orders"), Rejected = TableIdentifier.Of("sales", "orders__rejected");

    [Fact]
    public async Task Commits_CutBeforeEveryOperation_TablesReadAsOneCommittedState()
    {
        int survivals = Soak.Rounds(4, 50), cuts = 0;
        for (int at = 1; ; at++)
        {
            bool isDone = true;
            for (int survival = 0; survival < survivals; survival++, cuts++)
                isDone &= await CutOnceAsync(at, Soak.Seed + (at * 1000) + survival);
            if (isDone)
                break;
        }

        Console.WriteLine($"soak: power cut before every operation of catalog commits: {cuts} cuts, seed {Soak.Seed}, both tables always at one commit");
    }

    private static async Task<bool> CutOnceAsync(int at, int seed)
    {
        var disk = new PowerCutFileSystem { CutAt = at };
        int acknowledged = -1, tried = -1;
        bool isDone = await Ledger.RunAsync(disk, () => UseAsync(disk, async catalog =>
        {
            await catalog.CreateNamespaceAsync(Orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
            for (int i = 0; i <= Changes; i++)
            {
                tried = i;
                await (i == 0 ? CreateAsync(catalog) : ChangeAsync(catalog, i));
                acknowledged = i;
            }
        }));
        await UseAsync(disk.Reboot(seed), async catalog =>
        {
            int state = await StateAsync(catalog, Orders);
            Assert.True(state == await StateAsync(catalog, Rejected), $"Seed {seed}: the two tables are at different commits.");
            Assert.True(state == acknowledged || state == tried, $"Seed {seed}: the tables are at {state}, acknowledged was {acknowledged}, tried {tried}.");
            if (state >= 0)
                await ChangeAsync(catalog, Changes + 1);
        });
        return isDone;
    }

    private static async Task UseAsync(PowerCutFileSystem disk, Func<EmbeddedCatalog, Task> use)
    {
        var data = DataFolder.OpenOrCreate("/srv/tarn-data", files: disk);
        var store = new LocalObjectStore(data.Path, files: disk);
        store.RemoveDeadStaging();
        using var log = new EmbeddedCommitLog(data.MetastoreFolder, disk) { CheckpointEveryBytes = 700 };
        await use(new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation, Principal = "sim" }));
    }

    private static async Task CreateAsync(EmbeddedCatalog catalog)
    {
        var commits = new List<TableCommit>();
        foreach (var table in (TableIdentifier[])[Orders, Rejected])
        {
            var metadata = TableMetadata.New(
                new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted,
                await catalog.NewTableLocationAsync(table), new Dictionary<string, string> { ["state"] = "0" }, 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
            commits.Add(new TableCommit(table, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata)));
        }

        await catalog.CommitAsync(commits);
    }

    private static async Task ChangeAsync(EmbeddedCatalog catalog, int state) =>
        await catalog.CommitAsync([.. ((TableIdentifier[])[Orders, Rejected]).Select(table => new TableCommit(
            table, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["state"] = $"{state}" })]))]);

    // -1 before the table exists; everything about a table that exists must be readable.
    private static async Task<int> StateAsync(EmbeddedCatalog catalog, TableIdentifier table) =>
        await catalog.LoadTableAsync(table) is { } loaded ? int.Parse(loaded.Metadata.Properties["state"]) : -1;
}
