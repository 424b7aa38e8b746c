using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Branches;
using Tarn.Testing.Catalogs;

namespace Tarn.Metastore.Tests.Catalogs.Committing;

public sealed class RepeatedCommitTests : CommittingTestBase
{
    [Theory]
    [InlineData("at once")]
    [InlineData("after others")]
    [InlineData("after it was rebased")]
    [InlineData("by another process")]
    [InlineData("with a new list of the same manifests")]
    public async Task Append_Repeated_IsSuccessAndChangesNothing(string when)
    {
        var table = await CommitAsync(await Client.AppendAsync(await CreateAsync(), [5]));
        var mine = await Client.AppendAsync(table, [1]);
        var before = when == "after it was rebased" ? await CommitAsync(await Client.AppendAsync(table, [3])) : table;
        var first = await CommitAsync(mine);
        if (when == "after others")
            first = await CommitAsync(await Client.AppendAsync(first, [7]));
        var again = (await (when == "by another process" ? Open() : Catalog).CommitAsync([when.StartsWith("with", StringComparison.Ordinal) ? await WithNewListAsync(mine) : mine]))[0];
        Assert.Equal(first.MetadataLocation, again.MetadataLocation);
        Assert.Equal(first.MetadataLocation, (await LoadAsync()).MetadataLocation);
        Assert.NotEqual(before.MetadataLocation, first.MetadataLocation);
    }

    [Fact]
    public async Task Append_SentTwiceAtOnce_StandsOnce()
    {
        var table = await CreateAsync();
        var mine = await Client.AppendAsync(table, [1]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () => (await (i < 4 ? Catalog : Open()).CommitAsync([mine]))[0])));
        Assert.Single(answers.Select(a => a.MetadataLocation).Distinct());
        await CommittedTable.VerifyAsync(Store, await LoadAsync(), 1, 1);
    }

    public static TheoryData<string> NearMisses =>
        ["other list", "other operation", "other schema", "property differs", "rolled back", "snapshot expired", "other table", "schema not there"];

    [Theory]
    [MemberData(nameof(NearMisses))]
    public async Task Append_AlmostRepeated_IsAConflictAndChangesNothing(string nearMiss)
    {
        var table = await CommitAsync(await Client.AppendAsync(await CreateAsync(), [5]));
        var mine = await Client.AppendAsync(table, [1]);
        mine = mine with { Updates = [.. mine.Updates, new TableUpdate.SetProperties(new Dictionary<string, string> { ["k"] = "mine" })] };
        var before = await CommitAsync(mine);
        string? undone = nearMiss switch { "rolled back" => "main", "snapshot expired" => "main", _ => null };
        if (undone is not null)
            before = await CommitAsync(new TableCommit(Orders, [], [new TableUpdate.SetSnapshotRef(undone, new SnapshotRef(table.Metadata.CurrentSnapshotId!.Value, SnapshotRefType.Branch))]));
        if (nearMiss == "snapshot expired")
            before = await CommitAsync(new TableCommit(Orders, [], [new TableUpdate.RemoveSnapshots([SnapshotOf(mine).SnapshotId]), new TableUpdate.RemoveSnapshotRef("none")]));
        if (nearMiss == "property differs")
            before = await CommitAsync(SetProperty(before, "k", "other"));
        var other = nearMiss switch
        {
            "other list" => With(mine, s => s with { ManifestList = s.ManifestList + "x" }),
            "other operation" => With(mine, s => s with { Summary = s.Summary.SetItem("operation", "overwrite") }),
            "other schema" => With(mine, s => s with { SchemaId = 4 }),
            "other table" => mine with { Requirements = [new TableRequirement.AssertTableUuid(Guid.NewGuid()), .. mine.Requirements.Skip(1)] },
            "schema not there" => mine with { Updates = [.. mine.Updates, new TableUpdate.AddSchema(new Schema(-1, [new NestedField(9, "new", false, SimpleType.Date)]))] },
            _ => mine,
        };
        if (nearMiss == "snapshot expired")
        {
            // It is not there any more, nor on the branch: the append is made again.
            Assert.Equal(SnapshotOf(mine).SnapshotId, (await CommitAsync(other)).Metadata.CurrentSnapshotId);
            return;
        }

        await Assert.ThrowsAsync<CommitConflictException>(() => CommitAsync(other));
        Assert.Equal(before.MetadataLocation, (await LoadAsync()).MetadataLocation);
    }

    [Fact]
    public async Task Append_RepeatedWhenItsSnapshotIsExpired_AddsItsFilesNotTwice()
    {
        var table = await CommitAsync(await Client.AppendAsync(await CreateAsync(), [5]));
        var mine = await Client.AppendAsync(table, [1]);
        var after = await CommitAsync(await Client.AppendAsync(await CommitAsync(mine), [7]));
        var expired = await CommitAsync(new TableCommit(Orders, [], [new TableUpdate.RemoveSnapshots([SnapshotOf(mine).SnapshotId])]));
        Assert.Equal(expired.MetadataLocation, (await CommitAsync(mine)).MetadataLocation);
        Assert.Equal(after.Metadata.CurrentSnapshotId, (await LoadAsync()).Metadata.CurrentSnapshotId);
    }

    [Fact]
    public async Task Commit_AgainToADroppedTableThatCannotBeRead_IsUnknown()
    {
        var mine = await Client.AppendAsync(await CreateAsync(), [1]);
        var appended = await CommitAsync(mine);
        await Catalog.DropTableAsync(Orders, purge: false);
        await Store.DeleteAsync(appended.MetadataLocation);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => Open().CommitAsync([mine]).AsTask());
    }

    public static TheoryData<string> Moves => ["renamed", "dropped", "registered under a second name", "on another branch", "another in its place"];

    /// <summary>A client that is refused deletes its files; those of a snapshot that stands anywhere must stay.</summary>
    [Theory]
    [MemberData(nameof(Moves))]
    public async Task Commit_RepeatedWhenItsTableIsElsewhere_IsUnknownAndChangesNothing(string move)
    {
        await Catalog.CreateNamespaceAsync(Orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
        var creation = await CreationAsync(Orders);
        var table = await CommitAsync(creation);
        var mine = await Client.AppendAsync(table, [1]);
        var appended = await CommitAsync(mine);
        var other = TableIdentifier.Of("sales", "other");
        switch (move)
        {
            case "renamed":
                await Catalog.RenameTableAsync(Orders, other);
                break;
            case "registered under a second name":
                await Catalog.RegisterTableAsync(other, appended.MetadataLocation);
                break;
            case "on another branch":
                await new CatalogBranches(Catalog.Log, Store, Catalog.At.Warehouse, "ada", TimeSpan.Zero).CreateAsync("dev");
                break;
        }

        if (move is "dropped" or "on another branch" or "another in its place")
            await Catalog.DropTableAsync(Orders, purge: false);
        if (move == "another in its place")
            await CreateAsync();
        long before = (await Catalog.Log.ReadAsync()).Number;
        if (move == "registered under a second name")
        {
            await CommitAsync(mine);
            await CommitAsync(creation);
        }
        else
        {
            await Assert.ThrowsAsync<CommitStateUnknownException>(() => CommitAsync(mine));
            await Assert.ThrowsAsync<CommitStateUnknownException>(() => CommitAsync(creation));
            var third = await CreationAsync(TableIdentifier.Of("sales", "third"));
            await Assert.ThrowsAsync<CommitStateUnknownException>(() => Catalog.CommitAsync([mine, third]).AsTask());
        }

        Assert.Equal(before, (await Catalog.Log.ReadAsync()).Number);
        var never = await Client.AppendAsync(appended, [2]);
        if (move == "renamed")
            Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<TarnException>(() => CommitAsync(never))).Kind);
    }

    [Fact]
    public async Task Creation_Repeated_IsSuccessForTheSameTableOnly()
    {
        await CreateAsync(name: TableIdentifier.Of("sales", "first"));
        var creation = await CreationAsync(Orders);
        var created = await CommitAsync(creation);
        Assert.Equal(created.MetadataLocation, (await CommitAsync(creation)).MetadataLocation);
        var error = await Assert.ThrowsAsync<TarnException>(async () => await CommitAsync(await CreationAsync(Orders)));
        Assert.Equal(ErrorKind.AlreadyExists, error.Kind);
        await CommitAsync(SetProperty(created, "k", "1"));
        Assert.Equal("1", (await CommitAsync(creation)).Metadata.Properties["k"]);
    }

    [Fact]
    public async Task SeveralTables_Repeated_AreSuccessTogetherOnly()
    {
        var names = (a: TableIdentifier.Of("sales", "a"), b: TableIdentifier.Of("sales", "b"));
        var tables = (a: await CreateAsync(name: names.a), b: await CreateAsync(name: names.b));
        TableCommit[] both = [await Client.AppendAsync(tables.a, [1]), await Client.AppendAsync(tables.b, [2])];
        var first = await Catalog.CommitAsync(both);
        var again = await Catalog.CommitAsync(both);
        Assert.Equal(first.Select(t => t.MetadataLocation), again.Select(t => t.MetadataLocation));
        await Assert.ThrowsAsync<CommitConflictException>(() => Catalog.CommitAsync([both[0], With(both[1], s => s with { SnapshotId = 77, ManifestList = "s3://lake/none" })]).AsTask());
        Assert.Equal(first[1].MetadataLocation, (await LoadAsync(names.b)).MetadataLocation);
    }

    private async Task<TableCommit> WithNewListAsync(TableCommit commit)
    {
        var snapshot = SnapshotOf(commit);
        string location = snapshot.ManifestList!.Replace("-1-", "-2-", StringComparison.Ordinal);
        await Store.PutAsync(location, await Store.ReadAsync(snapshot.ManifestList!));
        return With(commit, s => s with { ManifestList = location });
    }
}
