using Tarn.Storage.Buckets;

namespace Tarn.Testing.Contracts;

public abstract partial class BucketStoreContract
{
    private static string[] OddKeys =>
    [
        "a", "a/", "a//b", "/a", "//", "/", ".", "..", "../../etc/passwd", "a/./b", "a/../b", "a/..", "trailing.", "trailing ", "con", "NUL.txt", "COM1/x",
        "back\\slash", "co:lon", "st*r", "qu?estion", "quo\"te", "<tag>", "pi|pe", "tab\tkey", "new\nline", "\u0001\u007f", "nul\0byte", "%2e%2e%2f", "%00", "a%2Fb",
        "ünïcödé", "e\u0301", "é", "\U0001F600", "\uFFFD", "\uFFFE\uFFFF", "\u202Eright", " leading", ".hidden", ".tarn-00.tmp", "a/.tarn-00.tmp", "tarn.json", ".objects/index", "+ &=;@,$",
        "UPPER", "upper", "long/" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
    ];

    [Fact]
    public async Task Put_EveryOddKeyAtOnce_AllAreKeptApart()
    {
        await BucketAsync();
        string[] keys = [.. OddKeys, new string('k', 1024), string.Concat(Enumerable.Repeat("s/", 512)), string.Concat(Enumerable.Repeat("ü", 512))];
        foreach (string key in keys)
            await PutAsync("photos", key, "content of " + key);
        foreach (string key in keys)
            Assert.Equal("content of " + key, await TextAsync("photos", key));
        Assert.Equal(keys.OrderBy(k => k, new Utf8Order()), await KeysAsync("photos"));
        foreach (string key in keys)
            Assert.True((await Store.DeleteAsync("photos", key, new ObjectDelete())).HasRemoved);
        await Store.DeleteBucketAsync("photos");
    }

    [Theory]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "a")]
    [InlineData("a/b/c/d", "a/b")]
    [InlineData("a", "a/")]
    [InlineData("a/", "a")]
    public async Task Put_KeysThatClashOnADisk_WorkInBothOrders(string first, string second)
    {
        await BucketAsync();
        for (int round = 0; round < 3; round++)
        {
            await PutAsync("photos", first, $"1 {round}");
            await PutAsync("photos", second, $"2 {round}");
            Assert.Equal(($"1 {round}", $"2 {round}"), (await TextAsync("photos", first), await TextAsync("photos", second)));
        }

        await Store.DeleteAsync("photos", first, new ObjectDelete());
        Assert.Null(await TextAsync("photos", first));
        Assert.Equal("2 2", await TextAsync("photos", second));
        await PutAsync("photos", second, "again");
        Assert.Equal("again", await TextAsync("photos", second));
        Assert.Equal([second], await KeysAsync("photos"));
    }

    [Fact]
    public async Task Put_KeysThatClashAtTheSameTime_AllSucceed()
    {
        await BucketAsync();
        for (int round = 0; round < 5; round++)
        {
            string root = $"r{round}";
            await Task.WhenAll(((string[])[root, root + "/a", root + "/a/b", root + "/a/b/c"]).Select(k => Task.Run(() => PutAsync("photos", k, k))));
            foreach (string key in await KeysAsync("photos", root))
                Assert.Equal(key, await TextAsync("photos", key));
        }

        Assert.Equal(20, (await KeysAsync("photos")).Length);
    }

    [Fact]
    public async Task Put_KeyAgainstTheRules_IsRefused()
    {
        await BucketAsync();
        await AssertFaultAsync(BucketFault.KeyTooLong, () => PutAsync("photos", new string('k', 1025), "x"));
        await AssertFaultAsync(BucketFault.KeyTooLong, () => PutAsync("photos", string.Concat(Enumerable.Repeat("ü", 513)), "x"));
        await AssertFaultAsync(BucketFault.InvalidKey, () => PutAsync("photos", "", "x"));
        await AssertFaultAsync(BucketFault.InvalidKey, () => PutAsync("photos", "\uD800", "x"));
        // Before the bytes come.
        await AssertFaultAsync(BucketFault.KeyTooLong, async () => (await Store.BeginWriteAsync("photos", target: new WriteTarget(new string('k', 1025)))).Dispose());
    }

    /// <summary>Order of the bytes of UTF-8, which differs from that of UTF-16.</summary>
    protected sealed class Utf8Order : IComparer<string>
    {
        public int Compare(string? x, string? y) => System.Text.Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y!));
    }
}
