using System.Collections.Immutable;
using Tarn.Storage.Buckets;

namespace Tarn.Testing.Contracts;

public abstract partial class BucketStoreContract
{
    [Fact]
    public async Task Quota_Exceeded_IsRefusedBeforeAndWhileTheBytesCome()
    {
        await QuotaAsync(10);
        await PutAsync("photos", "a", "12345678");
        await AssertFaultAsync(BucketFault.QuotaExceeded, () => PutAsync("photos", "b", "123"));
        using (var write = await Store.BeginWriteAsync("photos"))
        {
            await write.WriteAsync(new byte[2]);
            await AssertFaultAsync(BucketFault.QuotaExceeded, () => write.WriteAsync(new byte[1]).AsTask());
        }

        await PutAsync("photos", "b", "12");
        Assert.Equal(new BucketUsage(2, 10), await Store.ReadUsageAsync("photos"));
    }

    [Fact]
    public async Task Quota_OfABucketCreatedAgain_CountsWritesBegunBefore()
    {
        await Store.CreateBucketAsync(new BucketRecord("short", default));
        using var begun = await Store.BeginWriteAsync("short");
        await begun.WriteAsync(new byte[6]);
        using var other = await Store.BeginWriteAsync("short");
        await other.WriteAsync(new byte[5]);
        await Store.DeleteBucketAsync("short");
        await Store.CreateBucketAsync(new BucketRecord("short", default) { QuotaBytes = 10 });

        await Store.CommitAsync(begun, new ObjectCommit("a") { ETag = Md5(new byte[6]) });
        await AssertFaultAsync(BucketFault.QuotaExceeded, () => Store.CommitAsync(other, new ObjectCommit("b") { ETag = Md5(new byte[5]) }).AsTask());
        await PutAsync("short", "c", "1234");
        await AssertFaultAsync(BucketFault.QuotaExceeded, () => PutAsync("short", "d", "1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Quota_ParallelPuts_AreAcceptedAsFarAsTheyFit(bool isLengthKnown)
    {
        const int Length = 100_000, Fitting = 10;
        await QuotaAsync((Length * Fitting) + 1);
        bool[] accepted = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => TryPutAsync($"k{i}", Length, isLengthKnown))));
        if (isLengthKnown)
            Assert.Equal(Fitting, accepted.Count(a => a));
        // Of those whose length nobody knows, all may hold some of the room and be refused for the rest.
        Assert.InRange(accepted.Count(a => a), 0, Fitting);
        Assert.Equal(new BucketUsage(accepted.Count(a => a), accepted.Count(a => a) * Length), await Store.ReadUsageAsync("photos"));
        for (int i = accepted.Count(a => a); i < Fitting; i++)
            Assert.True(await TryPutAsync($"later{i}", Length, isLengthKnown));
        Assert.False(await TryPutAsync("more", Length, isLengthKnown));
    }

    [Fact]
    public async Task Quota_ParallelParts_AreAcceptedAsFarAsTheyFit()
    {
        const int Length = 100_000, Fitting = 10;
        await QuotaAsync(Length * Fitting);
        var upload = await BeginAsync("big");
        async Task<PartReference?> TryPartAsync(int number)
        {
            try
            {
                using var write = await Store.BeginWriteAsync("photos", Length, new WriteTarget("big", upload.UploadId, number));
                await write.WriteAsync(new byte[Length]);
                var part = await Store.CommitPartAsync(write, "big", upload.UploadId, new PartReference(number, Md5(new byte[Length]), []));
                return new PartReference(number, part.ETag, []);
            }
            catch (BucketStoreException refused) when (refused.Fault == BucketFault.QuotaExceeded)
            {
                return null;
            }
        }

        var parts = (await Task.WhenAll(Enumerable.Range(1, 32).Select(n => Task.Run(() => TryPartAsync(n))))).OfType<PartReference>().ToImmutableArray();
        Assert.Equal(Fitting, parts.Length);
        Assert.NotNull(await TryPartAsync(parts[0].Number));
        await CompleteAsync(upload, parts[0]);
        Assert.Equal(new BucketUsage(1, Length), await Store.ReadUsageAsync("photos"));
        Assert.True(await TryPutAsync("rest", Length * (Fitting - 1)));
    }

    [Fact]
    public async Task Quota_Overwrite_CountsWhatItReplacesAsFree()
    {
        await QuotaAsync(1_000_000);
        Assert.True(await TryPutAsync("a", 900_000));
        Assert.True(await TryPutAsync("a", 900_000));
        Assert.True(await TryPutAsync("a", 1_000_000, isLengthKnown: false));
        Assert.False(await TryPutAsync("a", 1_000_001));
        Assert.False(await TryPutAsync("b", 1));
        await Store.UpdateBucketAsync("photos", b => b with { QuotaBytes = 500_000 });
        Assert.False(await TryPutAsync("b", 1));
        Assert.True(await TryPutAsync("a", 600_000));
        Assert.Equal(new BucketUsage(1, 600_000), await Store.ReadUsageAsync("photos"));
    }

    [Fact]
    public async Task Quota_Overwrite_OfAVersionThatStays_CountsWhole()
    {
        await QuotaAsync(1_000_000);
        await Store.UpdateBucketAsync("photos", b => b with { Versioning = BucketVersioning.Enabled });
        Assert.True(await TryPutAsync("a", 600_000));
        Assert.False(await TryPutAsync("a", 600_000));
    }

    [Fact]
    public async Task Quota_WriteGivenUpOrRefused_GivesItsPlaceBack()
    {
        await QuotaAsync(10);
        using (await Store.BeginWriteAsync("photos", 10))
            await AssertFaultAsync(BucketFault.QuotaExceeded, () => Store.BeginWriteAsync("photos", 1).AsTask());
        using (var write = await Store.BeginWriteAsync("photos", 10))
        {
            await write.WriteAsync(new byte[10]);
            var commit = new ObjectCommit("a") { ETag = Md5(new byte[10]), Condition = new WriteCondition { ETag = "other" } };
            await AssertFaultAsync(BucketFault.NoSuchKey, () => Store.CommitAsync(write, commit).AsTask());
        }

        Assert.True(await TryPutAsync("a", 10));
    }

    [Fact]
    public async Task Quota_RoomThatAnOverwriteCountedOn_IsCountedAgainWhenItIsGone()
    {
        await QuotaAsync(10);
        Assert.True(await TryPutAsync("a", 10));
        using var write = await Store.BeginWriteAsync("photos", 10, new WriteTarget("a"));
        await write.WriteAsync(new byte[10]);
        await Store.DeleteAsync("photos", "a", new ObjectDelete());
        Assert.True(await TryPutAsync("b", 1));
        await AssertFaultAsync(BucketFault.QuotaExceeded, () => Store.CommitAsync(write, new ObjectCommit("a") { ETag = Md5(new byte[10]) }).AsTask());
        Assert.Equal(new BucketUsage(1, 1), await Store.ReadUsageAsync("photos"));
    }

    private Task<string> QuotaAsync(long bytes) => BucketAsync(change: b => b with { QuotaBytes = bytes });

    private async Task<bool> TryPutAsync(string key, int length, bool isLengthKnown = true)
    {
        try
        {
            using var write = await Store.BeginWriteAsync("photos", isLengthKnown ? length : null, new WriteTarget(key));
            byte[] content = new byte[length];
            for (int at = 0; at < length; at += 30_000)
                await write.WriteAsync(content.AsMemory(at, Math.Min(30_000, length - at)));
            await Store.CommitAsync(write, new ObjectCommit(key) { ETag = Md5(content) });
            return true;
        }
        catch (BucketStoreException refused) when (refused.Fault == BucketFault.QuotaExceeded)
        {
            return false;
        }
    }
}
