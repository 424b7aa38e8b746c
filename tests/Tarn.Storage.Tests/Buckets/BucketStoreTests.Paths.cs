using System.Text;
using Tarn.Storage.Buckets;
using Tarn.Storage.Local;

namespace Tarn.Storage.Tests.Buckets;

public sealed partial class BucketStoreTests
{
    /// <summary>A key of each kind that no file can have on every operating system.</summary>
    public static TheoryData<string> KeysThatAreNoPaths =>
    [
        "t/company=Acme+Inc./f.parquet", "t/p=..", "t/p= /f", "t/./f", "t/../f", "t//f", "/f", "t/con/nul.txt", "t/a:b", "t/back\\slash", "t/qu?estion", "t/st*r", "t/quo\"te", "t/<tag>|", "t/tab\t\u0085", "t/nul\0",
        "t/.tarn-00.tmp", "t/.tarn-~x", "t/\uFFFD", "t/" + new string('k', 300) + "/f", "t/" + string.Concat(Enumerable.Repeat("%C3%A4", 60)), string.Join('/', Enumerable.Repeat("abcdefg", 127)),
    ];

    [Theory]
    [MemberData(nameof(KeysThatAreNoPaths))]
    public async Task Keys_ThatAreNoPaths_AreOneObjectForTheEngineAndForClients(string key)
    {
        using var engine = new LocalObjectStore(_folder.Path);
        string location = "s3://lake/" + key;
        await PutAsync("lake", key, "by client");
        Assert.Equal("by client", Encoding.UTF8.GetString((await engine.ReadAsync(location)).Span));
        using (var lease = await engine.LeaseAsync(location))
            Assert.Equal("by client", File.ReadAllText(lease.Path));
        Assert.Equal([location], await LocationsAsync(engine, "s3://lake/"));
        await engine.DeleteAsync(location);
        Assert.Empty(await KeysAsync("lake"));

        await engine.PutAsync(location, "by engine"u8.ToArray());
        Assert.Equal([key], await KeysAsync("lake"));
        Assert.Equal("by engine", await TextAsync("lake", key));
        await PutAsync("lake", key, "replaced");
        Assert.Equal(8, (await engine.HeadAsync(location))!.SizeBytes);
        await _store.DisposeAsync();
        Directory.Delete(_folder[".objects/index"], recursive: true);
        _store = await BucketStore.OpenAsync(_folder.Path);
        Assert.Equal("replaced", await TextAsync("lake", key));
        await _store.DeleteAsync("lake", key, new ObjectDelete());
        Assert.Null(await engine.HeadAsync(location));
    }

    [Fact]
    public async Task Reconcile_ObjectsFromBeforeTheirKeysHadPaths_BecomeReadableForTheEngine()
    {
        using var engine = new LocalObjectStore(_folder.Path);
        await PutAsync("lake", "t", "in the way");
        var before = await PutAsync("lake", "t/p=a./f", "own file");
        await _store.DeleteAsync("lake", "t", new ObjectDelete());
        Assert.Null(await engine.HeadAsync("s3://lake/t/p=a./f"));
        await _store.ReconcileAsync("lake");
        await ReopenAsync();
        Assert.Equal("own file", Encoding.UTF8.GetString((await engine.ReadAsync("s3://lake/t/p=a./f")).Span));
        Assert.Equal(before with { IsLatest = true }, await _store.HeadAsync("lake", "t/p=a./f"));
        Assert.Equal("own file", await TextAsync("lake", "t/p=a./f"));
        Assert.Empty(Directory.EnumerateFiles(_folder[".objects/files"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Files_WithNamesOnlyThisSystemHolds_AreTheObjectsOfTheirNames()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var engine = new LocalObjectStore(_folder.Path);
        Directory.CreateDirectory(_folder["lake/t."]);
        File.WriteAllText(_folder["lake/t./12:00.csv"], "by hand");
        await engine.PutAsync("s3://lake/t./13:00.csv", "by engine"u8.ToArray());
        Assert.Equal("by hand", Encoding.UTF8.GetString((await engine.ReadAsync("s3://lake/t./12:00.csv")).Span));
        Assert.Equal(["s3://lake/t./12:00.csv", "s3://lake/t./13:00.csv"], await LocationsAsync(engine, "s3://lake/t./1"));
        Assert.Equal("by hand", await TextAsync("lake", "t./12:00.csv"));
        Assert.Equal(["t./12:00.csv", "t./13:00.csv"], await KeysAsync("lake"));
        await PutAsync("lake", "t./12:00.csv", "by client");
        Assert.Equal("by client", Encoding.UTF8.GetString((await engine.ReadAsync("s3://lake/t./12:00.csv")).Span));
        await engine.DeleteAsync("s3://lake/t./12:00.csv");
        Assert.Equal(["t./13:00.csv"], await KeysAsync("lake"));
    }

    private static async Task<List<string>> LocationsAsync(LocalObjectStore engine, string prefix)
    {
        var found = new List<string>();
        await foreach (var stat in engine.ListAsync(prefix))
            found.Add(stat.Location);
        return found;
    }
}
