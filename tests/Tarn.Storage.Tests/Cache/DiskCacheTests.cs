using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Storage.Cache;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Cache;

public sealed class DiskCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _fetches;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lease_SameObjectTwice_FetchesOnce()
    {
        using var cache = Open();
        Assert.Equal("one", await ReadAsync(cache, "s3://b/a.parquet", "1", "one"));
        Assert.Equal("one", await ReadAsync(cache, "s3://b/a.parquet", "1", "one"));
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task Lease_ByManyAtOnce_FetchesOnce()
    {
        using var cache = Open();
        var gate = new TaskCompletionSource();
        var wanted = new CachedObject("s3://b/a", "1", 3);
        var leases = Enumerable.Range(0, 20).Select(_ => cache.LeaseAsync(wanted, async (path, token) =>
        {
            await gate.Task.WaitAsync(token);
            await FetchAsync(path, "one", token);
        }).AsTask()).ToArray();
        gate.SetResult();
        foreach (var lease in await Task.WhenAll(leases))
            lease.Dispose();
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task Lease_AnotherETag_FetchesAgainAndKeepsTheOldBytesForItsReader()
    {
        using var cache = Open();
        using var old = await LeaseAsync(cache, "s3://b/a", "1", "one");
        Assert.Equal("two!", await ReadAsync(cache, "s3://b/a", "2", "two!"));
        Assert.Equal("one", await File.ReadAllTextAsync(old.Path));
        old.Dispose();
        Assert.False(File.Exists(old.Path));
        Assert.Equal(4, cache.SizeBytes);
    }

    [Fact]
    public async Task Lease_OfWhatWasForgottenInUseAndFetchedAgain_OutlivesTheFirstLease()
    {
        using var cache = Open();
        var first = await LeaseAsync(cache, "s3://b/a", "1", "one");
        cache.Forget("s3://b/a");
        var second = await LeaseAsync(cache, "s3://b/a", "1", "one");
        cache.Forget("s3://b/a");
        first.Dispose();
        Assert.Equal("one", await File.ReadAllTextAsync(second.Path));
        Assert.Equal("one", await ReadAsync(cache, "s3://b/a", "1", "one"));
        second.Dispose();
        Assert.Equal("one", await ReadAsync(cache, "s3://b/a", "1", "one"));
        Assert.Equal(3, cache.SizeBytes);
    }

    [Fact]
    public async Task Lease_AfterRestart_NeedsNoFetch()
    {
        using (var cache = Open())
            await ReadAsync(cache, "s3://b/a.parquet", "1", "one");
        using var again = Open();
        Assert.Null(again.TryLease("s3://b/other.parquet"));
        Assert.Null(again.TryLease("s3://b/a.parquet", "2"));
        using (var lease = again.TryLease("s3://b/a.parquet", "1"))
            Assert.Equal("one", await File.ReadAllTextAsync(lease!.Value.Path));
        using (var any = again.TryLease("s3://b/a.parquet"))
            Assert.NotNull(any);
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task Lease_BeyondTheLimit_RemovesWhatWasUsedLongestAgo()
    {
        using var cache = Open(limit: 10);
        foreach (string name in (string[])["a", "b", "a", "c", "d"])
            await ReadAsync(cache, "s3://b/" + name, "1", "1234");
        Assert.Equal(8, cache.SizeBytes);
        Assert.Null(cache.TryLease("s3://b/b", "1"));
        Assert.Null(cache.TryLease("s3://b/a", "1"));
        Assert.NotNull(cache.TryLease("s3://b/c", "1"));
        Assert.NotNull(cache.TryLease("s3://b/d", "1"));
    }

    [Fact]
    public async Task Lease_WhileInUse_IsNeverRemoved()
    {
        using var cache = Open(limit: 5);
        using var first = await LeaseAsync(cache, "s3://b/a", "1", "1234");
        using var second = await LeaseAsync(cache, "s3://b/b", "1", "5678");
        Assert.Equal("1234", await File.ReadAllTextAsync(first.Path));
        Assert.Equal("5678", await File.ReadAllTextAsync(second.Path));
        first.Dispose();
        Assert.Equal(4, cache.SizeBytes);
        Assert.False(File.Exists(first.Path));
    }

    [Fact]
    public async Task Lease_FetchGivesFewerBytes_IsDataCorruptedAndKeepsNothing()
    {
        using var cache = Open();
        var error = await Assert.ThrowsAsync<TarnException>(() => cache.LeaseAsync(new CachedObject("s3://b/a", "1", 10), (path, token) => FetchAsync(path, "short", token)).AsTask());
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Equal(0, cache.SizeBytes);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Lease_FetchFails_TheNextOneTriesAgain()
    {
        using var cache = Open();
        var wanted = new CachedObject("s3://b/a", "1", 3);
        await Assert.ThrowsAsync<TarnException>(() => cache.LeaseAsync(wanted, (_, _) => throw new TarnException(ErrorKind.Unavailable, "away")).AsTask());
        Assert.Equal("one", await ReadAsync(cache, "s3://b/a", "1", "one"));
    }

    [Fact]
    public async Task Open_TwoAtOnce_HaveFilesOfTheirOwn()
    {
        using var one = Open();
        using var two = Open();
        await ReadAsync(one, "s3://b/a", "1", "one");
        await ReadAsync(two, "s3://b/a", "1", "one");
        Assert.Equal(2, _fetches);
        Assert.Equal(2, Directory.GetDirectories(_folder.Path).Length);
    }

    [Fact]
    public void Open_UnfinishedFileOfAKilledProgram_IsRemoved()
    {
        string slot = Directory.CreateDirectory(Path.Join(_folder.Path, "0")).FullName;
        File.WriteAllText(Path.Join(slot, "00000007.part"), "half");
        using var cache = Open();
        Assert.Null(cache.TryLease("s3://b/a", "1"));
        Assert.False(File.Exists(Path.Join(slot, "00000007.part")));
    }

    [Fact]
    public async Task Forget_Object_IsFetchedAgain()
    {
        using var cache = Open();
        await ReadAsync(cache, "s3://b/a", "1", "one");
        cache.Forget("s3://b/a");
        Assert.Null(cache.TryLease("s3://b/a", "1"));
        Assert.Equal(0, cache.SizeBytes);
    }

    private DiskCache Open(long limit = 1 << 20) => new(_folder.Path, new DiskCacheOptions { SizeBytes = limit });

    private async Task<LocalLease> LeaseAsync(DiskCache cache, string location, string etag, string content) =>
        await cache.LeaseAsync(new CachedObject(location, etag, content.Length), (path, token) => FetchAsync(path, content, token));

    private async Task<string> ReadAsync(DiskCache cache, string location, string etag, string content)
    {
        using var lease = await LeaseAsync(cache, location, etag, content);
        return await File.ReadAllTextAsync(lease.Path);
    }

    private async Task FetchAsync(string path, string content, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _fetches);
        await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(content), cancellationToken);
    }
}
