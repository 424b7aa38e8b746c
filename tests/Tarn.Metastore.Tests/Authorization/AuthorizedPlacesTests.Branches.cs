using Tarn.Access.Administration;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Catalogs;
using Tarn.Testing.Time;

namespace Tarn.Metastore.Tests.Authorization;

/// <content>Folders in which a table lies on one branch and not, or not any more, on another one.</content>
public sealed partial class AuthorizedPlacesTests
{
    /// <summary>The name is that which it had when both branches had it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Create_WhereABranchStillHasTheDroppedTable_IsTakenUnderItsName(bool isRenamed)
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        await _catalogs.Branches("lake").CreateAsync("dev");
        var called = isRenamed ? TableIdentifier.Of("own", "called") : s_raw;
        if (isRenamed)
            await _catalogs.Default.OnBranch("dev").RenameTableAsync(s_raw, called);
        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*"));
        await ada.DropTableAsync(s_raw, purge: false);
        var refusal = await Assert.ThrowsAsync<TarnException>(() => CreateAsync(ada, s_new, "s3://lake/own/raw"));
        Assert.Contains($"has files of '{called}' of 'lake@dev'", refusal.Message, StringComparison.Ordinal);
        await CreateAsync(ada, s_raw, "s3://lake/own/raw");
        Assert.Equal(DataRights.Read | DataRights.Write, (await RightsAsync(ada, s_raw)).Rights);
        // Main's own would end by what a branch makes.
        await CreateAsync(ada, s_new, "s3://lake/own/new");
        await _catalogs.Branches("lake").CreateAsync("dev2");
        var dev = await AsAsync(await RootAsync(), "lake@dev2");
        await dev.DropTableAsync(s_new, purge: false);
        Assert.Contains("'own.new' of 'lake'", (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(dev, s_new, "s3://lake/own/new"))).Message, StringComparison.Ordinal);
    }

    /// <summary>It would end the keys of all who have main's.</summary>
    [Fact]
    public async Task Register_OnABranchInTheFolderOfATableOfMain_TakesTheRightsOnThat()
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        await _catalogs.Branches("lake").CreateAsync("dev");
        var dev = await AsAsync(await AddUserAsync("dev", "lake@dev/*"), "lake@dev");
        var raw = (await dev.LoadTableAsync(s_raw))!;
        await dev.DropTableAsync(s_raw, purge: false);
        string anew = await WriteAsync(Metadata("s3://lake/own/raw"), "s3://lake/own/raw");
        await DeniedAsync(dev, c => c.RegisterTableAsync(s_raw, anew).AsTask());
        await DeniedAsync(dev, c => CreateAsync(c, s_raw, "s3://lake/own/raw"));
        // Its own comes back.
        await dev.RegisterTableAsync(s_raw, raw.MetadataLocation);
    }

    /// <summary>Whoever loses keys by what somebody else has made is told of the folder, of the way out, and of the other table where it is theirs to see.</summary>
    [Theory]
    [InlineData("", "another table, view or dropped table, and reading and writing is")]
    [InlineData("catalog:GetTable", "table 'own.raw' of 'lake', and reading and writing is")]
    [InlineData("catalog:ReadData", "another table, view or dropped table, and writing is")]
    public async Task Rights_OnABranchWhoseTableMainHasMadeAnew_TellWhatTheyLack(string right, string told)
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        await _catalogs.Branches("lake").CreateAsync("dev");
        var dev = await AsAsync(await AddUserAsync("dev", "lake@dev/*"), "lake@dev");
        Assert.Null((await RightsAsync(dev, s_raw)).Limit);
        await _catalogs.Default.DropTableAsync(s_raw, purge: false);
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        if (right.Length > 0)
        {
            await _access.Administration.PutPolicyAsync("dev", $$"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"catalog:*","Resource":"arn:tarn:catalog:::lake@dev/*"},{"Effect":"Allow","Action":"{{right}}","Resource":"arn:tarn:catalog:::lake/own/raw"}]}
                """);
        }

        string limit = (await RightsAsync(dev, s_raw)).Limit!;
        Assert.StartsWith($"The folder 's3://lake/own/raw' of table 'own.raw' of 'lake@dev' is shared with {told} not allowed to you there. ", limit, StringComparison.Ordinal);
        Assert.Contains("CREATE TABLE … AS SELECT", limit, StringComparison.Ordinal);
        var refusal = await DeniedAsync(dev, c => c.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.AddSnapshot(Snapshot("s3://lake/own/raw/metadata/x.avro"))])]).AsTask());
        Assert.Contains($"lies in a folder of 'own.raw' of 'lake@dev' that is shared with {told.Split(',')[0]}", refusal.Message, StringComparison.Ordinal);
        // The ways out: a table of its own, one that got a folder of its own, and the rights.
        await CreateAsync(dev, s_new, null);
        Assert.Null((await RightsAsync(dev, s_new)).Limit);
        await _catalogs.Branches("lake").CreateAsync("moved", "dev");
        var root = await AsAsync(await RootAsync(), "lake@moved");
        await root.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.AddSnapshot(Snapshot("s3://lake/own/raw/metadata/x.avro"))])]);
        await root.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.SetLocation("s3://lake/own/moved")])]);
        var moved = await AsAsync(await AddUserAsync("moved", "lake@moved/*"), "lake@moved");
        Assert.Equal(["s3://lake/own/moved"], (await ((IDataAccess)moved).FindFileRightsAsync(s_raw, (await moved.LoadTableAsync(s_raw))!.Metadata)).Folders);
        await moved.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.SetPartitionStatistics(new PartitionStatisticsFile(1, "s3://lake/own/moved/metadata/x", 1))])]);
        await DeniedAsync(moved, c => c.CommitAsync([new TableCommit(s_raw, [], [new TableUpdate.SetPartitionStatistics(new PartitionStatisticsFile(1, "s3://lake/own/raw/metadata/x", 1))])]).AsTask());
        await _access.Administration.PutPolicyAsync("dev", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:*","Resource":["arn:tarn:catalog:::lake@dev/*","arn:tarn:catalog:::lake/own/raw"]} }""");
        Assert.Equal(DataRights.Read | DataRights.Write, (await RightsAsync(dev, s_raw)).Rights);
    }

    /// <summary>It could not be brought back, nor made anew, by who has it on main. What main has forgotten is the branch's to make anew.</summary>
    [Theory]
    [InlineData("create")]
    [InlineData("register")]
    [InlineData("namespace")]
    public async Task Ways_OnABranchToTheFolderOfWhatMainCanBringBack_TakeTheRightsOnThat(string way)
    {
        var time = new ManualTimeProvider();
        _catalogs = new EmbeddedCatalogs(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" }, time);
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        await _catalogs.Branches("lake").CreateAsync("dev");
        var (ada, dev) = (await AsAsync(await AddUserAsync("ada", "lake/own*")), await AsAsync(await AddUserAsync("dev", "lake@dev*", "lake@dev/*"), "lake@dev"));
        await ada.DropTableAsync(s_raw, purge: false);
        await dev.DropTableAsync(s_raw, purge: false);
        await DeniedAsync(dev, TakeAsync);
        await dev.UndropTableAsync(s_raw, s_raw);
        await ada.UndropTableAsync(s_raw, s_raw);
        Assert.Equal(AllRights, (await RightsAsync(ada, s_raw)).Rights);
        await ada.DropTableAsync(s_raw, purge: false);
        time.Advance(TimeSpan.FromDays(8));
        await _catalogs.Default.ExpireDroppedAsync();
        await dev.DropTableAsync(s_raw, purge: false);
        await TakeAsync(dev);

        async Task TakeAsync(ICatalog catalog)
        {
            if (way == "create")
                await CreateAsync(catalog, s_raw, "s3://lake/own/raw");
            else if (way == "register")
                await catalog.RegisterTableAsync(s_raw, await WriteAsync(Metadata("s3://lake/own/raw"), "s3://lake/own/raw"));
            else
                await catalog.CreateNamespaceAsync(s_nested, s_none);
        }
    }

    /// <summary>However long ago the table was dropped: it came from there. What a branch has made is its own.</summary>
    [Fact]
    public async Task Create_WhereABranchHasATableThatMainHasForgotten_IsOpenToWhoMadeItOnMain()
    {
        var ada = await AsAsync(await AddUserAsync("ada", "lake/own*"));
        await CreateAsync(ada, s_raw, "s3://lake/own/raw");
        await _catalogs.Branches("lake").CreateAsync("dev");
        await ada.UnregisterTableAsync(s_raw);
        await CreateAsync(ada, s_raw, "s3://lake/own/raw");
        Assert.Equal(DataRights.Read | DataRights.Write, (await RightsAsync(ada, s_raw)).Rights);
        await CreateAsync(await AsAsync(await RootAsync(), "lake@dev"), s_new, "s3://lake/own/branch");
        await DeniedAsync(ada, c => CreateAsync(c, s_new, "s3://lake/own/branch"));
    }

    /// <summary>A table that main has under another name is not gone from there, so that who has rights on the old name alone gets none by a branch where it still has that name.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Register_OfATableThatWasRenamedAwayWhileABranchHasTheName_TakesTheRightsOnTheNewOne(bool isDropped)
    {
        var before = await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        await _catalogs.Branches("lake").CreateAsync("dev");
        await _catalogs.Default.RenameTableAsync(s_raw, s_new);
        if (isDropped)
            await _catalogs.Default.DropTableAsync(s_new, purge: false);
        var eve = await AsAsync(await AddUserAsync("eve", "lake/own/raw"));
        await DeniedAsync(eve, c => c.RegisterTableAsync(s_raw, before.MetadataLocation).AsTask());
        // Others may put another table there, for which that name gets no keys either.
        string anew = await WriteAsync(Metadata("s3://lake/own/raw"), "s3://lake/own/raw");
        await _catalogs.Default.RegisterTableAsync(s_raw, anew);
        Assert.Equal(DataRights.None, (await RightsAsync(eve, s_raw)).Rights);
    }
}
