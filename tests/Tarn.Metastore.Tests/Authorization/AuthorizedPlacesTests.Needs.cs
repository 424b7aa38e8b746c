using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Authorization;

namespace Tarn.Metastore.Tests.Authorization;

/// <content>Metadata files that a client lets go of, and that something else than its table needs.</content>
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
        Assert.Contains(PointedTo, await ((IDataAccess)dev).FindNeedAsync(s_new, files[2]), StringComparison.Ordinal);
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

    private static async Task<string> NeedAsync(ICatalog catalog, string file) => (await ((IDataAccess)catalog).FindNeedAsync(s_raw, file))!;
}
