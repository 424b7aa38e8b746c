using System.Security.Cryptography;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Storage.Buckets;
using Tarn.Testing;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Buckets;

/// <summary>
/// The power goes off before a random operation of the disk, any number of times in the life of one store. What was acknowledged is there with the right
/// bytes; the request that was under way happened as a whole or not at all.
/// </summary>
public sealed class PowerCutTests
{
    private const string Folder = "/data";
    private const int Lives = 3, LogContentBytes = 40;

    private static readonly BucketStoreOptions s_options = new() { LogContentBytes = LogContentBytes, LogBytes = 3000, IndexMemoryBytes = 20_000 };
    private static readonly string[] s_buckets = ["plain", "versioned", "suspended"];
    private static readonly string[] s_keys = ["a", "a/b", "x/y/z", "odd//key", "other"];

    [Fact]
    public async Task Requests_UntilThePowerIsCut_StandOrNeverWere()
    {
        for (int round = 0; round < Soak.Rounds(100, 50_000); round++)
            await RunAsync(Soak.Seed + round);
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var disk = new PowerCutFileSystem();
        disk.CreateFolder(Folder);
        disk.SyncFolder("/");
        var model = new Model();
        for (int life = 0; life < Lives; life++)
        {
            disk.CutAt = disk.OperationCount + random.Next(1, 400);
            await LiveAsync(disk, random, model, seed);
            disk = disk.Reboot(seed + life);
            await using var store = await BucketStore.OpenAsync(Folder, s_options, disk);
            await model.VerifyAsync(store, $"seed {seed}, life {life}");
        }
    }

    private static async Task LiveAsync(PowerCutFileSystem disk, Random random, Model model, int seed)
    {
        BucketStore? store = null;
        try
        {
            store = await BucketStore.OpenAsync(Folder, s_options, disk);
            await PrepareAsync(store);
            while (true)
                await RequestAsync(store, random, model);
        }
        catch (Exception error) when (error is TarnException or IOException)
        {
            Assert.True(disk.IsOff, $"seed {seed}: failed with the power on: {error}");
        }
        finally
        {
            await (store?.DisposeAsync() ?? default);
        }
    }

    private static async Task PrepareAsync(BucketStore store)
    {
        foreach (string bucket in s_buckets)
        {
            if (await store.FindBucketAsync(bucket) is null)
                await store.CreateBucketAsync(new BucketRecord(bucket, default) { Versioning = bucket == "plain" ? BucketVersioning.Off : BucketVersioning.Enabled });
        }
    }

    private static async Task RequestAsync(BucketStore store, Random random, Model model)
    {
        string bucket = s_buckets[random.Next(s_buckets.Length)], key = s_keys[random.Next(s_keys.Length)];
        switch (random.Next(12))
        {
            case < 6:
                await PutAsync(store, bucket, key, Content(random), model);
                break;
            case < 8:
                await DeleteAsync(store, bucket, key, model);
                break;
            case 8:
                await RemoveVersionAsync(store, bucket, key, random, model);
                break;
            case 9:
                await UploadAsync(store, bucket, key, Content(random), model);
                break;
            case 10 when bucket == "suspended":
                await store.UpdateBucketAsync(bucket, b => b with { Versioning = random.Next(2) == 0 ? BucketVersioning.Suspended : BucketVersioning.Enabled });
                break;
            default:
                await store.CheckpointAsync();
                break;
        }
    }

    private static async Task PutAsync(BucketStore store, string bucket, string key, string content, Model model)
    {
        using var write = await store.BeginWriteAsync(bucket);
        await write.WriteAsync(Encoding.UTF8.GetBytes(content));
        model.Attempt(bucket, key, await VersioningAsync(store, bucket), content);
        await store.CommitAsync(write, new ObjectCommit(key) { ETag = Md5(content), UserMetadata = ObjectRecord.NoHeaders.Add("content", content) });
        model.Acknowledge();
    }

    private static async Task UploadAsync(BucketStore store, string bucket, string key, string content, Model model)
    {
        var upload = await store.CreateUploadAsync(bucket, new UploadRecord("", default, new ObjectCommit(key) { UserMetadata = ObjectRecord.NoHeaders.Add("content", content) }));
        using var write = await store.BeginWriteAsync(bucket);
        await write.WriteAsync(Encoding.UTF8.GetBytes(content));
        var part = new PartReference(1, Md5(content), []);
        await store.CommitPartAsync(write, key, upload.UploadId, part);
        model.Attempt(bucket, key, await VersioningAsync(store, bucket), content);
        await store.CompleteUploadAsync(bucket, key, upload.UploadId, new UploadCompletion([part]));
        model.Acknowledge();
    }

    private static async Task DeleteAsync(BucketStore store, string bucket, string key, Model model)
    {
        model.Attempt(bucket, key, await VersioningAsync(store, bucket), null);
        await store.DeleteAsync(bucket, key, new ObjectDelete());
        model.Acknowledge();
    }

    private static async Task RemoveVersionAsync(BucketStore store, string bucket, string key, Random random, Model model)
    {
        var versions = (await store.ListAsync(bucket, new ObjectQuery { IncludesVersions = true, Prefix = key })).Objects.Where(o => o.Key == key).ToList();
        if (versions.Count == 0)
            return;
        int chosen = random.Next(versions.Count);
        model.AttemptRemoval(bucket, key, chosen);
        await store.DeleteAsync(bucket, key, new ObjectDelete { VersionId = versions[chosen].VersionId });
        model.Acknowledge();
    }

    private static async Task<BucketVersioning> VersioningAsync(BucketStore store, string bucket) =>
        (await store.FindBucketAsync(bucket))!.Versioning;

    private static string Content(Random random) => $"{random.Next():x8}" + new string('c', random.Next(LogContentBytes * 2));

    private static string Md5(string content) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(content)));

    /// <summary>Contents of the versions of each key, newest first; null for a delete marker. A null version is marked, because a later one replaces it.</summary>
    private sealed class Model
    {
        private readonly Dictionary<(string, string), List<(string? Content, bool IsNull)>> _versions = [];
        private (string Bucket, string Key)? _attempted;
        private List<(string? Content, bool IsNull)> _after = [];

        public void Attempt(string bucket, string key, BucketVersioning versioning, string? content)
        {
            bool isNull = versioning != BucketVersioning.Enabled;
            _after = [.. Of(bucket, key).Where(v => !isNull || !v.IsNull)];
            if (content is not null || versioning != BucketVersioning.Off)
                _after.Insert(0, (content, isNull));
            _attempted = (bucket, key);
        }

        public void AttemptRemoval(string bucket, string key, int index)
        {
            _after = [.. Of(bucket, key)];
            _after.RemoveAt(index);
            _attempted = (bucket, key);
        }

        public void Acknowledge()
        {
            _versions[_attempted!.Value] = _after;
            _attempted = null;
        }

        /// <summary>Compares with what is stored; from then on the interrupted request has happened or not.</summary>
        public async Task VerifyAsync(BucketStore store, string when)
        {
            foreach (var bucket in (await store.ListBucketsAsync()).Where(b => b.Name != "lake"))
            {
                long count = 0, size = 0;
                foreach (string key in s_keys)
                {
                    var found = await ReadAsync(store, bucket.Name, key, when);
                    bool isAfter = _attempted == (bucket.Name, key) && found.SequenceEqual(_after);
                    if (isAfter)
                        _versions[(bucket.Name, key)] = _after;
                    Assert.True(isAfter || found.SequenceEqual(Of(bucket.Name, key)), $"{when}: {bucket.Name}/{key}: found {Text(found)}, expected {Text(Of(bucket.Name, key))}{(_attempted == (bucket.Name, key) ? " or " + Text(_after) : "")}");
                    count += found.Count(f => f.Content is not null);
                    size += found.Sum(f => f.Content?.Length ?? 0);
                }

                Assert.Equal(count, (await store.ReadUsageAsync(bucket.Name)).ObjectCount);
                long parts = (await store.ReadUsageAsync(bucket.Name)).SizeBytes - size;
                Assert.True(parts == 0 || !(await store.ListUploadsAsync(bucket.Name, new UploadQuery())).Uploads.IsEmpty, $"{when}: {parts} bytes too many");
            }

            _attempted = null;
        }

        private List<(string? Content, bool IsNull)> Of(string bucket, string key) => _versions.GetValueOrDefault((bucket, key), []);

        private static async Task<List<(string? Content, bool IsNull)>> ReadAsync(BucketStore store, string bucket, string key, string when)
        {
            var found = new List<(string?, bool)>();
            var page = await store.ListAsync(bucket, new ObjectQuery { IncludesVersions = true, Prefix = key });
            foreach (var version in page.Objects.Where(o => o.Key == key))
            {
                using var reader = await store.OpenAsync(bucket, key, version.VersionId);
                var bytes = new byte[version.SizeBytes];
                Assert.Equal(bytes.Length, reader!.Read(bytes, 0));
                string content = Encoding.UTF8.GetString(bytes);
                bool isRight = version.IsDeleteMarker || (version.UserMetadata["content"] == content && (version.ETag == Md5(content) || version.ETag.EndsWith("-1", StringComparison.Ordinal)));
                Assert.True(isRight, $"{when}: {bucket}/{key} has the bytes of another version");
                found.Add((version.IsDeleteMarker ? null : content, version.VersionId == ObjectRecord.NullVersionId));
            }

            return found;
        }

        private static string Text(IEnumerable<(string? Content, bool IsNull)> versions) =>
            "[" + string.Join(", ", versions.Select(v => (v.Content is null ? "-" : v.Content[..8]) + (v.IsNull ? "*" : ""))) + "]";
    }
}
