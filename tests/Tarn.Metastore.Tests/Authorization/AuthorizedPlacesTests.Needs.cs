using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Testing.Time;

namespace Tarn.Metastore.Tests.Authorization;

/// <content>Files that a client lets go of, and that something else than its table needs.</content>
public sealed partial class AuthorizedPlacesTests
{
    private const string PointedTo = "it is the present state of a table or view", InLog = "it is in the metadata log of";

    [Fact]
    public async Task Need_OfAMetadataFile_IsThatOfEveryBranch()
    {
        string[] files = await BranchAsync();
        var main = await AsAsync(await RootAsync());
        Assert.Contains(PointedTo, await NeedAsync(main, files[2]), StringComparison.Ordinal);
        Assert.Contains(PointedTo, await NeedAsync(main, files[1]), StringComparison.Ordinal);
        Assert.Contains(PointedTo, await NeedAsync(main, files[1].Replace("s3://lake/", "s3://alias/", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal($"The metadata file '{files[0]}' is neither deleted nor replaced: {InLog} table 'own.raw' of 'lake@dev', which may go back to that state.", await NeedAsync(main, files[0]));
        Assert.Null(await NeedAsync(main, files[0].Replace("00000-", "00009-", StringComparison.Ordinal)));
        // The other way round, and by a name that is no table's.
        var dev = await AsAsync(await RootAsync(), "lake@dev");
        Assert.Contains($"{InLog} table 'own.raw' of 'lake',", await NeedAsync(dev, files[0]), StringComparison.Ordinal);
        Assert.Contains(PointedTo, await ((IDataAccess)dev).FindNeedAsync(s_new, [TableFolders.FolderOf(TableFolders.FolderOf(files[2]))], files[2]), StringComparison.Ordinal);
        // Who may not see the branch is not told of it.
        var ada = await AsAsync(await AddUserAsync("ada", "lake/*"));
        Assert.Contains($"{InLog} another table, view or dropped table", await NeedAsync(ada, files[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Need_OfAMetadataFile_OutlivesTheBranchAsLongAsItCanComeBack()
    {
        string[] files = await BranchAsync();
        var main = await AsAsync(await RootAsync());
        // What the branch began with, dropped or not; then what can be brought back; then nothing.
        await (await _catalogs.FindAsync("lake@dev"))!.UnregisterTableAsync(s_raw);
        Assert.Contains(PointedTo, await NeedAsync(main, files[1]), StringComparison.Ordinal);
        Assert.Null(await NeedAsync(main, files[0]));
        await _catalogs.Branches("lake").DeleteAsync("dev");
        Assert.Null(await NeedAsync(main, files[1]));
        await _catalogs.Branches("lake").CreateAsync("kept");
        await AppendAsync(s_raw);
        await _catalogs.Branches("lake").DeleteAsync("kept");
        Assert.Contains(PointedTo, await NeedAsync(main, files[2]), StringComparison.Ordinal);
        Assert.Contains(InLog, await NeedAsync(main, files[1]), StringComparison.Ordinal);
    }

    /// <summary>Whoever expires snapshots knows of his own branch alone.</summary>
    [Fact]
    public async Task Need_OfWhatAnExpiredSnapshotLedTo_IsThatOfABranchUntilItCannotComeBack()
    {
        var time = new ManualTimeProvider();
        _catalogs = new EmbeddedCatalogs(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" }, time);
        await CreateAsync(_catalogs.Default, s_raw, null);
        var snapshot = (await AppendAsync(s_raw)).Metadata.Snapshots[0];
        await _catalogs.Branches("lake").CreateAsync("dev");
        await AppendAsync(s_raw);
        await _catalogs.Default.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.RemoveSnapshots([snapshot.SnapshotId])])]);
        var main = await AsAsync(await RootAsync());
        string list = snapshot.ManifestList!, manifest = ManifestListReader.Read(await _store.ReadAsync(list), list)[0].ManifestPath;
        string data = ManifestReader.ReadLocations(await _store.ReadAsync(manifest), ManifestListReader.Read(await _store.ReadAsync(list), list)[0]).First();
        foreach (string file in (string[])[list, manifest, data])
            Assert.Equal($"The file '{file}' is neither deleted nor replaced: table 'own.raw' of 'lake@dev' needs it.", await NeedAsync(main, file));
        // Main has it no more, and what its later snapshot keeps of it still.
        var dev = await AsAsync(await RootAsync(), "lake@dev");
        Assert.Null(await NeedAsync(dev, list));
        Assert.Contains("table 'own.raw' of 'lake' needs it", await NeedAsync(dev, data), StringComparison.Ordinal);
        Assert.Null(await NeedAsync(main, data + "-of-nobody"));
        await _catalogs.Branches("lake").DeleteAsync("dev");
        Assert.Contains("another table, view or dropped table needs it.", await NeedAsync(main, data), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromDays(8));
        await _catalogs.Default.ExpireDroppedAsync();
        Assert.Null(await NeedAsync(main, data));
    }

    /// <summary>Spark drops a table without purge and deletes its files itself: they are kept as long as it can be brought back, and go then.</summary>
    [Theory]
    [InlineData("catalog:*", true)]
    [InlineData("catalog:WriteData", false)]
    public async Task Need_OfAFileOfADroppedTable_IsThatOfUndropAndPurgesWithTheRight(string action, bool isPurged)
    {
        await CreateAsync(_catalogs.Default, s_raw, null);
        string list = (await AppendAsync(s_raw)).Metadata.Snapshots[0].ManifestList!;
        await _catalogs.Default.DropTableAsync(s_raw, purge: false);
        var ada = await AddUserAsync("ada", "lake/own/raw");
        await _access.Administration.PutPolicyAsync("ada", $$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["catalog:GetTable","{{action}}"],"Resource":"arn:tarn:catalog:::lake/own/raw"} }""");
        Assert.Null(await NeedAsync(await AsAsync(ada), list + "-of-nobody"));
        Assert.Contains("'own.raw' of 'lake', which was dropped and can be brought back, needs it. A purge deletes its files after that time.", await NeedAsync(await AsAsync(ada), list), StringComparison.Ordinal);
        await RemoveAsync(await AsAsync(ada), list + "-of-nobody");
        Assert.False(Assert.Single(await _catalogs.Default.ListDroppedAsync()).Value.Retention.IsPurged);
        await RemoveAsync(await AsAsync(ada), list);
        Assert.Equal(isPurged, Assert.Single(await _catalogs.Default.ListDroppedAsync()).Value.Retention.IsPurged);
        await _catalogs.Default.UndropAsync(s_raw);
        Assert.Null(await NeedAsync(await AsAsync(ada), list));
    }

    /// <summary>What has the name now is cleaned up, and no word is said of what had it before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Need_OfAFileOfADroppedTable_WhoseNameIsTaken_LeavesItsFilesForGood(bool isSame)
    {
        var first = await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        string list = (await AppendAsync(s_raw)).Metadata.Snapshots[0].ManifestList!;
        await _catalogs.Default.DropTableAsync(s_raw, purge: false);
        if (isSame)
            await _catalogs.Default.RegisterTableAsync(s_raw, first.MetadataLocation);
        else
            await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        Assert.EndsWith("needs it.", await NeedAsync(await AsAsync(await RootAsync()), list), StringComparison.Ordinal);
        await RemoveAsync(await AsAsync(await RootAsync()), list);
        Assert.False(Assert.Single(await _catalogs.Default.ListDroppedAsync()).Value.Retention.IsPurged);
    }

    /// <summary>In a folder that was drawn only who seems to lie there is asked: also who sends data files there alone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Need_OfAFileInADrawnFolder_IsThatOfAnotherBranchWhoseDataPathItIsNow(bool isMainMoved)
    {
        string drawn = (await CreateAsync(_catalogs.Default, s_raw, null)).Metadata.Location;
        string list = (await AppendAsync(s_raw)).Metadata.Snapshots[0].ManifestList!;
        await _catalogs.Branches("lake").CreateAsync("dev");
        var moved = await _catalogs.FindAsync(isMainMoved ? "lake" : "lake@dev");
        TableUpdate[] updates = [new TableUpdate.SetLocation("s3://lake/elsewhere/raw"), new TableUpdate.SetProperties(new Dictionary<string, string> { ["write.data.path"] = drawn })];
        await moved!.CommitAsync([new TableCommit(s_raw, [], updates)]);
        Assert.Contains(" needs it.", await NeedAsync(await AsAsync(await RootAsync(), isMainMoved ? "lake@dev" : "lake"), list), StringComparison.Ordinal);
    }

    /// <summary>What was unregistered forgets its former folders, and has its rows there still.</summary>
    [Fact]
    public async Task Need_OfAFileInAFolderThatABranchHasForgotten_IsThatOfTheBranch()
    {
        await CreateAsync(_catalogs.Default, s_raw, null);
        string list = (await AppendAsync(s_raw)).Metadata.Snapshots[0].ManifestList!;
        await _catalogs.Branches("lake").CreateAsync("dev");
        var dev = (await _catalogs.FindAsync("lake@dev"))!;
        string moved = (await dev.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.SetLocation("s3://lake/elsewhere/raw")])]))[0].MetadataLocation;
        await dev.UnregisterTableAsync(s_raw);
        await dev.RegisterTableAsync(s_raw, moved);
        Assert.Contains("table 'own.raw' of 'lake@dev' needs it.", await NeedAsync(await AsAsync(await RootAsync()), list), StringComparison.Ordinal);
    }

    /// <summary>Clients write uuids: what cannot be read and lies elsewhere stops no clean-up.</summary>
    [Fact]
    public async Task Need_WhereATableElsewhereHasTheUuidAndCannotBeRead_IsNobodys()
    {
        var raw = await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        string forged = "s3://lake/other/x/metadata/00000-x.metadata.json";
        await _log.AppendAsync(new CommitRequest("eve", [], [new CatalogChange.PutTable(s_new, raw.Metadata.TableUuid, forged)]));
        Assert.Null(await NeedAsync(await AsAsync(await RootAsync()), "s3://lake/own/raw/data/orphan.parquet"));
    }

    /// <summary>A branch that has just been made is in main's state, and its clean-up in the other's way as later.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Need_OfAFileOfTheTableItself_IsThatOfWhoIsInTheSameState(bool isBranch)
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        var raw = await AppendAsync(s_raw);
        if (isBranch)
            await _catalogs.Branches("lake").CreateAsync("dev");
        else
            await _catalogs.Default.RegisterTableAsync(s_new, raw.MetadataLocation);
        var here = await AsAsync(await RootAsync(), isBranch ? "lake@dev" : "lake");
        Assert.Contains($"table '{(isBranch ? s_raw : s_new)}' of 'lake' needs it.", await NeedAsync(here, raw.Metadata.Snapshots[0].ManifestList!), StringComparison.Ordinal);
        Assert.Null(await NeedAsync(here, "s3://lake/own/raw/data/k=1/new.parquet"));
    }

    /// <summary>What DROP … PURGE would refuse is not purged by a client's own deletions either.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Removal_OfAFileOfADroppedTable_ThatCannotBePurged_LeavesItsFilesForGood(bool hasOtherName)
    {
        await CreateAsync(_catalogs.Default, s_raw, null);
        var table = await AppendAsync(s_raw);
        if (hasOtherName)
            await _catalogs.Default.RegisterTableAsync(s_new, table.MetadataLocation);
        else
            await _catalogs.Default.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["gc.enabled"] = "false" })])]);
        await _catalogs.Default.DropTableAsync(s_raw, purge: false);
        await RemoveAsync(await AsAsync(await RootAsync()), table.Metadata.Snapshots[0].ManifestList!);
        Assert.False(Assert.Single(await _catalogs.Default.ListDroppedAsync()).Value.Retention.IsPurged);
    }

    [Fact]
    public async Task Need_OfAMetadataFile_WhereAnotherStateCannotBeRead_IsTakenForGranted()
    {
        string[] files = await BranchAsync();
        await _store.DeleteAsync(files[1]);
        Assert.Contains("table 'own.raw' of 'lake@dev' has files in its folder too and cannot be read", await NeedAsync(await AsAsync(await RootAsync()), files[0]), StringComparison.Ordinal);
    }

    // A table on main and on a branch, which has the second of its metadata files.
    private async Task<string[]> BranchAsync()
    {
        string first = (await CreateAsync(_catalogs.Default, s_raw, null)).MetadataLocation, second = (await AppendAsync(s_raw)).MetadataLocation;
        await _catalogs.Branches("lake").CreateAsync("dev");
        return [first, second, (await AppendAsync(s_raw)).MetadataLocation];
    }

    private static ValueTask RemoveAsync(ICatalog catalog, string file) => ((IDataAccess)catalog).NoteRemovalAsync(s_raw, [TableFolders.FolderOf(TableFolders.FolderOf(file))], file);

    private static async Task<string> NeedAsync(ICatalog catalog, string file) => (await ((IDataAccess)catalog).FindNeedAsync(s_raw, [TableFolders.FolderOf(TableFolders.FolderOf(file))], file))!;
}
