using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tarn.Storage.Buckets;

namespace Tarn.Testing.Contracts;

/// <summary>What every bucket store does. Derive, give a fresh store, and the tests run.</summary>
public abstract partial class BucketStoreContract
{
    /// <summary>A store with no bucket but <c>lake</c>; the same one during a test.</summary>
    protected abstract IBucketStore Store { get; }

    /// <summary>Puts an object as a door would.</summary>
    protected async Task<ObjectRecord> PutAsync(string bucket, string key, byte[] content, Func<ObjectCommit, ObjectCommit>? change = null)
    {
        using var write = await Store.BeginWriteAsync(bucket, content.Length);
        await write.WriteAsync(content);
        var commit = new ObjectCommit(key) { ETag = Md5(content) };
        return await Store.CommitAsync(write, change?.Invoke(commit) ?? commit);
    }

    protected Task<ObjectRecord> PutAsync(string bucket, string key, string content, Func<ObjectCommit, ObjectCommit>? change = null) =>
        PutAsync(bucket, key, Encoding.UTF8.GetBytes(content), change);

    /// <summary>The bytes of a version as text; null when there is none.</summary>
    protected async Task<string?> TextAsync(string bucket, string key, string? versionId = null)
    {
        using var reader = await Store.OpenAsync(bucket, key, versionId);
        return reader is null || reader.Record.IsDeleteMarker ? null : Encoding.UTF8.GetString(ReadAll(reader));
    }

    protected async Task<string[]> KeysAsync(string bucket, string prefix = "") =>
        [.. (await Store.ListAsync(bucket, new ObjectQuery { Prefix = prefix })).Objects.Select(o => o.Key)];

    protected async Task<string> BucketAsync(string name = "photos", Func<BucketRecord, BucketRecord>? change = null)
    {
        var bucket = new BucketRecord(name, default) { Owner = "owner" };
        await Store.CreateBucketAsync(change?.Invoke(bucket) ?? bucket);
        return name;
    }

    protected static byte[] ReadAll(ObjectReader reader)
    {
        var content = new byte[reader.Record.SizeBytes];
        Assert.Equal(content.Length, reader.Read(content, 0));
        Assert.Equal(0, reader.Read(new byte[1], content.Length));
        return content;
    }

    protected static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));

    protected static async Task AssertFaultAsync(BucketFault fault, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<BucketStoreException>(call);
        Assert.Equal(fault, error.Fault);
    }

    protected static byte[] RandomBytes(int seed, int length)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    [Fact]
    public async Task Create_Bucket_IsListedAndFound()
    {
        await BucketAsync("photos");
        await BucketAsync("archive");
        Assert.Equal(["archive", "lake", "photos"], (await Store.ListBucketsAsync()).Select(b => b.Name));
        Assert.Equal("owner", (await Store.FindBucketAsync("photos"))!.Owner);
        Assert.Null(await Store.FindBucketAsync("none"));
        await AssertFaultAsync(BucketFault.BucketAlreadyExists, () => BucketAsync("photos"));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("-first")]
    [InlineData("last.")]
    [InlineData("two..dots")]
    [InlineData("192.168.1.1")]
    [InlineData("xn--a")]
    [InlineData("a-s3alias")]
    [InlineData("../lake")]
    [InlineData(".objects")]
    [InlineData("tarn.json")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Create_NameAgainstTheRules_IsRefused(string name) => await AssertFaultAsync(BucketFault.InvalidBucketName, () => BucketAsync(name));

    [Fact]
    public async Task Delete_Bucket_OnlyWhenEmpty()
    {
        await BucketAsync();
        await PutAsync("photos", "a/b/c", "x");
        await AssertFaultAsync(BucketFault.BucketNotEmpty, () => Store.DeleteBucketAsync("photos").AsTask());
        await Store.DeleteAsync("photos", "a/b/c", new ObjectDelete());
        await Store.DeleteBucketAsync("photos");
        await AssertFaultAsync(BucketFault.NoSuchBucket, () => PutAsync("photos", "a", "x"));
        await AssertFaultAsync(BucketFault.NoSuchBucket, () => Store.DeleteBucketAsync("photos").AsTask());
        await AssertFaultAsync(BucketFault.InvalidBucketState, () => Store.DeleteBucketAsync("lake").AsTask());
        await BucketAsync();
        Assert.Empty(await KeysAsync("photos"));
    }

    [Fact]
    public async Task Update_Bucket_KeepsConfiguration()
    {
        await BucketAsync();
        var rule = new LifecycleRule("r1", true) { Prefix = "tmp/", ExpirationDays = 3, NoncurrentDays = 1, ExpirationDate = DateTimeOffset.UnixEpoch, Tags = ObjectRecord.NoTags.Add("a", "b") };
        await Store.UpdateBucketAsync("photos", b => b with { QuotaBytes = 5, Lifecycle = [rule], Documents = b.Documents.Add("policy", "{}") });
        var found = (await Store.FindBucketAsync("photos"))!;
        Assert.Equal((5, "{}", rule.ExpirationDays), (found.QuotaBytes!.Value, found.Documents["policy"], found.Lifecycle[0].ExpirationDays));
        await Store.UpdateBucketAsync("photos", b => b with { Versioning = BucketVersioning.Enabled });
        await AssertFaultAsync(BucketFault.InvalidBucketState, () => Store.UpdateBucketAsync("photos", b => b with { Versioning = BucketVersioning.Off }).AsTask());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(128 << 10)]
    [InlineData((128 << 10) + 1)]
    [InlineData(3_000_000)]
    public async Task Put_Content_ReadsBackWhole(int length)
    {
        await BucketAsync();
        byte[] content = RandomBytes(length, length);
        using (var write = await Store.BeginWriteAsync("photos"))
        {
            for (int at = 0; at < length; at += 70_001)
                await write.WriteAsync(content.AsMemory(at, Math.Min(70_001, length - at)));
            Assert.Equal(length, write.SizeBytes);
            var stored = await Store.CommitAsync(write, new ObjectCommit("a/key") { ETag = Md5(content) });
            Assert.Equal((Md5(content), (long)length, "null", true), (stored.ETag, stored.SizeBytes, stored.VersionId, stored.IsLatest));
        }

        using var reader = await Store.OpenAsync("photos", "a/key");
        Assert.Equal(content, ReadAll(reader!));
        if (length > 100)
        {
            var middle = new byte[50];
            Assert.Equal(50, reader!.Read(middle, 40));
            Assert.Equal(content[40..90], middle);
        }

        Assert.Equal(new BucketUsage(1, length), await Store.ReadUsageAsync("photos"));
    }

    [Fact]
    public async Task Put_Metadata_IsGivenBack()
    {
        await BucketAsync();
        ImmutableArray<ObjectChecksum> checksums = [new(ChecksumAlgorithm.Crc32, "AAAAAA=="), new(ChecksumAlgorithm.Sha256, "xx-2", true)];
        await PutAsync("photos", "a", "x", c => c with
        {
            Owner = "me",
            Headers = c.Headers.Add("Content-Type", "text/plain"),
            UserMetadata = c.UserMetadata.Add("color", "grün"),
            Tags = c.Tags.Add("Key", "v1").Add("key", "v2"),
            Checksums = checksums,
        });
        var found = (await Store.HeadAsync("photos", "a"))!;
        Assert.Equal(("me", "text/plain", "grün"), (found.Owner, found.Headers["content-type"], found.UserMetadata["Color"]));
        Assert.Equal(("v1", "v2"), (found.Tags["Key"], found.Tags["key"]));
        Assert.Equal(checksums.ToArray(), found.Checksums.ToArray());
        var changed = await Store.UpdateAsync("photos", "a", null, o => o with { Tags = ObjectRecord.NoTags, ETag = "other", SizeBytes = 77 });
        Assert.Equal((0, found.ETag, 1L), (changed.Tags.Count, changed.ETag, changed.SizeBytes));
        Assert.Empty((await Store.HeadAsync("photos", "a"))!.Tags);
        await AssertFaultAsync(BucketFault.NoSuchKey, () => Store.UpdateAsync("photos", "none", null, o => o).AsTask());
        await AssertFaultAsync(BucketFault.NoSuchVersion, () => Store.UpdateAsync("photos", "a", "none", o => o).AsTask());
    }

    [Fact]
    public async Task Write_Disposed_LeavesNothing()
    {
        await BucketAsync();
        using (var write = await Store.BeginWriteAsync("photos"))
            await write.WriteAsync(new byte[300_000]);
        Assert.Empty(await KeysAsync("photos"));
        Assert.Equal(default, await Store.ReadUsageAsync("photos"));
    }

    [Fact]
    public async Task Overwrite_WithoutVersioning_KeepsTheNewestOnly()
    {
        await BucketAsync();
        await PutAsync("photos", "a", new byte[200_000]);
        using var old = await Store.OpenAsync("photos", "a");
        await PutAsync("photos", "a", "short");
        Assert.Equal("short", await TextAsync("photos", "a"));
        Assert.Equal(new byte[200_000], ReadAll(old!));
        Assert.Equal(new BucketUsage(1, 5), await Store.ReadUsageAsync("photos"));
        Assert.Single((await Store.ListAsync("photos", new ObjectQuery { IncludesVersions = true })).Objects);
    }

    [Fact]
    public async Task Delete_PresentAndAbsent_BothSucceed()
    {
        await BucketAsync();
        await PutAsync("photos", "a", "x");
        Assert.Equal(new DeleteOutcome(null, false, true), await Store.DeleteAsync("photos", "a", new ObjectDelete()));
        Assert.Equal(new DeleteOutcome(null, false, false), await Store.DeleteAsync("photos", "a", new ObjectDelete()));
        Assert.Null(await Store.HeadAsync("photos", "a"));
        Assert.Null(await Store.OpenAsync("photos", "a"));
        Assert.Equal(default, await Store.ReadUsageAsync("photos"));
    }

    [Fact]
    public async Task Copy_PartOfAnObject_HoldsThoseBytes()
    {
        await BucketAsync();
        byte[] content = RandomBytes(5, 400_000);
        await PutAsync("photos", "a", content);
        using var source = await Store.OpenAsync("photos", "a");
        using var write = await Store.BeginWriteAsync("photos");
        await write.CopyAsync(source!, 1000, 300_000);
        await Store.CommitAsync(write, new ObjectCommit("b") { ETag = Md5(content[1000..301_000]) });
        using var copy = await Store.OpenAsync("photos", "b");
        Assert.Equal(content[1000..301_000], ReadAll(copy!));
    }
}
