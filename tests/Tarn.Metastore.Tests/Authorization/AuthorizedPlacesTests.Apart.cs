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
}
