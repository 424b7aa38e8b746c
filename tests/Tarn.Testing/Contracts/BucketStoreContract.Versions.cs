using Tarn.Storage.Buckets;

namespace Tarn.Testing.Contracts;

public abstract partial class BucketStoreContract
{
    [Fact]
    public async Task Put_WithVersioning_KeepsEveryVersion()
    {
        await BucketAsync(change: b => b with { Versioning = BucketVersioning.Enabled });
        var first = await PutAsync("photos", "a", "one");
        var second = await PutAsync("photos", "a", new byte[200_000]);
        var third = await PutAsync("photos", "a", "three");
        Assert.Equal(3, new[] { first, second, third }.Select(v => v.VersionId).Distinct().Count());
        Assert.Equal(("three", "one"), (await TextAsync("photos", "a"), await TextAsync("photos", "a", first.VersionId)));
        Assert.Equal(200_000, (await Store.HeadAsync("photos", "a", second.VersionId))!.SizeBytes);
        Assert.Equal(new BucketUsage(3, 200_008), await Store.ReadUsageAsync("photos"));
        Assert.False((await Store.HeadAsync("photos", "a", first.VersionId))!.IsLatest);
        await Store.DeleteAsync("photos", "a", new ObjectDelete { VersionId = third.VersionId });
        using var now = await Store.OpenAsync("photos", "a");
        Assert.Equal((second.VersionId, true), (now!.Record.VersionId, now.Record.IsLatest));
        Assert.Equal(new byte[200_000], ReadAll(now));
    }

    [Fact]
    public async Task Delete_WithVersioning_MakesAMarkerThatCanBeRemoved()
    {
        await BucketAsync(change: b => b with { Versioning = BucketVersioning.Enabled });
        var stored = await PutAsync("photos", "a", "one");
        var outcome = await Store.DeleteAsync("photos", "a", new ObjectDelete { Owner = "me" });
        Assert.True(outcome is { IsDeleteMarker: true, HasRemoved: false });
        var marker = (await Store.HeadAsync("photos", "a"))!;
        Assert.Equal((outcome.VersionId, true, "me"), (marker.VersionId, marker.IsDeleteMarker, marker.Owner));
        using (var reader = await Store.OpenAsync("photos", "a"))
            Assert.Equal((true, 0), (reader!.Record.IsDeleteMarker, reader.Read(new byte[1], 0)));
        Assert.Empty(await KeysAsync("photos"));
        Assert.Equal("one", await TextAsync("photos", "a", stored.VersionId));
        await AssertFaultAsync(BucketFault.MethodNotAllowed, () => Store.UpdateAsync("photos", "a", null, o => o).AsTask());
        await AssertFaultAsync(BucketFault.BucketNotEmpty, () => Store.DeleteBucketAsync("photos").AsTask());
        Assert.Equal(new DeleteOutcome(outcome.VersionId, true, true), await Store.DeleteAsync("photos", "a", new ObjectDelete { VersionId = outcome.VersionId }));
        Assert.Equal("one", await TextAsync("photos", "a"));
        Assert.Equal(new DeleteOutcome("none", false, false), await Store.DeleteAsync("photos", "a", new ObjectDelete { VersionId = "none" }));
    }

    [Fact]
    public async Task Suspended_Versioning_ReplacesTheNullVersionOnly()
    {
        await BucketAsync();
        await PutAsync("photos", "a", "before");
        await Store.UpdateBucketAsync("photos", b => b with { Versioning = BucketVersioning.Enabled });
        var kept = await PutAsync("photos", "a", "versioned");
        Assert.Equal("before", await TextAsync("photos", "a", "null"));
        await Store.UpdateBucketAsync("photos", b => b with { Versioning = BucketVersioning.Suspended });
        Assert.Equal("null", (await PutAsync("photos", "a", "after")).VersionId);
        Assert.Equal(("after", "after", "versioned"), (await TextAsync("photos", "a"), await TextAsync("photos", "a", "null"), await TextAsync("photos", "a", kept.VersionId)));
        Assert.Equal(2, (await Store.ListAsync("photos", new ObjectQuery { IncludesVersions = true })).Objects.Length);
        var outcome = await Store.DeleteAsync("photos", "a", new ObjectDelete());
        Assert.Equal(new DeleteOutcome("null", true, false), outcome);
        Assert.Equal(["null", kept.VersionId], (await Store.ListAsync("photos", new ObjectQuery { IncludesVersions = true })).Objects.Select(o => o.VersionId));
        Assert.Equal(new BucketUsage(1, 9), await Store.ReadUsageAsync("photos"));
    }

    [Fact]
    public async Task ObjectLock_Retention_IsKept()
    {
        await BucketAsync(change: b => b with { Versioning = BucketVersioning.Enabled, ObjectLock = new ObjectLockSettings() });
        var until = DateTimeOffset.UtcNow.AddDays(2);
        var governed = await PutAsync("photos", "a", "x", c => c with { Retention = new ObjectRetention(RetentionMode.Governance, until) });
        var complied = await PutAsync("photos", "b", "x", c => c with { Retention = new ObjectRetention(RetentionMode.Compliance, until) });
        var held = await PutAsync("photos", "c", "x", c => c with { HasLegalHold = true });
        foreach (var version in (ObjectRecord[])[governed, complied, held])
            await AssertFaultAsync(BucketFault.ObjectLocked, () => RemoveAsync(version, bypass: false));
        await AssertFaultAsync(BucketFault.ObjectLocked, () => RemoveAsync(complied, bypass: true));
        await AssertFaultAsync(BucketFault.ObjectLocked, () => Store.UpdateAsync("photos", "a", null, o => o with { Retention = null }).AsTask());
        await AssertFaultAsync(BucketFault.ObjectLocked, () => Store.UpdateAsync("photos", "b", null, o => o with { Retention = o.Retention! with { RetainUntil = until.AddDays(-1) } }, true).AsTask());
        await Store.UpdateAsync("photos", "b", null, o => o with { Retention = o.Retention! with { RetainUntil = until.AddDays(1) } });
        await Store.UpdateAsync("photos", "c", null, o => o with { HasLegalHold = false });
        await RemoveAsync(held, bypass: false);
        await RemoveAsync(governed, bypass: true);
        Assert.True((await Store.DeleteAsync("photos", "b", new ObjectDelete())).IsDeleteMarker);
        Assert.Equal("x", await TextAsync("photos", "b", complied.VersionId));
    }

    [Fact]
    public async Task ObjectLock_DefaultRetention_IsGivenToNewVersions()
    {
        await BucketAsync(change: b => b with { Versioning = BucketVersioning.Enabled, ObjectLock = new ObjectLockSettings(RetentionMode.Governance, DefaultDays: 3) });
        var stored = await PutAsync("photos", "a", "x");
        Assert.Equal(RetentionMode.Governance, stored.Retention!.Mode);
        Assert.Equal(stored.LastModified.AddDays(3), stored.Retention.RetainUntil);
        await BucketAsync("plain");
        await AssertFaultAsync(BucketFault.InvalidBucketState, () => PutAsync("plain", "a", "x", c => c with { HasLegalHold = true }));
        await AssertFaultAsync(BucketFault.InvalidBucketState, () => Store.UpdateBucketAsync("plain", b => b with { ObjectLock = new ObjectLockSettings() }).AsTask());
        await AssertFaultAsync(BucketFault.InvalidBucketState, () => Store.UpdateBucketAsync("photos", b => b with { Versioning = BucketVersioning.Suspended }).AsTask());
    }

    [Fact]
    public async Task Conditions_OnWritesAndDeletes_AreChecked()
    {
        await BucketAsync();
        var absent = new WriteCondition { MustBeAbsent = true };
        var stored = await PutAsync("photos", "a", "one", c => c with { Condition = absent });
        await AssertFaultAsync(BucketFault.PreconditionFailed, () => PutAsync("photos", "a", "two", c => c with { Condition = absent }));
        await AssertFaultAsync(BucketFault.PreconditionFailed, () => PutAsync("photos", "a", "two", c => c with { Condition = new WriteCondition { ETag = "other" } }));
        await AssertFaultAsync(BucketFault.NoSuchKey, () => PutAsync("photos", "none", "two", c => c with { Condition = new WriteCondition { ETag = "other" } }));
        await PutAsync("photos", "a", "two", c => c with { Condition = new WriteCondition { ETag = stored.ETag } });
        await AssertFaultAsync(BucketFault.PreconditionFailed, () => Store.DeleteAsync("photos", "a", new ObjectDelete { Condition = new WriteCondition { ETag = stored.ETag } }).AsTask());
        await AssertFaultAsync(BucketFault.PreconditionFailed, () => Store.DeleteAsync("photos", "a", new ObjectDelete { Condition = new WriteCondition { SizeBytes = 77 } }).AsTask());
        Assert.Equal("two", await TextAsync("photos", "a"));
        await Store.DeleteAsync("photos", "a", new ObjectDelete { Condition = new WriteCondition { ETag = "*", SizeBytes = 3 } });
        Assert.Null(await TextAsync("photos", "a"));
    }

    [Fact]
    public async Task Delete_VersionThatIsGone_SucceedsWhateverTheCondition()
    {
        await BucketAsync(change: b => b with { Versioning = BucketVersioning.Enabled });
        var stored = await PutAsync("photos", "a", "one");
        var delete = new ObjectDelete { VersionId = stored.VersionId, Condition = new WriteCondition { ETag = "other" } };
        await AssertFaultAsync(BucketFault.PreconditionFailed, () => Store.DeleteAsync("photos", "a", delete).AsTask());
        await Store.DeleteAsync("photos", "a", delete with { Condition = new WriteCondition { ETag = stored.ETag } });

        Assert.False((await Store.DeleteAsync("photos", "a", delete)).HasRemoved);
    }

    [Fact]
    public async Task Delete_NullVersionThatIsGone_KeepsTheCondition()
    {
        await BucketAsync();
        var delete = new ObjectDelete { VersionId = ObjectRecord.NullVersionId, Condition = new WriteCondition { ETag = "other" } };
        await AssertFaultAsync(BucketFault.NoSuchKey, () => Store.DeleteAsync("photos", "a", delete).AsTask());

        Assert.False((await Store.DeleteAsync("photos", "a", delete with { Condition = null })).HasRemoved);
    }

    [Fact]
    public async Task Conditions_ByManyAtOnce_OneWins()
    {
        await BucketAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await PutAsync("photos", "race", $"{i}", c => c with { Condition = new WriteCondition { MustBeAbsent = true } });
                return i;
            }
            catch (BucketStoreException error) when (error.Fault is BucketFault.PreconditionFailed or BucketFault.ConditionalConflict)
            {
                return -1;
            }
        })));
        Assert.Equal($"{Assert.Single(outcomes, o => o >= 0)}", await TextAsync("photos", "race"));
    }

    [Fact]
    public async Task Read_WhileOthersOverwrite_SeesRecordAndBytesOfOneVersion()
    {
        await BucketAsync();
        await PutAsync("photos", "a", "0000");
        var writers = Enumerable.Range(0, 2).Select(w => Task.Run(async () =>
        {
            for (int i = 0; i < 60; i++)
                await PutAsync("photos", "a", $"{(w * 60) + i:D4}");
        })).ToArray();
        int seen = 0;
        while (!Task.WhenAll(writers).IsCompleted || seen == 0)
        {
            using var reader = await Store.OpenAsync("photos", "a");
            Assert.Equal(reader!.Record.ETag, Md5(ReadAll(reader)));
            seen++;
        }

        await Task.WhenAll(writers);
    }

    private Task RemoveAsync(ObjectRecord version, bool bypass) =>
        Store.DeleteAsync("photos", version.Key, new ObjectDelete { VersionId = version.VersionId, BypassesGovernance = bypass }).AsTask();
}
