using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Serialization;
using Tarn.Testing.Catalogs;

namespace Tarn.Metastore.Tests.Authorization;

/// <content>Folders that a table has files in and does not name any more.</content>
public sealed partial class AuthorizedPlacesTests
{
    private const string Data = "write.data.path", First = "s3://lake/own/first", Second = "s3://lake/own/second";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rights_OnATableThatHasMovedWithItsRows_AreOnTheFoldersBeforeToo(bool isRegistered)
    {
        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*"));
        string location = (await AppendAsync(s_mine)).Metadata.Location;
        await SetAsync(ada, First, isRegistered);
        await SetAsync(ada, Second, isRegistered);
        Assert.Equal([location, Second, First], await FoldersAsync(ada, s_mine));
        await ada.CommitAsync([new TableCommit(s_mine, [], [new TableUpdate.SetLocation("s3://lake/own/mine-abcdefgh")])]);
        Assert.Equal(["s3://lake/own/mine-abcdefgh", Second, First, location], await FoldersAsync(ada, s_mine));
        // They are nobody else's meanwhile.
        foreach (string folder in new[] { First, location, First + "/x" })
        {
            Assert.Contains("a folder of its own", (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(_catalogs.Default, s_new, folder))).Message, StringComparison.Ordinal);
            await RefusalAsync("create", await AsAsync(await AddUserAsync("eve" + Guid.NewGuid().ToString("N"), "lake/own/new")), folder);
        }

        // Whatever becomes of the table.
        await _catalogs.Branches("lake").CreateAsync("dev");
        await ada.RenameTableAsync(s_mine, s_raw);
        await ada.DropTableAsync(s_raw, purge: false);
        await ada.UndropTableAsync(s_raw, s_raw);
        Assert.Equal(4, (await FoldersAsync(ada, s_raw)).Count);
        Assert.Equal(4, (await FoldersAsync(await AsAsync(await RootAsync(), "lake@dev"), s_mine)).Count);
        var state = await _log.ReadAsync();
        Assert.Equal(StateJson.Write(state), StateJson.Write(StateJson.Read(StateJson.Write(state))));
        // One that is named again is no former one.
        await ada.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { [Data] = First })])]);
        Assert.Equal(["s3://lake/own/mine-abcdefgh", First, location, Second], (await FoldersAsync(ada, s_raw)).OrderBy(f => f != "s3://lake/own/mine-abcdefgh").ThenBy(f => f, StringComparer.Ordinal));
    }

    /// <summary>What was dropped gave way to a namespace, which it would close for everybody by coming back.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Undrop_OfATableWithAnotherFolderWhereANamespaceLiesNow_IsRefused(bool isFormer)
    {
        var eve = await AsAsync(await AddUserAsync("eve", "lake/own/raw"));
        await CreateAsync(eve, s_raw, isFormer ? "s3://lake/own/raw" : null, isFormer ? [] : [(Data, "s3://lake/own/raw")]);
        if (isFormer)
        {
            await AppendAsync(s_raw);
            await eve.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.SetLocation("s3://lake/own/raw-abcdefgh")])]);
        }

        string file = (await eve.LoadTableAsync(s_raw))!.MetadataLocation;
        await eve.DropTableAsync(s_raw, purge: false);
        await _catalogs.Default.CreateNamespaceAsync(s_nested, s_none);
        // Her right on the name is one on the namespace, too.
        var refusal = await Assert.ThrowsAsync<TarnException>(() => eve.UndropTableAsync(s_raw, s_raw).AsTask());
        Assert.Contains("namespace 'own.raw' of 'lake'", refusal.Message, StringComparison.Ordinal);
        await CreateAsync(_catalogs.Default, new TableIdentifier(s_nested, "x"), null);
        // The way out that is named.
        Assert.Equal(isFormer, refusal.Message.Contains($"or register its metadata file '{file}'", StringComparison.Ordinal));
        if (isFormer)
        {
            await _catalogs.Default.RegisterTableAsync(s_raw, file);
            await CreateAsync(_catalogs.Default, new TableIdentifier(s_nested, "y"), null);
        }
    }

    [Fact]
    public async Task Rights_OnATableThatHasMovedWithoutRows_AreOnItsFolderAlone()
    {
        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*"));
        await SetAsync(ada, First, isRegistered: false);
        await SetAsync(ada, Second, isRegistered: false);
        Assert.Equal(2, (await FoldersAsync(ada, s_mine)).Count);
        await CreateAsync(ada, s_new, First);
        // With the snapshots of a table its files are gone, and another table in its place has none of them.
        await AppendAsync(s_mine);
        await SetAsync(ada, "s3://lake/own/third", isRegistered: false);
        Assert.Contains(Second, await FoldersAsync(ada, s_mine));
        await ada.RegisterTableAsync(s_mine, await WriteAsync(Metadata("s3://lake/own/fine")), await ada.LoadTableAsync(s_mine));
        Assert.Equal(["s3://lake/own/fine"], await FoldersAsync(ada, s_mine));
    }

    [Fact]
    public async Task Rights_OnATableWhoseFormerFolderOthersUse_AreOnThatForWhoMayHaveTheOthers()
    {
        await AppendAsync(s_mine);
        await SetAsync(_catalogs.Default, "s3://lake/shared/data", isRegistered: false);
        await CreateAsync(_catalogs.Default, s_orders with { Name = "too" }, null, (Data, "s3://lake/shared/data"));
        await SetAsync(_catalogs.Default, First, isRegistered: false);
        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*"));
        var rights = await ((IDataAccess)ada).FindFileRightsAsync(s_mine, (await ada.LoadTableAsync(s_mine))!.Metadata);
        Assert.Equal((AllRights, 2), (rights.Rights, rights.Folders.Count));
        Assert.Contains("s3://lake/shared/data", await FoldersAsync(await AsAsync(await RootAsync()), s_mine));
    }

    [Fact]
    public async Task Commit_ThatMovesATableOnceMore_ForgetsFoldersWithoutFilesOrSaysWhatToDo()
    {
        await AppendAsync(s_mine);
        // Nothing was written to any of these.
        for (int i = 0; i < 20; i++)
            await SetAsync(_catalogs.Default, $"s3://lake/own/empty{i}", isRegistered: false);
        for (int i = 0; i < FormerFolders.MaxCount; i++)
        {
            await MoveAsync($"s3://lake/own/full{i}");
            await AppendAsync(s_mine);
        }

        var refusal = await Assert.ThrowsAsync<TarnException>(() => MoveAsync(First));
        Assert.Equal(ErrorKind.InvalidRequest, refusal.Kind);
        Assert.Contains("s3://lake/own/full0, ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("empty", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2 + FormerFolders.MaxCount, (await FoldersAsync(await AsAsync(await RootAsync()), s_mine)).Count);
    }

    /// <summary>No metadata file names them: what the catalog still knows of the table says which they are.</summary>
    [Theory]
    [InlineData("dropped")]
    [InlineData("second name")]
    [InlineData("in the place of another")]
    [InlineData("branch")]
    [InlineData("other branch")]
    public async Task Register_OfATableThatHasMovedWithItsRows_KeepsTheFoldersBefore(string way)
    {
        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*", "lake@dev/own*"));
        await AppendAsync(s_mine);
        await SetAsync(ada, First, isRegistered: false);
        await SetAsync(ada, Second, isRegistered: false);
        var (expected, file) = (await FoldersAsync(ada, s_mine), (await ada.LoadTableAsync(s_mine))!.MetadataLocation);
        Assert.Contains(First, expected);
        if (way.EndsWith("branch", StringComparison.Ordinal))
            await _catalogs.Branches("lake").CreateAsync("dev");
        var dev = way.EndsWith("branch", StringComparison.Ordinal) ? await AsAsync(await AddUserAsync("both", "lake/own*", "lake@dev/own*"), "lake@dev") : ada;
        if (way is "dropped" or "other branch")
            await ada.DropTableAsync(s_mine, purge: false);
        if (way is "branch" or "other branch")
            await dev.DropTableAsync(s_mine, purge: false);
        var replaced = way == "in the place of another" ? await CreateAsync(ada, s_new, null) : null;
        var name = way is "second name" or "in the place of another" ? s_new : s_mine;
        await dev.RegisterTableAsync(name, file, replaced);
        Assert.Equal(expected, await FoldersAsync(dev, name));
        // What a client wrote of it without its rows has nothing there.
        var empty = (await dev.LoadTableAsync(name))!.Metadata with { Snapshots = [], CurrentSnapshotId = null, Refs = ImmutableSortedDictionary<string, SnapshotRef>.Empty, SnapshotLog = [] };
        await dev.RegisterTableAsync(s_raw, await WriteAsync(empty, empty.Location));
        Assert.DoesNotContain(First, await FoldersAsync(dev, s_raw));
    }

    [Fact]
    public async Task Register_OfAStateBeforeTheLastMove_KeepsTheFoldersBeforeThat()
    {
        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*"));
        string location = (await AppendAsync(s_mine)).Metadata.Location;
        await MoveAsync(First);
        string file = (await AppendAsync(s_mine)).MetadataLocation;
        await MoveAsync(Second);
        await ada.DropTableAsync(s_mine, purge: false);
        await ada.RegisterTableAsync(s_mine, file);
        Assert.Equal([First, location], await FoldersAsync(ada, s_mine));
    }

    /// <summary>Keys for it would be given with the table, and those of the other one would end.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Register_OfATableWhoseFormerFolderIsAnothers_TakesTheRightsOnThat(bool isPath)
    {
        var eve = await AsAsync(await AddUserAsync("eve", "lake/own/raw"));
        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*"));
        string file = await DropMovedAsync(eve, "s3://lake/own/raw", isPath);
        await CreateAsync(_catalogs.Default, s_new, "s3://lake/own/raw");
        var refusal = await DeniedAsync(eve, c => c.RegisterTableAsync(s_raw, file).AsTask());
        Assert.Contains("has files in 's3://lake/own/raw' too", refusal.Message, StringComparison.Ordinal);
        var replaced = await CreateAsync(eve, s_raw, null);
        Assert.Contains("'s3://lake/own/raw' too", (await DeniedAsync(eve, c => c.RegisterTableAsync(s_raw, file, replaced).AsTask())).Message, StringComparison.Ordinal);
        await eve.DropTableAsync(s_raw, purge: false);
        // It counts as long as it can be brought back.
        await ada.DropTableAsync(s_new, purge: false);
        await DeniedAsync(eve, c => c.RegisterTableAsync(s_raw, file).AsTask());
        await ada.UndropTableAsync(s_new, s_new);
        await ada.RegisterTableAsync(s_raw, file);
        Assert.Contains("s3://lake/own/raw", await FoldersAsync(ada, s_raw));
    }

    [Fact]
    public async Task Register_OfATableWithANamespaceInItsFormerFolder_LeavesThatToTheNamespace()
    {
        var eve = await AsAsync(await AddUserAsync("eve", "lake/own/raw"));
        string file = await DropMovedAsync(eve, "s3://lake/own/raw");
        await _catalogs.Default.CreateNamespaceAsync(s_nested, s_none);
        await eve.RegisterTableAsync(s_raw, file);
        Assert.Equal(["s3://lake/own/raw-abcdefgh"], await FoldersAsync(eve, s_raw));
        await CreateAsync(_catalogs.Default, new TableIdentifier(s_nested, "x"), null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Register_WithTheUuidOfATableThatHasMoved_GetsNoneOfItsFolders(bool isDropped)
    {
        var eve = await AsAsync(await AddUserAsync("eve", "lake/own/raw"));
        await AppendAsync(s_mine);
        await SetAsync(_catalogs.Default, First, isRegistered: false);
        await SetAsync(_catalogs.Default, Second, isRegistered: false);
        var mine = (await _catalogs.Default.LoadTableAsync(s_mine))!;
        if (isDropped)
            await _catalogs.Default.DropTableAsync(s_mine, purge: false);
        var forged = Metadata("s3://lake/own/raw") with { TableUuid = mine.Metadata.TableUuid, Snapshots = [Snapshot("s3://lake/own/raw/metadata/x.avro")], LastSequenceNumber = 1 };
        foreach (string folder in new[] { mine.Metadata.Location, First, Second })
        {
            string beside = await WriteAsync(forged, folder);
            await DeniedAsync(eve, c => c.RegisterTableAsync(s_raw, beside).AsTask());
        }

        await DeniedAsync(eve, c => c.RegisterTableAsync(s_raw, mine.MetadataLocation).AsTask());
        await eve.RegisterTableAsync(s_raw, await WriteAsync(forged, "s3://lake/own/raw"));
        Assert.Equal(["s3://lake/own/raw"], await FoldersAsync(eve, s_raw));
    }

    // A table with a row in the folder that it had before.
    private async Task<string> DropMovedAsync(ICatalog catalog, string former, bool isPath = false)
    {
        const string now = "s3://lake/own/raw-abcdefgh";
        await CreateAsync(catalog, s_raw, isPath ? now : former, isPath ? [(Data, former)] : []);
        await AppendAsync(s_raw);
        await catalog.CommitAsync([new TableCommit(s_raw, [], [isPath ? new TableUpdate.RemoveProperties([Data]) : new TableUpdate.SetLocation(now)])]);
        string file = (await catalog.LoadTableAsync(s_raw))!.MetadataLocation;
        await catalog.DropTableAsync(s_raw, purge: false);
        return file;
    }

    private const DataRights AllRights = DataRights.Read | DataRights.Write;

    private int _appended;

    private async Task MoveAsync(string location) => await _catalogs.Default.CommitAsync([new TableCommit(s_mine, [], [new TableUpdate.SetLocation(location)])]);

    private async Task<TableHandle> AppendAsync(TableIdentifier table)
    {
        var client = new AppendingClient(_store, new Random(++_appended));
        return (await _catalogs.Default.CommitAsync([await client.AppendAsync((await _catalogs.Default.LoadTableAsync(table))!, [5])]))[0];
    }

    private async Task SetAsync(ICatalog catalog, string folder, bool isRegistered)
    {
        var table = (await catalog.LoadTableAsync(s_mine))!;
        if (isRegistered)
            await catalog.RegisterTableAsync(s_mine, await WriteAsync(table.Metadata with { Properties = table.Metadata.Properties.SetItem(Data, folder) }, table.Metadata.Location), table);
        else
            await catalog.CommitAsync([new TableCommit(s_mine, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { [Data] = folder })])]);
    }

    private static async Task<IReadOnlyList<string>> FoldersAsync(ICatalog catalog, TableIdentifier table)
    {
        var rights = await ((IDataAccess)catalog).FindFileRightsAsync(table, (await catalog.LoadTableAsync(table))!.Metadata);
        Assert.Equal(AllRights, rights.Rights);
        // What keys carry is asked again when they are used.
        Assert.Equal(AllRights, (await ((IDataAccess)catalog).FindFileRightsAsync(table, rights.Folders)).Rights);
        return rights.Folders;
    }
}
