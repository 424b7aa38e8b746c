using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Faults;
using Tarn.Storage.Local;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Simulation.Tests.Faults;

/// <summary>
/// Writers append snapshots while stores fail and replies get lost. Each repeats its change until it knows that it landed, as engines do:
/// at the end every change stands exactly once, in one line of descent, and no file that the table needs is gone.
/// </summary>
public sealed class CatalogFaultTests
{
    private const int Writers = 4, Each = 6;
    private static readonly TableIdentifier Orders = TableIdentifier.Of("sales", "orders");

    [Fact]
    public async Task Writers_WithFailingStoreAndLostReplies_LandEveryChangeOnce()
    {
        int rounds = Soak.Rounds(10, 500), faults = 0;
        for (int round = 0; round < rounds; round++)
            faults += await RunAsync(Soak.Seed + round);
        Assert.True(faults > rounds);
        Console.WriteLine($"soak: {rounds} rounds of {Writers} writers with {faults} faults and lost replies, seed {Soak.Seed}, every change landed once");
    }

    private static async Task<int> RunAsync(int seed)
    {
        var disk = new PowerCutFileSystem();
        var data = DataFolder.OpenOrCreate("/srv/tarn-data", files: disk);
        var store = new LocalObjectStore(data.Path, files: disk);
        using var log = new EmbeddedCommitLog(data.MetastoreFolder, disk);
        var dice = new Dice(seed);
        var options = new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation, Principal = "sim" };
        var sound = new EmbeddedCatalog(log, store, options);
        var flaky = new EmbeddedCatalog(new FlakyLog(log, dice), new FaultInjectingObjectStore(store, (_, _) => dice.StoreFault()), options);
        await CreateAsync(sound);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
                await AppendUntilLandedAsync(flaky, (writer * 100) + i + 1);
        })));
        await VerifyAsync(sound, store, seed);
        return dice.Faults;
    }

    private static async Task AppendUntilLandedAsync(EmbeddedCatalog catalog, long snapshotId)
    {
        while (true)
        {
            try
            {
                var table = (await catalog.LoadTableAsync(Orders))!;
                // After an unknown outcome the table itself is asked; repeating blindly would apply the change twice.
                if (table.Metadata.FindSnapshot(snapshotId) is not null)
                    return;
                await catalog.CommitAsync([Append(table.Metadata, snapshotId)]);
                return;
            }
            catch (TarnException error) when (error is CommitConflictException or CommitStateUnknownException || error.Kind == ErrorKind.Unavailable)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task VerifyAsync(EmbeddedCatalog catalog, LocalObjectStore store, int seed)
    {
        var metadata = (await catalog.LoadTableAsync(Orders))!.Metadata;
        var expected = Enumerable.Range(0, Writers).SelectMany(w => Enumerable.Range(1, Each).Select(i => (long)((w * 100) + i)));
        Assert.True(expected.SequenceEqual(metadata.Snapshots.Select(s => s.SnapshotId).Order()), $"Seed {seed}: snapshots {string.Join(' ', metadata.Snapshots.Select(s => s.SnapshotId))}");
        long? parent = null;
        foreach (long id in metadata.SnapshotLog.Select(e => e.SnapshotId))
        {
            Assert.Equal(parent, metadata.FindSnapshot(id)!.ParentSnapshotId);
            parent = id;
        }

        foreach (var former in metadata.MetadataLog)
            Assert.NotNull(await store.HeadAsync(former.MetadataFile));
        int moves = 0;
        await foreach (var commit in catalog.Log.ReadHistoryAsync())
            moves += commit.Changes.Count(c => c is Metastore.CatalogChange.PutTable);
        Assert.Equal((Writers * Each) + 1, moves);
    }

    private static async Task CreateAsync(EmbeddedCatalog catalog)
    {
        await catalog.CreateNamespaceAsync(Orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
        var metadata = TableMetadata.New(
            new Schema(0, [new NestedField(1, "id", false, SimpleType.Long)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted,
            await catalog.NewTableLocationAsync(Orders), new Dictionary<string, string>(), 2, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        await catalog.CommitAsync([new TableCommit(Orders, [new TableRequirement.AssertCreate()], TableMetadataBuilder.CreationUpdates(metadata))]);
    }

    private static TableCommit Append(TableMetadata metadata, long id)
    {
        var snapshot = new Snapshot
        {
            SnapshotId = id,
            ParentSnapshotId = metadata.CurrentSnapshotId,
            SequenceNumber = metadata.LastSequenceNumber + 1,
            TimestampMs = metadata.LastUpdatedMs + 1,
            ManifestList = $"{metadata.Location}/metadata/snap-{id}.avro",
            Summary = ImmutableSortedDictionary<string, string>.Empty.Add("operation", "append"),
            SchemaId = metadata.CurrentSchemaId,
        };
        return new TableCommit(
            Orders,
            [new TableRequirement.AssertRefSnapshotId(Snapshot.MainBranch, metadata.CurrentSnapshotId)],
            [new TableUpdate.AddSnapshot(snapshot), new TableUpdate.SetSnapshotRef(Snapshot.MainBranch, new SnapshotRef(id, SnapshotRefType.Branch))]);
    }
}
