using Tarn.Core.Errors;
using Tarn.Storage.Buckets;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Buckets;

/// <summary>A disk without room for anything: objects can be removed from it, and then there is room again.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const int ObjectBytes = 20_000;

    private static readonly BucketStoreOptions s_options = new() { LogBytes = 4 << 20 };

    private readonly TemporaryFolder _folder = new();
    private readonly FullDiskFileSystem _disk = new();
    private BucketStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = await OpenAsync();
        await _store.CreateBucketAsync(new BucketRecord("full", default));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Delete_NoRoomAtAll_SucceedsAndGivesRoomBack()
    {
        var keys = await FillAsync();
        foreach (string key in keys.Skip(1))
            Assert.True((await _store.DeleteAsync("full", key, new ObjectDelete())).HasRemoved);
        await PutAsync("again");
        Assert.Equal([keys[0], "again"], await KeysAsync());
        await ReopenAsync();
        Assert.Equal([keys[0], "again"], await KeysAsync());
    }

    [Fact]
    public async Task Delete_BesideUploadsThatFill_SucceedsWhereTheyAreRefused()
    {
        var keys = await FillAsync();
        var deletes = keys.Select(key => Task.Run(() => _store.DeleteAsync("full", key, new ObjectDelete()).AsTask())).ToList();
        var puts = Enumerable.Range(0, 50).Select(i => Task.Run(() => TryPutAsync($"new/{i:00}"))).ToList();
        await Task.WhenAll(deletes);
        string?[] stored = await Task.WhenAll(puts);
        Assert.Equal(stored.OfType<string>().Order(StringComparer.Ordinal), await KeysAsync());
    }

    [Fact]
    public async Task DeleteOfAVersion_NoRoomAtAll_Succeeds()
    {
        await _store.UpdateBucketAsync("full", b => b with { Versioning = BucketVersioning.Enabled });
        await FillAsync();
        var versions = (await _store.ListAsync("full", new ObjectQuery { IncludesVersions = true })).Objects;
        foreach (var version in versions)
            Assert.True((await _store.DeleteAsync("full", version.Key, new ObjectDelete { VersionId = version.VersionId })).HasRemoved);
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task AbortUpload_NoRoomAtAll_Succeeds()
    {
        var upload = await _store.CreateUploadAsync("full", new UploadRecord("", default, new ObjectCommit("parts")));
        await FillAsync();
        await _store.AbortUploadAsync("full", "parts", upload.UploadId);
        Assert.Empty((await _store.ListUploadsAsync("full", new UploadQuery())).Uploads);
    }

    [Fact]
    public async Task Delete_AfterARestartOfAFullDisk_Succeeds()
    {
        var keys = await FillAsync();
        await ReopenAsync();
        foreach (string key in keys)
            Assert.True((await _store.DeleteAsync("full", key, new ObjectDelete())).HasRemoved);
        await PutAsync("again");
        Assert.Equal(["again"], await KeysAsync());
    }

    // Until neither an object nor an entry of the log fits any more; then nothing at all.
    private async Task<List<string>> FillAsync()
    {
        _disk.RoomBytes = 40 * ObjectBytes;
        var keys = new List<string>();
        for (int size = ObjectBytes; size > 0; size /= 10)
        {
            for (int i = 0; await TryPutAsync($"{size:00000}/{i:0000}", size) is { } key; i++)
                keys.Add(key);
        }

        _disk.RoomBytes = 0;
        Assert.NotEmpty(keys);
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    private async Task<string?> TryPutAsync(string key, int size = ObjectBytes)
    {
        try
        {
            await PutAsync(key, size);
            return key;
        }
        catch (TarnException error) when (error.Kind == ErrorKind.ResourceExhausted)
        {
            Assert.Contains("full", error.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private async Task PutAsync(string key, int size = ObjectBytes)
    {
        using var write = await _store.BeginWriteAsync("full");
        await write.WriteAsync(new byte[size]);
        await _store.CommitAsync(write, new ObjectCommit(key) { ETag = "etag" });
    }

    private async Task<string[]> KeysAsync()
    {
        var keys = new List<string>();
        string? after = null;
        do
        {
            var page = await _store.ListAsync("full", new ObjectQuery { AfterKey = after });
            keys.AddRange(page.Objects.Select(o => o.Key));
            after = page.NextKey;
        }
        while (after is not null);
        return [.. keys];
    }

    private async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = await OpenAsync();
    }

    private ValueTask<BucketStore> OpenAsync() => BucketStore.OpenAsync(_folder.Path, s_options, _disk);
}
