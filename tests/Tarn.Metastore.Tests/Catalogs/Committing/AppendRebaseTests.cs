using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs.Committing;
using Tarn.Testing.Catalogs;

namespace Tarn.Metastore.Tests.Catalogs.Committing;

public sealed class AppendRebaseTests : CommittingTestBase
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Append_MetAnother_StandsOnTheNewHead(int formatVersion)
    {
        var table = await CreateAsync(formatVersion);
        table = await CommitAsync(await Client.AppendAsync(table, [5]));
        var (mine, other) = (await Client.AppendAsync(table, [1, 2]), await Client.AppendAsync(table, [10], ManifestStyle.ManyManifests));
        await CommitAsync(other);
        var answer = await CommitAsync(mine);
        Assert.Equal(SnapshotOf(mine).SnapshotId, answer.Metadata.CurrentSnapshotId);
        Assert.Equal(SnapshotOf(other).SnapshotId, answer.Metadata.CurrentSnapshot!.ParentSnapshotId);
        Assert.Equal("client", answer.Metadata.CurrentSnapshot.Summary["app"]);
        Assert.Equal("2", answer.Metadata.CurrentSnapshot.Summary["manifests-kept"]);
        await CommittedTable.VerifyAsync(Store, await LoadAsync(), 18, 4);
        Assert.Null(await Store.HeadAsync(SnapshotOf(mine).ManifestList!));
        Assert.Equal(3, (await FilesAsync(answer, "snap-")).Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Append_WithNumbersOfItsFirstTry_GetsNewOnes(int formatVersion)
    {
        var table = await CreateAsync(formatVersion);
        var (mine, other) = (await Client.AppendAsync(table, [1, 2], ManifestStyle.Numbered), await Client.AppendAsync(table, [10]));
        await CommitAsync(other);
        await CommitAsync(mine);
        var entries = await CommittedTable.VerifyAsync(Store, await LoadAsync(), 13, 3);
        Assert.Equal([1L, 2, 2], entries.Select(e => e.SequenceNumber).Order());
        // The manifest with the old numbers went with its list.
        Assert.Equal(2, (await FilesAsync(table, "")).Count(f => f.EndsWith("-m0.avro", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Appends_FirstOfATable_BothStand()
    {
        var table = await CreateAsync();
        var (mine, other) = (await Client.AppendAsync(table, [1]), await Client.AppendAsync(table, [2]));
        await CommitAsync(other);
        await CommitAsync(mine);
        await CommittedTable.VerifyAsync(Store, await LoadAsync(), 3, 2);
    }

    [Fact]
    public async Task Append_ToABranchWhileMainMoves_IsNumberedAfterIt()
    {
        var table = await CreateAsync(3);
        table = await CommitAsync(await Client.AppendAsync(table, [5]));
        table = (await CommitAsync(new TableCommit(Orders, [], [new TableUpdate.SetSnapshotRef("audit", new SnapshotRef(table.Metadata.CurrentSnapshotId!.Value, SnapshotRefType.Branch))])))!;
        var (mine, other) = (await Client.AppendAsync(table, [1], branch: "audit"), await Client.AppendAsync(table, [10]));
        await CommitAsync(other);
        await CommitAsync(mine);
        var after = await LoadAsync();
        await CommittedTable.VerifyAsync(Store, after, 15, 2);
        var line = CommittedTable.Line(after.Metadata, "audit");
        Assert.Equal((3L, 15L), (line[^1].SequenceNumber, line[^1].FirstRowId));
        Assert.Equal(16, after.Metadata.NextRowId);
    }

    [Fact]
    public async Task Append_OfTwoSnapshots_KeepsTheirLine()
    {
        var table = await CommitAsync(await Client.AppendAsync(await CreateAsync(3), [5]));
        var (mine, other) = (await Client.AppendAsync(table, [1, 2, 3], ManifestStyle.TwoSnapshots), await Client.AppendAsync(table, [10]));
        await CommitAsync(other);
        await CommitAsync(mine);
        Assert.Equal(4, (await LoadAsync()).Metadata.Snapshots.Count);
        await CommittedTable.VerifyAsync(Store, await LoadAsync(), 21, 5);
    }

    [Fact]
    public async Task Append_MetAChangeOfSchemaAndProperties_Stands()
    {
        var table = await CreateAsync();
        var mine = await Client.AppendAsync(table, [1]);
        mine = mine with { Updates = [.. mine.Updates, new TableUpdate.SetProperties(new Dictionary<string, string> { ["mine"] = "1" })] };
        await CommitAsync(await Client.AppendAsync(table, [10]));
        await CommitAsync(new TableCommit(Orders, [], [
            new TableUpdate.AddSchema(new Schema(-1, [new NestedField(1, "id", false, SimpleType.Long), new NestedField(2, "more", false, SimpleType.Date)])),
            new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded)]));
        await CommitAsync(mine);
        var after = await LoadAsync();
        Assert.Equal("1", after.Metadata.Properties["mine"]);
        Assert.Equal(0, after.Metadata.CurrentSnapshot!.SchemaId);
        await CommittedTable.VerifyAsync(Store, after, 11, 2);
    }

    [Fact]
    public async Task Append_MetARollback_StandsOnWhatIsThere()
    {
        var first = await CommitAsync(await Client.AppendAsync(await CreateAsync(), [1]));
        var second = await CommitAsync(await Client.AppendAsync(first, [2]));
        var mine = await Client.AppendAsync(second, [4]);
        await CommitAsync(new TableCommit(Orders, [], [new TableUpdate.SetSnapshotRef("main", new SnapshotRef(first.Metadata.CurrentSnapshotId!.Value, SnapshotRefType.Branch))]));
        await CommitAsync(mine);
        await CommittedTable.VerifyAsync(Store, await LoadAsync(), 5, 2);
    }

    public static TheoryData<string> NearMisses =>
    [
        "overwrite", "no expectation", "another expectation fails", "another table", "schema gone", "position", "branch removed", "list missing", "list elsewhere",
        "manifests of others left out", "deleted entries", "encrypted", "other updates", "numbers of another try",
    ];

    [Theory]
    [MemberData(nameof(NearMisses))]
    public async Task Commit_AlmostAnAppend_IsAConflictAndKeepsItsFiles(string nearMiss)
    {
        var table = await CommitAsync(await Client.AppendAsync(await CreateAsync(), [5]));
        string branch = nearMiss == "branch removed" ? "gone" : "main";
        if (branch == "gone")
            table = await CommitAsync(new TableCommit(Orders, [], [new TableUpdate.SetSnapshotRef(branch, new SnapshotRef(table.Metadata.CurrentSnapshotId!.Value, SnapshotRefType.Branch))]));
        var mine = await Client.AppendAsync(table, [1], nearMiss == "numbers of another try" ? ManifestStyle.Numbered : ManifestStyle.Inherits, branch);
        mine = await SpoilAsync(mine, table, nearMiss);
        var before = branch == "gone"
            ? await CommitAsync(new TableCommit(Orders, [], [new TableUpdate.RemoveSnapshotRef(branch)]))
            : await CommitAsync(await Client.AppendAsync(table, [10]));
        await Assert.ThrowsAsync<CommitConflictException>(() => CommitAsync(mine));
        Assert.Equal(before.MetadataLocation, (await LoadAsync()).MetadataLocation);
        if (nearMiss is not "list missing")
            Assert.NotNull(await Store.HeadAsync(SnapshotOf(mine).ManifestList!));
    }

    private async Task<TableCommit> SpoilAsync(TableCommit mine, TableHandle table, string nearMiss)
    {
        var snapshot = SnapshotOf(mine);
        switch (nearMiss)
        {
            case "overwrite":
                return With(mine, s => s with { Summary = s.Summary.SetItem("operation", "overwrite") });
            case "no expectation":
                return mine with { Requirements = [mine.Requirements[0]] };
            case "another expectation fails":
                return mine with { Requirements = [.. mine.Requirements, new TableRequirement.AssertCurrentSchemaId(7)] };
            case "another table":
                return mine with { Requirements = [new TableRequirement.AssertTableUuid(Guid.NewGuid()), mine.Requirements[1]] };
            case "schema gone":
                return With(mine, s => s with { SchemaId = 9 });
            case "position":
                return With(mine, s => s with { Summary = s.Summary.Add("kafka.connect.offsets.control.group", "{}") });
            case "encrypted":
                return With(mine, s => s with { KeyId = "k" });
            case "other updates":
                return mine with { Updates = [.. mine.Updates, new TableUpdate.RemoveSnapshots([table.Metadata.CurrentSnapshotId!.Value])] };
            case "list missing":
                await Store.DeleteAsync(snapshot.ManifestList!);
                return mine;
            case "list elsewhere":
                await Store.PutAsync("s3://lake/elsewhere/snap.avro", await Store.ReadAsync(snapshot.ManifestList!));
                return With(mine, s => s with { ManifestList = "s3://lake/elsewhere/snap.avro" });
            case "manifests of others left out":
                return await WithListAsync(mine, manifests => [manifests[0]]);
            case "deleted entries":
                return await WithListAsync(mine, manifests => [manifests[0] with { DeletedFilesCount = 1 }, .. manifests.Skip(1)]);
            case "numbers of another try":
                return With(mine, s => s with { SequenceNumber = s.SequenceNumber + 5 });
            default:
                return mine;
        }
    }

    private async Task<TableCommit> WithListAsync(TableCommit commit, Func<IReadOnlyList<ManifestFile>, IReadOnlyList<ManifestFile>> change)
    {
        var snapshot = SnapshotOf(commit);
        var manifests = change(Iceberg.Serialization.Manifests.ManifestListReader.Read(await Store.ReadAsync(snapshot.ManifestList!), snapshot.ManifestList!));
        string location = snapshot.ManifestList!.Replace("-1-", "-2-", StringComparison.Ordinal);
        var list = Iceberg.Serialization.Manifests.ManifestListWriter.Write(2, snapshot.SnapshotId, snapshot.ParentSnapshotId, snapshot.SequenceNumber, null, manifests);
        await Store.PutAsync(location, list.Bytes);
        return With(commit, s => s with { ManifestList = location });
    }

    [Fact]
    public async Task Append_OfATableWithTwoNames_KeepsTheClientsList()
    {
        var table = await CommitAsync(await Client.AppendAsync(await CreateAsync(), [5]));
        await Catalog.RegisterTableAsync(TableIdentifier.Of("sales", "twin"), table.MetadataLocation);
        var mine = await Client.AppendAsync(table, [1]);
        await CommitAsync(await Client.AppendAsync(table, [10]));
        await CommitAsync(mine);
        Assert.NotNull(await Store.HeadAsync(SnapshotOf(mine).ManifestList!));
        await CommitAsync(mine with { Table = TableIdentifier.Of("sales", "twin") });
        await CommittedTable.VerifyAsync(Store, await LoadAsync(TableIdentifier.Of("sales", "twin")), 6, 2);
    }

    /// <summary>The list that a commit names may be another table's there.</summary>
    [Theory]
    [InlineData("a table", false)]
    [InlineData("a table", true)]
    [InlineData("a dropped table", false)]
    [InlineData("a dropped table", true)]
    [InlineData("a dropped table of its name", false)]
    [InlineData("a dropped table of its name", true)]
    [InlineData("nobody", false)]
    [InlineData("nobody", true)]
    public async Task Append_InAFolder_KeepsTheListWhereAnotherTableSharesIt(string with, bool isDrawn)
    {
        await Catalog.CreateNamespaceAsync(Orders.Namespace, ImmutableSortedDictionary<string, string>.Empty);
        var creation = await CreationAsync(Orders);
        string location = isDrawn ? await Catalog.NewTableLocationAsync(Orders) : "s3://lake/sales/shared", file = location + "/metadata/twin.metadata.json";
        if (with == "a dropped table of its name")
        {
            var before = await CreationAsync(Orders);
            await Catalog.CommitAsync([before with { Updates = [.. before.Updates, new TableUpdate.SetLocation(location)] }]);
            await Catalog.DropTableAsync(Orders, purge: false);
        }

        var table = (await Catalog.CommitAsync([creation with { Updates = [.. creation.Updates, new TableUpdate.SetLocation(location)] }]))[0];
        table = await CommitAsync(await Client.AppendAsync(table, [5]));
        await Store.PutAsync(file, Iceberg.Serialization.Json.TableMetadataJson.Write(table.Metadata with { TableUuid = Guid.NewGuid() }));
        if (with is "a table" or "a dropped table")
            await Catalog.RegisterTableAsync(TableIdentifier.Of("sales", "twin"), file);
        if (with == "a dropped table")
            await Catalog.DropTableAsync(TableIdentifier.Of("sales", "twin"), purge: false);
        var mine = await Client.AppendAsync(table, [1]);
        await CommitAsync(await Client.AppendAsync(table, [10]));
        await CommitAsync(mine);
        Assert.Equal(with != "nobody", await Store.HeadAsync(SnapshotOf(mine).ManifestList!) is not null);
    }

    [Fact]
    public void Summary_OfAParentWithoutTotals_HasNoneEither()
    {
        var summary = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("added-records", "3").Add("total-records", "8").Add("operation", "append");
        var rebased = RebasedSummary.Of(summary, ImmutableSortedDictionary<string, string>.Empty.Add("total-data-files", "4"), 2, "s3://lake/list");
        Assert.Equal(["added-records", "operation", RebasedSummary.RebasedFrom, "total-data-files"], rebased.Keys);
        Assert.Equal("4", rebased["total-data-files"]);
        Assert.Equal("3", RebasedSummary.Of(summary, null, 0, "l")["total-records"]);
    }
}
