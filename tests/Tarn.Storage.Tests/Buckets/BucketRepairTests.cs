using System.Text;
using Tarn.Core.Errors;
using Tarn.Storage.Buckets;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Buckets;

/// <summary>An index damaged anywhere: opening says so and how to repair it, and a repair loses no bytes and invents none.</summary>
public sealed class BucketRepairTests : IDisposable
{
    private const int Keys = 120;

    private readonly TemporaryFolder _folder = new();

    private string Index => _folder[".objects/index"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Repair_ByteFlippedAnywhere_KeepsEveryObject()
    {
        var random = new Random(Soak.Seed);
        for (int round = 0; round < Soak.Rounds(slice: 5, full: 500); round++)
        {
            using var folder = new TemporaryFolder();
            await FillAsync(folder);
            string[] files = Directory.GetFiles(folder[".objects/index"]);
            string file = files[random.Next(files.Length)];
            // Room behind the end of a log holds nothing.
            int length = Array.FindLastIndex(await File.ReadAllBytesAsync(file), b => b != 0) + 1;
            int at = length == 0 ? 0 : random.Next(length);
            if (length > 0)
                await FlipAsync(file, at);
            string place = $"TARN_SEED={Soak.Seed}, round {round}: {Path.GetFileName(file)} at {at} of {length}";
            var outcome = await BucketRepair.RunAsync(folder.Path);
            await using var store = await BucketStore.OpenAsync(folder.Path);
            await store.ReconcileAsync("plain");
            var listed = (await store.ListAsync("plain", new ObjectQuery())).Objects;
            Assert.True(listed.Length == Keys, $"{place}: {listed.Length} of {Keys} objects");
            foreach (var record in listed)
            {
                using var reader = await store.OpenAsync("plain", record.Key);
                byte[] content = new byte[record.SizeBytes];
                Assert.Equal(content.Length, reader!.Read(content, 0));
                Assert.True(Encoding.UTF8.GetString(content) == record.Key, $"{place}: {record.Key} has other bytes");
                Assert.True(record.UserMetadata.Count == 1 || outcome.Damages.Count > 0, $"{place}: {record.Key} lost its metadata and nothing was said");
            }
        }
    }

    [Fact]
    public async Task Open_DamagedIndex_IsRefusedAndRepairBringsBackWhatItCan()
    {
        await FillAsync(_folder);
        string segment = Directory.GetFiles(Index, "segment-*").Single();
        await FlipAsync(segment, 100);
        var error = await Assert.ThrowsAsync<TarnException>(async () =>
        {
            await using var damaged = await BucketStore.OpenAsync(_folder.Path);
            await damaged.ListAsync("plain", new ObjectQuery());
        });
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Contains("tarn s3 repair", error.Message, StringComparison.Ordinal);

        var outcome = await BucketRepair.RunAsync(_folder.Path);
        Assert.Contains("block 0", Assert.Single(outcome.Damages), StringComparison.Ordinal);
        Assert.True(outcome.AdoptedObjects + outcome.SetAsideFiles + outcome.LostBuckets.Count > 0, "the first block held something");
        Assert.True(Directory.Exists(outcome.DamagedIndex));
        Assert.Null((await BucketRepair.RunAsync(_folder.Path)).DamagedIndex);
        await using var store = await BucketStore.OpenAsync(_folder.Path);
        Assert.Equal(Keys, (await store.ListAsync("plain", new ObjectQuery())).Objects.Length);
        var usage = await store.ReadUsageAsync("plain");
        Assert.Equal(Keys, usage.ObjectCount);
    }

    [Fact]
    public async Task Open_MissingIndex_SetsFilesOfVersionsAside()
    {
        await FillAsync(_folder);
        Directory.Delete(Index, recursive: true);
        await using var store = await BucketStore.OpenAsync(_folder.Path);
        Assert.Equal(Keys, store.SetAsideFiles);
        Assert.Equal(Keys, Directory.GetFiles(_folder[".objects/lost/versions"]).Length);
        Assert.Equal(0, await store.RemoveOrphansAsync());
    }

    [Fact]
    public async Task Repair_UndamagedIndex_ChangesNothing()
    {
        await FillAsync(_folder);
        string[] before = Directory.GetFiles(Index);
        Assert.Empty((await BucketRepair.RunAsync(_folder.Path)).Damages);
        Assert.Equal(before.Order(), Directory.GetFiles(Index).Order());
    }

    [Fact]
    public async Task Repair_WhileOpen_IsRefused()
    {
        await using var store = await BucketStore.OpenAsync(_folder.Path);
        var error = await Assert.ThrowsAsync<TarnException>(() => BucketRepair.RunAsync(_folder.Path));
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
    }

    // Half of the objects in a segment, half in the log; a bucket of plain files, and one with two versions of each key.
    private static async Task FillAsync(TemporaryFolder folder)
    {
        await using var store = await BucketStore.OpenAsync(folder.Path);
        await store.CreateBucketAsync(new BucketRecord("plain", default));
        await store.CreateBucketAsync(new BucketRecord("versions", default) { Versioning = BucketVersioning.Enabled });
        for (int half = 0; half < 2; half++)
        {
            await Task.WhenAll(Enumerable.Range(half * Keys / 2, Keys / 2).Select(async i =>
            {
                await PutAsync(store, "plain", $"folder/{i:000}");
                await PutAsync(store, "versions", $"{i:000}");
                await PutAsync(store, "versions", $"{i:000}");
            }));
            if (half == 0)
                await store.CheckpointAsync();
        }

        // The last batch of a log cannot be told from a torn end when it is damaged.
        await PutAsync(store, "versions", "last");
    }

    private static async Task PutAsync(BucketStore store, string bucket, string key)
    {
        using var write = await store.BeginWriteAsync(bucket);
        await write.WriteAsync(Encoding.UTF8.GetBytes(key));
        await store.CommitAsync(write, new ObjectCommit(key) { ETag = "etag", UserMetadata = ObjectRecord.NoHeaders.Add("name", key) });
    }

    private static async Task FlipAsync(string file, int at)
    {
        byte[] content = await File.ReadAllBytesAsync(file);
        content[at] ^= 0x40;
        await File.WriteAllBytesAsync(file, content);
    }
}
