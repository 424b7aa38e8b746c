using Tarn.S3.Tests.Hosting;
using Tarn.Storage.Remote;
using Tarn.Storage.Transfer;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.S3.Tests.Clients;

/// <summary>Tarn's own sync between a disk and the S3 door.</summary>
public sealed class SyncTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private S3TestServer _server = null!;
    private S3Service _service = null!;

    public async Task InitializeAsync()
    {
        // Behind the disk's clock, as when objects were written some time ago, and near enough for signatures.
        _server = await S3TestServer.StartAsync(time: new FixedTime(DateTimeOffset.UtcNow.AddMinutes(-10)));
        _service = new S3Service("test", new S3ServiceOptions { Endpoint = _server.Http }, S3TestServer.AccessKey, S3TestServer.Secret);
        await _server.Store.CreateBucketAsync(new("box", DateTimeOffset.UnixEpoch));
    }

    public async Task DisposeAsync()
    {
        _service.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Sync_DownAndBackUp_CopiesNothingBack()
    {
        using var root = _server.Client();
        await root.PutAsync("box", "a");
        await root.PutAsync("box", "b/c");
        var (bucket, local) = (new S3End(_service, "box", "", "test:box"), new LocalEnd(_folder["local"]));
        Assert.Equal(["a", "b/c"], await SyncAsync(bucket, local));
        var written = (await root.GetObjectMetadataAsync("box", "a")).LastModified!.Value.ToUniversalTime();
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder["local/a"]), TimeSpan.FromSeconds(1));
        File.SetLastWriteTimeUtc(_folder["local/b/c"], File.GetLastWriteTimeUtc(_folder["local/b/c"]).AddMinutes(1));
        Assert.Empty(await SyncAsync(bucket, local));
        Assert.Equal(["b/c"], await SyncAsync(local, bucket));
    }

    private static async Task<string[]> SyncAsync(TransferEnd source, TransferEnd target)
    {
        var copies = TransferPlan.Sync(await ListAsync(source), await ListAsync(target), deletes: false).Copies;
        await new TransferRun(_ => { }).CopyAsync(source, target, copies, removesSources: false, default);
        return [.. copies.Select(c => c.Name)];
    }

    private static async Task<List<TransferItem>> ListAsync(TransferEnd end)
    {
        var items = new List<TransferItem>();
        await foreach (var item in end.ListAsync(default))
            items.Add(item);
        return items;
    }
}
