using System.Collections.Immutable;
using Tarn.Storage.Buckets;

namespace Tarn.Testing.Contracts;

public abstract partial class BucketStoreContract
{
    private const int PartBytes = 5 << 20;

    [Fact]
    public async Task Upload_PartsOutOfOrder_BecomeTheObject()
    {
        await BucketAsync();
        var upload = await BeginAsync("big/object", c => c with { Headers = c.Headers.Add("Content-Type", "x/y") });
        byte[] content = RandomBytes(3, (2 * PartBytes) + 1000);
        byte[][] parts = [content[..PartBytes], content[PartBytes..(2 * PartBytes)], content[(2 * PartBytes)..]];
        foreach (int number in (int[])[3, 1, 2])
            await PartAsync(upload, number, parts[number - 1]);
        await PartAsync(upload, 7, [1, 2, 3]);
        Assert.Equal(content.Length + 3L, (await Store.ReadUsageAsync("photos")).SizeBytes);
        var completion = new UploadCompletion([.. parts.Select((p, i) => new PartReference(i + 1, Md5(p), []))])
        {
            Checksums = found => [new ObjectChecksum(ChecksumAlgorithm.Sha1, $"of {found.Length}", true)],
        };
        var made = await Store.CompleteUploadAsync("photos", "big/object", upload.UploadId, completion);
        string expected = Md5([.. parts.SelectMany(p => System.Security.Cryptography.MD5.HashData(p))]) + "-3";
        Assert.Equal((expected, (long)content.Length, "x/y", "of 3"), (made.ETag, made.SizeBytes, made.Headers["Content-Type"], made.Checksums[0].Value));
        Assert.Equal([(1, PartBytes), (2, PartBytes), (3, 1000)], made.Parts.Select(p => (p.Number, (int)p.SizeBytes)));
        using var reader = await Store.OpenAsync("photos", "big/object");
        Assert.Equal(content, ReadAll(reader!));
        Assert.Equal(new BucketUsage(1, content.Length), await Store.ReadUsageAsync("photos"));
        Assert.Empty((await Store.ListUploadsAsync("photos", new UploadQuery())).Uploads);
        Assert.Equal(made.ETag, (await Store.CompleteUploadAsync("photos", "big/object", upload.UploadId, completion)).ETag);
        await AssertFaultAsync(BucketFault.NoSuchUpload, () => PartAsync(upload, 1, [1]));
    }

    [Fact]
    public async Task Upload_Part_IsReplacedByALaterOne()
    {
        await BucketAsync();
        var upload = await BeginAsync("a");
        await PartAsync(upload, 1, RandomBytes(1, 300_000));
        await PartAsync(upload, 1, "second"u8.ToArray());
        Assert.Equal(6, (await Store.ReadUsageAsync("photos")).SizeBytes);
        await AssertFaultAsync(BucketFault.InvalidPart, () => CompleteAsync(upload, new PartReference(1, Md5(RandomBytes(1, 300_000)), [])));
        await CompleteAsync(upload, new PartReference(1, Md5("second"u8.ToArray()), []));
        Assert.Equal("second", await TextAsync("photos", "a"));
    }

    [Fact]
    public async Task Upload_WrongCompletions_AreRefusedAndLeaveItUsable()
    {
        await BucketAsync();
        var upload = await BeginAsync("a");
        byte[] small = [1, 2, 3], other = [4];
        await PartAsync(upload, 1, small, new ObjectChecksum(ChecksumAlgorithm.Crc32, "AAAA"));
        await PartAsync(upload, 2, other);
        PartReference one = new(1, Md5(small), []), two = new(2, Md5(other), []);
        await AssertFaultAsync(BucketFault.InvalidPart, () => CompleteAsync(upload));
        await AssertFaultAsync(BucketFault.InvalidPart, () => CompleteAsync(upload, one, two with { Number = 3 }));
        await AssertFaultAsync(BucketFault.InvalidPart, () => CompleteAsync(upload, one with { Checksums = [new(ChecksumAlgorithm.Crc32, "BBBB")] }));
        await AssertFaultAsync(BucketFault.InvalidPartOrder, () => CompleteAsync(upload, two, one));
        await AssertFaultAsync(BucketFault.InvalidPartOrder, () => CompleteAsync(upload, one, one));
        await AssertFaultAsync(BucketFault.EntityTooSmall, () => CompleteAsync(upload, one, two));
        await AssertFaultAsync(BucketFault.InvalidPartNumber, () => PartAsync(upload, 0, small));
        await AssertFaultAsync(BucketFault.InvalidPartNumber, () => PartAsync(upload, 10_001, small));
        await AssertFaultAsync(BucketFault.NoSuchUpload, () => CompleteAsync(upload with { UploadId = new string('0', 32) }, one));
        await AssertFaultAsync(BucketFault.NoSuchUpload, () => CompleteAsync(upload with { Commit = new ObjectCommit("b") }, one));
        await CompleteAsync(upload, one with { Checksums = [new(ChecksumAlgorithm.Crc32, "AAAA")] });
        Assert.Equal(new BucketUsage(1, 3), await Store.ReadUsageAsync("photos"));
    }

    [Fact]
    public async Task Upload_Aborted_IsGone()
    {
        await BucketAsync();
        var upload = await BeginAsync("a");
        await PartAsync(upload, 1, RandomBytes(1, 300_000));
        await AssertFaultAsync(BucketFault.BucketNotEmpty, () => Store.DeleteBucketAsync("photos").AsTask());
        await Store.AbortUploadAsync("photos", "a", upload.UploadId);
        await AssertFaultAsync(BucketFault.NoSuchUpload, () => Store.AbortUploadAsync("photos", "a", upload.UploadId).AsTask());
        await AssertFaultAsync(BucketFault.NoSuchUpload, () => Store.ListPartsAsync("photos", "a", upload.UploadId).AsTask());
        Assert.Equal(default, await Store.ReadUsageAsync("photos"));
        await Store.DeleteBucketAsync("photos");
    }

    [Fact]
    public async Task ListParts_PageByPage_GivesEachOnce()
    {
        await BucketAsync();
        var upload = await BeginAsync("a");
        for (int number = 1; number <= 7; number++)
            await PartAsync(upload, number * 1000, [(byte)number]);
        var first = await Store.ListPartsAsync("photos", "a", upload.UploadId, limit: 5);
        var second = await Store.ListPartsAsync("photos", "a", upload.UploadId, first.Parts[^1].Number, 5);
        Assert.Equal((true, false), (first.IsTruncated, second.IsTruncated));
        Assert.Equal([1000, 2000, 3000, 4000, 5000, 6000, 7000], first.Parts.Concat(second.Parts).Select(p => p.Number));
        Assert.Equal(Md5([1]), first.Parts[0].ETag);
    }

    [Fact]
    public async Task ListUploads_PageByPage_GivesEachOnceInOrder()
    {
        await BucketAsync();
        var begun = new List<(string Key, string Id)>();
        foreach (string key in (string[])["b", "a", "b", "c/1", "c/2", "a"])
            begun.Add((key, (await BeginAsync(key)).UploadId));
        var found = new List<(string, string)>();
        string? afterKey = null, afterId = null;
        do
        {
            var page = await Store.ListUploadsAsync("photos", new UploadQuery { AfterKey = afterKey, AfterUploadId = afterId, Limit = 2 });
            found.AddRange(page.Uploads.Select(u => (u.Commit.Key, u.UploadId)));
            (afterKey, afterId) = (page.NextKey, page.NextUploadId);
        }
        while (afterKey is not null);
        Assert.Equal(begun.OrderBy(u => u.Key, StringComparer.Ordinal).ThenBy(u => u.Id, StringComparer.Ordinal), found);
        var rolled = await Store.ListUploadsAsync("photos", new UploadQuery { Delimiter = "/" });
        Assert.Equal((4, "c/"), (rolled.Uploads.Length, Assert.Single(rolled.CommonPrefixes)));
    }

    private async Task<UploadRecord> BeginAsync(string key, Func<ObjectCommit, ObjectCommit>? change = null)
    {
        var commit = new ObjectCommit(key);
        return await Store.CreateUploadAsync("photos", new UploadRecord("", default, change?.Invoke(commit) ?? commit));
    }

    private async Task<UploadPart> PartAsync(UploadRecord upload, int number, byte[] content, params ImmutableArray<ObjectChecksum> checksums)
    {
        using var write = await Store.BeginWriteAsync("photos");
        await write.WriteAsync(content);
        return await Store.CommitPartAsync(write, upload.Commit.Key, upload.UploadId, new PartReference(number, Md5(content), checksums));
    }

    private async Task<ObjectRecord> CompleteAsync(UploadRecord upload, params ImmutableArray<PartReference> parts) =>
        await Store.CompleteUploadAsync("photos", upload.Commit.Key, upload.UploadId, new UploadCompletion(parts));
}
