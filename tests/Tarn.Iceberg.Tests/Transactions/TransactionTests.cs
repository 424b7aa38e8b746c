using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Tests.Transactions;

public sealed class TransactionTests
{
    [Fact]
    public async Task CommitAsync_Competitor_ReappliesAndReusesManifests()
    {
        using var lake = await Lake.WithTableAsync();
        int competitors = 2;
        lake.Catalog.BeforeCommit = async _ =>
        {
            if (competitors-- > 0)
            {
                var hook = lake.Catalog.BeforeCommit;
                lake.Catalog.BeforeCommit = _ => ValueTask.CompletedTask;
                await lake.CommitAsync(new FastAppend().Add(Lake.File($"other{competitors}")));
                lake.Catalog.BeforeCommit = hook;
            }
        };
        var table = await lake.CommitAsync(new FastAppend().Add(Lake.File("mine")));
        Assert.Equal(["mine", "other0", "other1"], await lake.LiveAsync(table));
        Assert.Equal(3, table.LastSequenceNumber);
        // Three manifests and three lists: those of the attempts that lost are gone.
        Assert.Equal(6, (await lake.ObjectsAsync()).Length);
    }

    [Fact]
    public async Task CommitAsync_ManyWriters_EveryCommitLandsOnce()
    {
        using var lake = await Lake.WithTableAsync(3);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var context = lake.Context with { Random = new Random(writer) };
            for (int i = 0; i < 6; i++)
                await new Transaction(context, await lake.TableAsync()).Append(Lake.File($"w{writer}-{i}")).CommitAsync();
        })));
        var table = (await lake.TableAsync()).Metadata;
        Assert.Equal(48, table.Snapshots.Count);
        Assert.Equal(48, (await lake.LiveAsync(table)).Distinct().Count());
        Assert.Equal("480", table.CurrentSnapshot!.Summary["total-records"]);
        Assert.Equal(480, table.NextRowId);
        Assert.Equal(96, (await lake.ObjectsAsync()).Length);
        TableMetadataJson.Read(TableMetadataJson.Write(table), "again");
    }

    [Fact]
    public async Task CommitAsync_UnknownOutcome_LooksAgainAndDeletesNothing()
    {
        using var lake = await Lake.WithTableAsync();
        lake.Catalog.AfterCommit = () => throw new CommitStateUnknownException("The reply was lost.");
        Assert.Equal(["a"], await lake.LiveAsync(await lake.CommitAsync(new FastAppend().Add(Lake.File("a")))));
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => lake.CommitAsync(new UpdateProperties().Set("k", "v")));
        lake.Catalog.BeforeCommit = _ => throw new CommitStateUnknownException("The request may have been lost.");
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => lake.CommitAsync(new FastAppend().Add(Lake.File("x"))));
        Assert.Equal(4, (await lake.ObjectsAsync()).Length);
        lake.Catalog.BeforeCommit = _ => ValueTask.CompletedTask;
        lake.Catalog.AfterCommit = () => throw new IOException("The connection broke.");
        await Assert.ThrowsAsync<IOException>(() => lake.CommitAsync(new FastAppend().Add(Lake.File("b"))));
        Assert.Equal(["a", "b"], await lake.LiveAsync((await lake.TableAsync()).Metadata));
    }

    [Fact]
    public async Task CommitAsync_UnknownOutcomeAndCancelled_StaysUnknown()
    {
        using var lake = await Lake.WithTableAsync();
        lake.Catalog.AfterCommit = () =>
        {
            lake.Catalog.BeforeLoad = _ => throw new OperationCanceledException();
            throw new CommitStateUnknownException("The reply was lost.");
        };
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => lake.CommitAsync(new FastAppend().Add(Lake.File("a"))));
    }

    [Fact]
    public async Task CommitAsync_CertainFailure_RemovesOwnManifests()
    {
        using var lake = await Lake.WithTableAsync();
        lake.Catalog.BeforeCommit = _ => throw new TarnException(ErrorKind.Unavailable, "The catalog is not reachable.");
        await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(new FastAppend().Add(Lake.File("a"))));
        Assert.Empty(await lake.ObjectsAsync());
    }

    [Fact]
    public async Task CommitAsync_ConflictsForEver_GivesUpAfterTheRetriesOfTheTable()
    {
        using var lake = await Lake.WithTableAsync(properties: new() { ["commit.retry.num-retries"] = "3", ["commit.retry.min-wait-ms"] = "1", ["commit.retry.max-wait-ms"] = "2" });
        int attempts = 0;
        lake.Catalog.BeforeCommit = _ =>
        {
            attempts++;
            throw new CommitConflictException("Somebody was faster.");
        };
        await Assert.ThrowsAsync<CommitConflictException>(() => lake.CommitAsync(new FastAppend().Add(Lake.File("a"))));
        Assert.Equal(4, attempts);
        Assert.Empty(await lake.ObjectsAsync());
    }

    [Fact]
    public async Task CommitAsync_SeveralChanges_AreOneCommit()
    {
        using var lake = await Lake.WithTableAsync();
        await lake.CommitAsync(new FastAppend().Add(Lake.File("a")));
        int commits = lake.Catalog.Commits;
        var table = await lake.CommitAsync(
            new UpdateSchema().AddColumn(null, "note", SimpleType.String),
            new DeleteFiles().Delete(Lake.File("a").FilePath),
            new FastAppend().Add(Lake.File("b")),
            new UpdateProperties().Set("k", "v"));
        Assert.Equal(commits + 1, lake.Catalog.Commits);
        Assert.Equal(["b"], await lake.LiveAsync(table));
        Assert.Equal([1L, 2, 3], table.Snapshots.Select(s => s.SequenceNumber));
        Assert.Equal(2, table.SnapshotLog.Count);
        Assert.Equal((1, "v"), (table.CurrentSnapshot!.SchemaId, table.Properties["k"]));
    }

    [Fact]
    public async Task Create_WithData_IsOneCommitAndRefusesASecond()
    {
        using var lake = await Lake.EmptyAsync();
        TableMetadata New() => TableMetadata.New(Lake.Columns, PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/ns/t", new Dictionary<string, string>(), 2, Guid.NewGuid(), TestTable.Now);
        var create = Transaction.Create(lake.Context, Lake.Name, New());
        create.Add(new FastAppend()).Add(Lake.File("a"));
        var table = (await create.CommitAsync()).Metadata;
        Assert.Equal((1, 1L), (lake.Catalog.Commits, table.LastSequenceNumber));
        Assert.Equal(["a"], await lake.LiveAsync(table));

        var again = Transaction.Create(lake.Context, Lake.Name, New() with { Location = "s3://lake/ns/other" });
        again.Add(new FastAppend()).Add(Lake.File("b"));
        Assert.Equal(ErrorKind.AlreadyExists, (await Assert.ThrowsAsync<TarnException>(() => again.CommitAsync().AsTask())).Kind);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => again.CommitAsync().AsTask());
    }

    [Fact]
    public async Task CommitAllAsync_TwoTables_AllOrNone()
    {
        using var lake = await Lake.WithTableAsync();
        var other = TableIdentifier.Of("ns", "rejected");
        var rejected = TableMetadata.New(Lake.Columns, PartitionSpec.Unpartitioned, SortOrder.Unsorted, "s3://lake/ns/rejected", new Dictionary<string, string>(), 2, Guid.NewGuid(), TestTable.Now);
        async Task<IReadOnlyList<TableHandle>> Commit(DeleteFiles? broken = null)
        {
            var first = new Transaction(lake.Context, await lake.TableAsync()).Append(Lake.File("a"));
            var present = await lake.Catalog.LoadTableAsync(other);
            var second = present is null ? Transaction.Create(lake.Context, other, rejected) : new Transaction(lake.Context, present);
            second.Add(new FastAppend()).Add(Lake.File("r"));
            if (broken is not null)
                second.Add(broken);
            return await Transaction.CommitAllAsync([first, second]);
        }

        await Assert.ThrowsAsync<TarnException>(() => Commit(new DeleteFiles().Delete("s3://none", mustExist: true)));
        Assert.Null(await lake.Catalog.LoadTableAsync(other));
        Assert.Null((await lake.TableAsync()).Metadata.CurrentSnapshotId);
        Assert.Empty(await lake.ObjectsAsync());
        var handles = await Commit();
        Assert.Equal(["t", "rejected"], handles.Select(h => h.Identifier.Name));
        Assert.All(handles, h => Assert.NotNull(h.Metadata.CurrentSnapshotId));
    }

    [Fact]
    public async Task ReplaceTable_WithData_StartsNewHistory()
    {
        using var lake = await Lake.WithTableAsync(3);
        var before = await lake.CommitAsync(new FastAppend().Add(Lake.File("a")));
        var schema = new Schema(0, [new NestedField(1, "x", false, SimpleType.Int)]);
        var table = await lake.CommitAsync(
            new ReplaceTable(schema, PartitionSpec.Unpartitioned, SortOrder.Unsorted, new Dictionary<string, string>()), new FastAppend().Add(Lake.File("b")));
        Assert.Equal(["b"], await lake.LiveAsync(table));
        Assert.Equal((null, "10", before.TableUuid), (table.CurrentSnapshot!.ParentSnapshotId, table.CurrentSnapshot.Summary["total-records"], table.TableUuid));
        Assert.Equal(["a"], await lake.LiveAsync(await lake.CommitAsync(new ManageSnapshots().SetCurrent(before.CurrentSnapshotId!.Value))));
    }

    [Fact]
    public async Task CommitAsync_IdsOfWrittenFilesTakenMeanwhile_GivesUp()
    {
        PendingUpdate[] Evolve() => [new UpdateSchema().AddColumn(null, "mine", SimpleType.Int), new UpdatePartitionSpec().AddField("mine", Transform.Identity), new FastAppend().Add(Lake.File("a") with { SpecId = 1, Partition = [5] })];
        PendingUpdate[] Replace() => [new ReplaceTable(new Schema(0, [new NestedField(1, "x", false, SimpleType.Int)]), PartitionSpec.Unpartitioned, SortOrder.Unsorted, new Dictionary<string, string>()), new FastAppend().Add(Lake.File("a"))];
        (Func<PendingUpdate[]> Change, PendingUpdate Competitor, bool Lands)[] cases =
        [
            (Evolve, new FastAppend().Add(Lake.File("other")), true),
            (Evolve, new UpdateSchema().AddColumn(null, "other", SimpleType.Int), false),
            (Evolve, new UpdatePartitionSpec().AddField("id", Transform.Bucket(4)), false),
            (Replace, new FastAppend().Add(Lake.File("other")), true),
            (Replace, new UpdateSchema().AddColumn(null, "other", SimpleType.Int), false),
        ];
        foreach (var (change, competitor, lands) in cases)
        {
            using var lake = await Lake.WithTableAsync();
            lake.Catalog.BeforeCommit = async _ =>
            {
                lake.Catalog.BeforeCommit = _ => ValueTask.CompletedTask;
                await lake.CommitAsync(competitor);
            };
            if (lands)
            {
                Assert.Contains("a", await lake.LiveAsync(await lake.CommitAsync(change())));
                continue;
            }

            var error = await Assert.ThrowsAsync<TarnException>(() => lake.CommitAsync(change()));
            Assert.Equal(ErrorKind.Conflict, error.Kind);
            Assert.Contains("run the statement again", error.Message, StringComparison.Ordinal);
            Assert.Empty(await lake.ObjectsAsync());
        }
    }

    [Fact]
    public async Task CommitAsync_NothingToChange_MakesNoCommit()
    {
        using var lake = await Lake.WithTableAsync();
        int commits = lake.Catalog.Commits;
        await lake.CommitAsync(new UpdateSchema(), new UpdateProperties(), new ReplaceSortOrder());
        Assert.Equal(commits, lake.Catalog.Commits);
    }

    [Fact]
    public async Task CommitAsync_TableDroppedMeanwhile_SaysSo()
    {
        using var lake = await Lake.WithTableAsync();
        var transaction = new Transaction(lake.Context, await lake.TableAsync()).Append(Lake.File("a"));
        lake.Catalog.BeforeCommit = async _ =>
        {
            await lake.Catalog.DropTableAsync(Lake.Name, purge: false);
            throw new CommitConflictException("The table changed.");
        };
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<TarnException>(() => transaction.CommitAsync().AsTask())).Kind);
        Assert.Empty(await lake.ObjectsAsync());
    }
}

internal static class TransactionExtensions
{
    public static Transaction Append(this Transaction transaction, DataFile file)
    {
        transaction.Add(new FastAppend()).Add(file);
        return transaction;
    }
}
