using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Testing;
using Tarn.Testing.Catalogs;

namespace Tarn.Metastore.Tests.Catalogs.Committing;

/// <summary>Writers of every kind append to one table at once, from two processes, while its properties and snapshots change: nothing gets lost.</summary>
public sealed class ConcurrentAppendsTests : CommittingTestBase
{
    private long _rows;
    private int _files, _conflicts, _mostTogether;

    [Fact]
    public async Task Appends_OfEveryKindAtOnce_AllStandOnce()
    {
        int rounds = Soak.Rounds(3, 200);
        for (int round = 0; round < rounds; round++)
            await RunAsync(round);
        Console.WriteLine($"soak: {rounds} rounds of concurrent appends, {_files} files, {_conflicts} conflicts told, up to {_mostTogether} commits of the log shared, seed {Soak.Seed}");
    }

    private async Task RunAsync(int round)
    {
        const int writers = 6, each = 4;
        int seed = Soak.Seed + round;
        var name = TableIdentifier.Of("sales", $"t{round}");
        var table = await CreateAsync(1 + (round % 3), name, new Dictionary<string, string> { ["write.metadata.previous-versions-max"] = "5", ["commit.manifest.min-count-to-merge"] = "6" });
        (_rows, _files) = (0, 0);
        var other = Open();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + writer);
            var catalog = writer < 4 ? Catalog : other;
            for (int i = 0; i < each; i++)
                await AppendAsync(catalog, name, random, (ManifestStyle)((writer + i) % 5));
            await catalog.CommitAsync([SetProperty(table, $"w{writer}", "done")]);
        })));
        var after = await LoadAsync(name);
        try
        {
            await CommittedTable.VerifyAsync(Store, after, _rows, _files);
            Assert.Equal(writers, after.Metadata.Properties.Keys.Count(k => k.StartsWith('w') && k.Length == 2));
            // The first of two snapshots in one commit was never current.
            var log = after.Metadata.SnapshotLog.Select(e => e.SnapshotId).ToList();
            Assert.Equal(CommittedTable.Line(after.Metadata, "main").Select(s => s.SnapshotId).Where(log.Contains), log);
            Assert.Equal(after.Metadata.Snapshots.Select(s => s.ManifestList!).Order(), (await FilesAsync(after, "snap-")).Order());
            await Assert.AllAsync(after.Metadata.MetadataLog, async e => Assert.NotNull(await Store.HeadAsync(e.MetadataFile)));
            _mostTogether = Math.Max(_mostTogether, (writers * (each + 1)) - Versions(after));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"Seed {seed}, table '{name}': {error.Message}", error);
        }
    }

    // The fifth kind of writer is a transaction of this program, which merges manifests.
    private async Task AppendAsync(EmbeddedCatalog catalog, TableIdentifier name, Random random, ManifestStyle style)
    {
        int[] rows = [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => random.Next(1, 100))];
        if (Enum.IsDefined(style))
            await RepeatAsync(async () => await catalog.CommitAsync([await new AppendingClient(Store, random).AppendAsync((await catalog.LoadTableAsync(name))!, rows, style)]));
        else
            await MergeAppendAsync(catalog, (await catalog.LoadTableAsync(name))!, rows, random);
        Interlocked.Add(ref _rows, rows.Sum());
        Interlocked.Add(ref _files, rows.Length);
    }

    private async Task RepeatAsync(Func<Task> commit)
    {
        while (true)
        {
            try
            {
                await commit();
                return;
            }
            catch (CommitConflictException)
            {
                Interlocked.Increment(ref _conflicts);
            }
        }
    }

    private async Task MergeAppendAsync(EmbeddedCatalog catalog, TableHandle table, int[] rows, Random random)
    {
        var transaction = new Transaction(new TransactionContext(catalog, Store) { Random = random }, table);
        transaction.Add(new MergeAppend()).Add(rows.Select(r => new DataFile
        {
            FilePath = $"{table.Metadata.Location}/data/{random.NextInt64()}.parquet", Format = FileFormat.Parquet, RecordCount = r, FileSizeInBytes = AppendingClient.FileSizeBytes,
        }));
        await transaction.CommitAsync();
    }

    // "00041-<uuid>": how often the table has moved.
    private static int Versions(TableHandle table) => int.Parse(table.MetadataLocation[(table.MetadataLocation.LastIndexOf('/') + 1)..].Split('-')[0]);
}
