using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Tests.Authorization;

public sealed partial class AuthorizedPlacesTests
{
    /// <summary>A table where the catalog would put those of a namespace to come would get keys for them, and keep everybody else from making them.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Ways_WhereANamespaceCouldBe_TakeTheRightToMakeIt(string way)
    {
        var own = await AsAsync(await AddUserAsync("ada", "lake/own", "lake/own/mine", "lake/own/new", "lake/own/view", "lake/own/fine"));
        if (way.EndsWith("of a namespace", StringComparison.Ordinal))
            return;
        foreach (string location in new[] { "s3://lake/later", "s3://lake/later/x", "s3://lake/sales/later", "s3://lake/own/later" })
            await RefusalAsync(way, own, location);
        await Way(way)(this, own, "s3://lake/own/" + (way.Contains("set ", StringComparison.Ordinal) || way.Contains("register over", StringComparison.Ordinal) || way.Contains("register as", StringComparison.Ordinal) ? "mine" : "new") + "/deep");
    }

    [Fact]
    public async Task Create_TwoInOneFolderAtOnce_OneIsRefused()
    {
        for (int i = 0; i < 20; i++)
        {
            string folder = $"s3://lake/own/both{i}";
            var both = new[] { folder, folder + "/below" }.Select((location, n) => Task.Run(() => CreateAsync(_catalogs.Default, s_new with { Name = $"both{i}x{n}" }, location))).ToArray();
            await Task.WhenAll(both).ContinueWith(_ => { }, TaskScheduler.Default);
            Assert.Equal(1, both.Count(b => b.IsCompletedSuccessfully));
        }
    }

    /// <summary>A file of metadata may lie in a folder of many, which is nobody's then.</summary>
    [Theory]
    [InlineData("s3://lake")]
    [InlineData("s3://lake/own")]
    public async Task Create_BelowTheMetadataFileOfATable_IsTaken(string folder)
    {
        await _catalogs.Default.RegisterTableAsync(s_raw, await WriteAsync(Metadata("s3://lake/far/raw"), folder));
        await CreateAsync(_catalogs.Default, s_new, null);
        await CreateAsync(_catalogs.Default, s_new with { Name = "named" }, "s3://lake/own/named");
    }

    /// <summary>The table and view that are replaced were looked at; a file that somebody wrote over theirs since may name any place.</summary>
    [Fact]
    public async Task Register_OfThePresentFileWrittenAnewSince_IsAConflict()
    {
        var caller = await AddUserAsync("ada", "lake/own*");
        var ada = await AsAsync(caller);
        var table = (await ada.LoadTableAsync(s_mine))!;
        var view = await ada.CommitViewAsync(s_new, null, View("s3://lake/own/view"));
        foreach (string location in new[] { table.MetadataLocation, view.MetadataLocation })
            await _store.DeleteAsync(location);
        await _store.PutAsync(table.MetadataLocation, TableMetadataJson.Write(table.Metadata with { Location = Outside }));
        await _store.PutAsync(view.MetadataLocation, ViewMetadataJson.Write(view.Metadata with { Location = Outside }));
        // Another process, which has not read the files yet.
        _catalogs = new EmbeddedCatalogs(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" });
        var other = await AsAsync(caller);
        Assert.Contains("written anew", (await Assert.ThrowsAsync<CommitConflictException>(() => other.RegisterTableAsync(s_mine, table.MetadataLocation, table).AsTask())).Message, StringComparison.Ordinal);
        Assert.Contains("written anew", (await Assert.ThrowsAsync<CommitConflictException>(() => other.RegisterViewAsync(s_new, view.MetadataLocation, view).AsTask())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_InANamespaceWhoseFolderIsATables_IsRefused()
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/later");
        await _catalogs.Default.CreateNamespaceAsync(Namespace.Of("later"), s_none);
        foreach (var catalogs in new[] { _catalogs, new EmbeddedCatalogs(_log, _store, new EmbeddedCatalogOptions { WarehouseLocation = "s3://lake" }) })
            Assert.Contains("a folder of its own", (await Assert.ThrowsAsync<TarnException>(() => CreateAsync(catalogs.Default, TableIdentifier.Of("later", "x"), null))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undrop_WhereAnotherTableLiesNow_IsRefused()
    {
        await CreateAsync(_catalogs.Default, s_raw, "s3://lake/own/raw");
        await _catalogs.Default.DropTableAsync(s_raw, purge: false);
        await CreateAsync(_catalogs.Default, s_new, "s3://lake/own/raw");
        Assert.Contains("a folder of its own", (await Assert.ThrowsAsync<TarnException>(() => _catalogs.Default.UndropTableAsync(s_raw, s_raw).AsTask())).Message, StringComparison.Ordinal);
        await _catalogs.Default.DropTableAsync(s_new, purge: false);
        await _catalogs.Default.UndropTableAsync(s_raw, s_raw);
    }
}
