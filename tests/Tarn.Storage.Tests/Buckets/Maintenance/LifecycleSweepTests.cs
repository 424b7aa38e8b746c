using Tarn.Storage.Buckets;
using Tarn.Storage.Buckets.Maintenance;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.Storage.Tests.Buckets.Maintenance;

public sealed class LifecycleSweepTests : IAsyncLifetime
{
    private static readonly TimeSpan s_day = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly FixedTime _clock = new();
    private BucketStore _store = null!;

    public async Task InitializeAsync() => _store = await BucketStore.OpenAsync(_folder.Path, time: _clock);

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_WithoutVersioning_RemovesExpiredObjectsAndUploads()
    {
        await CreateAsync(new LifecycleRule("r", true) { Prefix = "tmp/", ExpirationDays = 1, AbortUploadsAfterDays = 2 }, BucketVersioning.Off);
        await PutAsync("tmp/a");
        await PutAsync("kept");
        await _store.CreateUploadAsync("bucket", new UploadRecord("", default, new ObjectCommit("tmp/u")));
        _clock.Now += s_day;
        await PutAsync("tmp/young");
        var outcome = await SweepAsync();
        Assert.Equal((1, 0), (outcome.ExpiredObjects, outcome.AbortedUploads));
        Assert.Equal(["kept", "tmp/young"], (await _store.ListAsync("bucket", new ObjectQuery())).Objects.Select(o => o.Key));
        _clock.Now += s_day;
        outcome = await SweepAsync();
        Assert.Equal((1, 1), (outcome.ExpiredObjects, outcome.AbortedUploads));
    }

    [Fact]
    public async Task Run_WithVersioning_MarksRemovesAndCleansUp()
    {
        await CreateAsync(new LifecycleRule("r", true) { ExpirationDays = 1, NoncurrentDays = 1 }, BucketVersioning.Enabled);
        await CreateRuleAsync(new LifecycleRule("m", true) { ExpiresDeleteMarkers = true });
        await PutAsync("a");
        await PutAsync("a");
        _clock.Now += s_day;
        var outcome = await SweepAsync();
        Assert.Equal((1, 1), (outcome.ExpiredObjects, outcome.RemovedVersions));
        Assert.Equal(2, await CountAsync());
        _clock.Now += s_day;
        outcome = await SweepAsync();
        Assert.Equal((1, 1), (outcome.RemovedVersions, outcome.RemovedDeleteMarkers));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Run_LockedVersion_IsKept()
    {
        await CreateAsync(new LifecycleRule("r", true) { NoncurrentDays = 1 }, BucketVersioning.Enabled);
        await _store.UpdateBucketAsync("bucket", b => b with { ObjectLock = new ObjectLockSettings(RetentionMode.Governance, DefaultDays: 9) });
        await PutAsync("a");
        await PutAsync("a");
        _clock.Now += s_day;
        var outcome = await SweepAsync();
        Assert.Equal((0, 1), (outcome.RemovedVersions, outcome.Kept));
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Run_MarkerBeforeALockedVersion_IsKeptAsLongAsThat()
    {
        await CreateAsync(new LifecycleRule("r", true) { NoncurrentDays = 1 }, BucketVersioning.Enabled);
        await CreateRuleAsync(new LifecycleRule("m", true) { ExpiresDeleteMarkers = true });
        await _store.UpdateBucketAsync("bucket", b => b with { ObjectLock = new ObjectLockSettings(RetentionMode.Governance, DefaultDays: 9) });
        await PutAsync("a");
        await _store.DeleteAsync("bucket", "a", new ObjectDelete());
        _clock.Now += s_day;
        var outcome = await SweepAsync();
        Assert.Equal((0, 0, 1), (outcome.RemovedVersions, outcome.RemovedDeleteMarkers, outcome.Kept));
        Assert.Equal(2, await CountAsync());
    }

    private Task<LifecycleOutcome> SweepAsync() => new LifecycleSweep(_store, _clock, s_day).RunAsync();

    private async Task CreateAsync(LifecycleRule rule, BucketVersioning versioning) =>
        await _store.CreateBucketAsync(new BucketRecord("bucket", default) { Versioning = versioning, Lifecycle = [rule] });

    private async Task CreateRuleAsync(LifecycleRule rule) => await _store.UpdateBucketAsync("bucket", b => b with { Lifecycle = b.Lifecycle.Add(rule) });

    private async Task PutAsync(string key)
    {
        using var write = await _store.BeginWriteAsync("bucket");
        await write.WriteAsync("x"u8.ToArray());
        await _store.CommitAsync(write, new ObjectCommit(key) { ETag = "e" });
    }

    private async Task<int> CountAsync() => (await _store.ListAsync("bucket", new ObjectQuery { IncludesVersions = true })).Objects.Length;
}
