using System.Collections.Immutable;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Simulation.Tests.PowerCuts;
using Tarn.Storage.Local;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Simulation.Tests.Lake;

/// <summary>
/// INSERT as the engine does it, data files staged and adopted, manifests, manifest list and metadata written, then the commit, on a disk that loses its power:
/// the table always reads as one of its commits, down to the bytes of its data files. The bytes themselves are written by the test, not by DuckDB.
/// </summary>
public sealed class LakePowerCutTests
{
    private const int Commits = 3, FilesPerCommit = 2;
    private const string Staging = "/srv/tarn-data/.staging";
    private static readonly TableIdentifier Orders = TableIdentifier.Of("sales", "orders");

    [Fact]
    public async Task Insert_CutBeforeEveryOperation_ReadsAsOneCommit()
    {
        int cuts = await EveryCut.RunAsync(Soak.Rounds(1, 40), CutOnceAsync);

        Assert.True(cuts > 100);
        Console.WriteLine($"soak: power cut before every operation of INSERT: {cuts} cuts, seed {Soak.Seed}, the table always at one commit");
    }

    private static async Task<bool> CutOnceAsync(int at, int seed)
    {
        var disk = new PowerCutFileSystem { CutAt = at };
        int acknowledged = 0, tried = 0;
        bool isDone = await Ledger.RunAsync(disk, () => UseAsync(disk, 1, async life =>
        {
            var table = await life.CreateAsync();
            for (int i = 1; i <= Commits; i++)
            {
                tried = i;
                table = await life.InsertAsync(table, i);
                acknowledged = i;
            }
        }));
        var after = disk.Reboot(seed);
        await UseAsync(after, 2, async life =>
        {
            if (after.Stat(Staging) is not null)
                Assert.DoesNotContain(after.Enumerate(Staging), entry => entry.IsFolder);
            int commits = await life.VerifyAsync();
            Assert.True(commits >= acknowledged && commits <= tried, $"Cut before operation {at}, seed {seed}: the table holds {commits} commits, acknowledged were {acknowledged}, tried {tried}.");
            var table = await life.Catalog.LoadTableAsync(Orders) ?? await life.CreateAsync();
            await life.InsertAsync(table, commits + 1);
            Assert.Equal(commits + 1, await life.VerifyAsync());
        });
        return isDone;
    }

    private static async Task UseAsync(PowerCutFileSystem disk, int number, Func<Life, Task> use)
    {
        var data = DataFolder.OpenOrCreate("/srv/tarn-data", files: disk);
        using var store = new LocalObjectStore(data.Path, files: disk);
        store.RemoveDeadStaging();
        using var log = new EmbeddedCommitLog(data.MetastoreFolder, disk) { CheckpointEveryBytes = 900 };
        await use(new Life(number, disk, store, new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation, Principal = "sim" })));
    }

    /// <summary>One start of a program on the disk.</summary>
    private sealed record Life(int Number, PowerCutFileSystem Disk, LocalObjectStore Store, EmbeddedCatalog Catalog)
    {
        // Files of a life that ended stay as garbage, so every life needs names of its own.
        private TransactionContext Context { get; } = new(Catalog, Store) { Random = new Random(Soak.Seed + Number) };

        public async Task<TableHandle> CreateAsync()
        {
            if (await Catalog.LoadNamespaceAsync(Orders.Namespace) is null)
                await Catalog.CreateNamespaceAsync(Orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
            var metadata = TableMetadata.New(
                new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted,
                await Catalog.NewTableLocationAsync(Orders), new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
            return await Transaction.Create(Context, Orders, metadata).CommitAsync();
        }

        public async Task<TableHandle> InsertAsync(TableHandle table, int commit)
        {
            var files = Enumerable.Range(0, FilesPerCommit).Select(i => File(table.Metadata, commit, i)).ToList();
            await Store.AdoptAsync([.. files.Select(file => (Staged(file.FilePath), file.FilePath))]);
            var transaction = new Transaction(Context, table);
            transaction.Add(new MergeAppend()).Add(files);
            return await transaction.CommitAsync();
        }

        /// <summary>Reads everything that the table refers to.</summary>
        /// <returns>How many INSERTs it holds.</returns>
        public async Task<int> VerifyAsync()
        {
            if (await Catalog.LoadTableAsync(Orders) is not { } table)
                return 0;
            int commits = table.Metadata.Snapshots.Count;
            foreach (var snapshot in table.Metadata.Snapshots)
                await VerifyAsync(TableScan.Of(table.Metadata).UseSnapshot(snapshot.SnapshotId), (int)snapshot.SequenceNumber);
            await VerifyAsync(TableScan.Of(table.Metadata), commits);
            return commits;
        }

        private async Task VerifyAsync(TableScan scan, int commits)
        {
            var plan = await new ScanPlanner(Store).PlanAsync(scan);
            var expected = Enumerable.Range(1, commits).SelectMany(commit => Enumerable.Range(0, FilesPerCommit).Select(i => (commit, i)));
            Assert.Equal(expected, plan.Tasks.Select(task => Numbers(task.File.FilePath)).Order());
            foreach (var task in plan.Tasks)
                Assert.Equal(Content(task.File.FilePath), (await Store.ReadAsync(task.File.FilePath)).ToArray());
        }

        private DataFile File(TableMetadata table, int commit, int number)
        {
            string path = $"{table.Location}/data/{commit}-{number}-{Number}.parquet";
            return new DataFile { FilePath = path, Format = FileFormat.Parquet, RecordCount = commit, FileSizeInBytes = Content(path).Length };
        }

        private static (int Commit, int File) Numbers(string path) =>
            path[(path.LastIndexOf('/') + 1)..].Split('-') is [var commit, var file, _] ? (int.Parse(commit), int.Parse(file)) : throw new FormatException(path);

        private StagedFile Staged(string location)
        {
            var staged = Store.Stage(".parquet");
            using var file = Disk.CreateNew(staged.Path);
            file.Write(Content(location), 0);
            return staged;
        }

        // Longer than a sector, so that it can be torn.
        private static byte[] Content(string location) => System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(location + "\n", 20)));
    }
}
