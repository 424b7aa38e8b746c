using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;
using Tarn.Testing;
using Tarn.Testing.Catalogs;
using Tarn.Testing.Files;

namespace Tarn.Simulation.Tests.PowerCuts;

/// <summary>
/// Appends made for one state of a table and put on each other's heads by the catalog, with the power cut before every operation of the disk: what was
/// acknowledged is there with all its manifests, and nothing twice.
/// </summary>
public sealed class AppendPowerCutTests
{
    private const int Appends = 3;
    private static readonly TableIdentifier Orders = TableIdentifier.Of("sales", "orders");

    [Fact]
    public async Task Appends_CutBeforeEveryOperation_StandWholeOrNotAtAll()
    {
        int cuts = await EveryCut.RunAsync(Soak.Rounds(1, 50), CutOnceAsync);
        Assert.True(cuts > 50);
        Console.WriteLine($"soak: power cut before every operation of rebased appends: {cuts} cuts, seed {Soak.Seed}, no acknowledged append lost");
    }

    private static async Task<bool> CutOnceAsync(int at, int seed)
    {
        var disk = new PowerCutFileSystem { CutAt = at };
        int acknowledged = 0;
        bool isDone = await Ledger.RunAsync(disk, () => UseAsync(disk, seed, async (catalog, client) =>
        {
            var table = await CreateAsync(catalog);
            var commits = new List<TableCommit>();
            for (int i = 0; i < Appends; i++)
                commits.Add(await client.AppendAsync(table, [1 << i], i == 1 ? ManifestStyle.Numbered : ManifestStyle.Inherits));
            foreach (var commit in commits)
            {
                await catalog.CommitAsync([commit]);
                acknowledged++;
            }
        }));
        await UseAsync(disk.Reboot(seed), ~seed, async (catalog, client) =>
        {
            if (await catalog.LoadTableAsync(Orders) is not { } table)
            {
                Assert.True(acknowledged == 0, $"Seed {seed}: the table is gone.");
                return;
            }

            int count = table.Metadata.Snapshots.Count;
            Assert.True(count == acknowledged || count == acknowledged + 1, $"Seed {seed}: {acknowledged} appends were acknowledged and {count} are there.");
            await CommittedTable.VerifyAsync(catalog.Store, table, (1 << count) - 1, count);
            var more = (await catalog.CommitAsync([await client.AppendAsync(table, [100])]))[0];
            await CommittedTable.VerifyAsync(catalog.Store, more, (1 << count) + 99, count + 1);
        });
        return isDone;
    }

    private static async Task UseAsync(PowerCutFileSystem disk, int seed, Func<EmbeddedCatalog, AppendingClient, Task> use)
    {
        var data = DataFolder.OpenOrCreate("/srv/tarn-data", files: disk);
        var store = new LocalObjectStore(data.Path, files: disk);
        store.RemoveDeadStaging();
        using var log = new EmbeddedCommitLog(data.MetastoreFolder, disk);
        await use(new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation, Principal = "sim" }), new AppendingClient(store, new Random(seed)));
    }

    private static async Task<TableHandle> CreateAsync(EmbeddedCatalog catalog)
    {
        await catalog.CreateNamespaceAsync(Orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted,
            await catalog.NewTableLocationAsync(Orders), new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        return (await catalog.CommitAsync([new TableCommit(Orders, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata))]))[0];
    }
}
