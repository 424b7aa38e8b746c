using System.Security.Cryptography;
using System.Text;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Core.Storage;
using Tarn.Storage.Buckets;
using Tarn.Storage.Buckets.Events;
using Tarn.Storage.Buckets.Maintenance;
using Tarn.Storage.Buckets.Outside;
using Tarn.Storage.Local;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Buckets;

/// <summary>What is particular to a store in a data folder: plain files, files that others write, restarts, damage.</summary>
public sealed partial class BucketStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private BucketStore _store = null!;

    public async Task InitializeAsync() => _store = await BucketStore.OpenAsync(_folder.Path);

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Open_TwiceAtOnce_IsRefusedNamingTheProcess()
    {
        var error = await Assert.ThrowsAsync<TarnException>(() => BucketStore.OpenAsync(_folder.Path).AsTask());
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_BeyondTheConfiguredQuota_IsRefusedUnlessTheBucketHasItsOwn()
    {
        await _store.DisposeAsync();
        _store = await BucketStore.OpenAsync(_folder.Path, new BucketStoreOptions { QuotaBytes = new Dictionary<string, long> { ["raw"] = 5 } });
        await _store.CreateBucketAsync(new BucketRecord("raw", default));
        await PutAsync("raw", "a", "12345");
        await PutAsync("lake", "a", "123456");
        var refused = await Assert.ThrowsAsync<BucketStoreException>(() => PutAsync("raw", "b", "6"));
        Assert.Equal(BucketFault.QuotaExceeded, refused.Fault);

        await _store.UpdateBucketAsync("raw", b => b with { QuotaBytes = 6 });
        await PutAsync("raw", "b", "6");
    }

    [Fact]
    public async Task Put_IntoTheLake_IsAPlainFileThatTheEngineReads()
    {
        await PutAsync("lake", "ns/t/f.parquet", "bytes");
        await _store.CreateBucketAsync(new BucketRecord("other", default));
        await PutAsync("other", "a/b", "more");
        Assert.Equal("bytes", File.ReadAllText(_folder["lake/ns/t/f.parquet"]));
        using var engine = new LocalObjectStore(_folder.Path);
        Assert.Equal("bytes", Encoding.UTF8.GetString((await engine.ReadAsync("s3://lake/ns/t/f.parquet")).Span));
        Assert.Equal("more", Encoding.UTF8.GetString((await engine.ReadAsync("s3://other/a/b")).Span));
    }

    [Fact]
    public async Task Files_OfTheEngine_AreObjectsWithStableETags()
    {
        using var engine = new LocalObjectStore(_folder.Path);
        await engine.PutAsync("s3://lake/ns/t/metadata/v1.json", "{}"u8.ToArray());
        using (var staged = engine.Stage(".parquet"))
        {
            await File.WriteAllTextAsync(staged.Path, "rows");
            await engine.AdoptAsync([(staged, "s3://lake/ns/t/data/1.parquet")]);
        }

        Assert.Equal(["ns/t/data/1.parquet", "ns/t/metadata/v1.json"], await KeysAsync("lake"));
        var head = (await _store.HeadAsync("lake", "ns/t/data/1.parquet"))!;
        Assert.EndsWith("-1", head.ETag, StringComparison.Ordinal);
        await ReopenAsync();
        Assert.Equal(head, await _store.HeadAsync("lake", "ns/t/data/1.parquet"));
        Assert.Equal("rows", await TextAsync("lake", "ns/t/data/1.parquet"));
        Assert.Equal(new BucketUsage(2, 6), await _store.ReadUsageAsync("lake"));
        await engine.DeleteAsync("s3://lake/ns/t/data/1.parquet");
        Assert.Equal(["ns/t/metadata/v1.json"], await KeysAsync("lake"));
    }

    [Fact]
    public async Task Files_WithoutANote_AreFoundByTheirKeyAndByReconciling()
    {
        await PutAsync("lake", "put", "by client");
        File.WriteAllText(_folder["lake/new"], "new");
        Assert.Equal("new", await TextAsync("lake", "new"));
        Directory.CreateDirectory(_folder["lake/d"]);
        File.WriteAllText(_folder["lake/d/unseen"], "x");
        File.WriteAllText(_folder["lake/put"], "replaced by somebody");
        Assert.Equal(2, await _store.ReconcileAsync("lake"));
        Assert.Equal(["d/unseen", "new", "put"], await KeysAsync("lake"));
        Assert.Equal("replaced by somebody", await TextAsync("lake", "put"));
        File.Delete(_folder["lake/new"]);
        Assert.Equal(1, await _store.ReconcileAsync("lake"));
        Assert.Null(await _store.HeadAsync("lake", "new"));
        var error = await Assert.ThrowsAsync<BucketStoreException>(() => PutAsync("lake", "d/unseen", "y", new WriteCondition { MustBeAbsent = true }));
        Assert.Equal(BucketFault.PreconditionFailed, error.Fault);
    }

    [Fact]
    public async Task Requests_AfterTheDataFolderVanished_AreUnavailableAndForgetNothing()
    {
        if (OperatingSystem.IsWindows())
            return;
        string stored = (await PutAsync("lake", "kept", "bytes")).ETag, away = _folder.Path + "-away";
        Directory.Move(_folder.Path, away);
        try
        {
            foreach (string content in new[] { "small", new string('x', 300_000) })
                Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<TarnException>(() => PutAsync("lake", "a", content))).Kind);
            Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<TarnException>(() => _store.HeadAsync("lake", "kept").AsTask())).Kind);
        }
        finally
        {
            Directory.Move(away, _folder.Path);
        }

        await PutAsync("lake", "a", "again");
        Assert.Equal(stored, (await _store.HeadAsync("lake", "kept"))!.ETag);
    }

    [Fact]
    public async Task Links_InTheFolderOfABucket_AreNoObjects()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(_folder["secret"], "secret");
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.WriteAllText(_folder["elsewhere/secret"], "secret");
        File.WriteAllText(_folder["lake/inside"], "inside");
        File.CreateSymbolicLink(_folder["lake/out"], _folder["secret"]);
        File.CreateSymbolicLink(_folder["lake/nowhere"], _folder["missing"]);
        File.CreateSymbolicLink(_folder["lake/in"], _folder["lake/inside"]);
        Directory.CreateSymbolicLink(_folder["lake/folder"], _folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["lake/circle"], _folder["lake"]);

        await _store.ReconcileAsync("lake");
        Assert.Equal(["inside"], await KeysAsync("lake"));
        foreach (string key in (string[])["in", "out", "nowhere", "folder/secret", "circle/inside"])
            Assert.Null(await _store.OpenAsync("lake", key));
    }

    [Fact]
    public async Task Put_BehindALinkedFolderOrOverALink_StaysInsideTheBucket()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.WriteAllText(_folder["secret"], "secret");
        Directory.CreateSymbolicLink(_folder["lake/folder"], _folder["elsewhere"]);
        File.CreateSymbolicLink(_folder["lake/out"], _folder["secret"]);

        await PutAsync("lake", "folder/a", "mine");
        await PutAsync("lake", "out", "mine");
        Assert.Empty(Directory.GetFiles(_folder["elsewhere"]));
        Assert.Equal("secret", File.ReadAllText(_folder["secret"]));
        await ReopenAsync();
        Assert.Equal("mine", await TextAsync("lake", "folder/a"));
        Assert.Equal("mine", await TextAsync("lake", "out"));
        Assert.Equal(["folder/a", "out"], await KeysAsync("lake"));
    }

    [Fact]
    public async Task Checksums_OfAFileThatWasNeverPut_AreComputedOnceAndKept()
    {
        File.WriteAllText(_folder["lake/a"], "123456789");
        var head = (await _store.HeadAsync("lake", "a"))!;
        Assert.Empty(head.Checksums);
        // The check value of CRC-32C, RFC 3720.
        var checksum = new ObjectChecksum(ChecksumAlgorithm.Crc32C, Convert.ToBase64String(Convert.FromHexString("e3069283")));
        Assert.Equal(checksum, Assert.Single(await _store.ReadChecksumsAsync("lake", head)));
        await ReopenAsync();
        // Another content under the same length and time shows that nothing is read again; a scrub would find it.
        var modified = File.GetLastWriteTimeUtc(_folder["lake/a"]);
        File.WriteAllText(_folder["lake/a"], "987654321");
        File.SetLastWriteTimeUtc(_folder["lake/a"], modified);
        Assert.Equal(checksum, Assert.Single(await _store.ReadChecksumsAsync("lake", head)));
        Assert.Equal(1, (await new Scrubber(_store, TimeProvider.System, null).RunAsync()).DamagedVersions);
    }

    [Fact]
    public async Task Touched_File_KeepsItsRecord()
    {
        var put = await PutAsync("lake", "a", "same");
        File.SetLastWriteTimeUtc(_folder["lake/a"], DateTime.UtcNow.AddHours(-1));
        Assert.Equal(put.ETag, (await _store.HeadAsync("lake", "a"))!.ETag);
        Assert.Equal("same", await TextAsync("lake", "a"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Uploaded_FileOfAnotherLengthAtTheSameTime_IsDamageAndNoObjectOfItsOwn(int length)
    {
        await _store.CreateBucketAsync(new BucketRecord("other", default));
        var put = await PutAsync("other", "a", "nine byte");
        var time = File.GetLastWriteTimeUtc(_folder["other/a"]);
        using (var file = new FileStream(_folder["other/a"], FileMode.Open))
            file.SetLength(length);
        File.SetLastWriteTimeUtc(_folder["other/a"], time);

        Assert.Equal(BucketFault.ObjectDamaged, (await Assert.ThrowsAsync<BucketStoreException>(() => TextAsync("other", "a"))).Fault);
        Assert.Equal(0, await _store.ReconcileAsync("other"));
        Assert.Equal(put.ETag, (await _store.HeadAsync("other", "a"))!.ETag);
        var reported = new List<string>();
        Assert.Equal(1, (await new Scrubber(_store, TimeProvider.System, null).RunAsync((_, version, _) => reported.Add(version.Key))).DamagedVersions);
        Assert.Equal(["a"], reported);
        await PutAsync("other", "a", "again");
        Assert.Equal("again", await TextAsync("other", "a"));
    }

    [Fact]
    public async Task Replaced_UploadedObject_IsToldAndOtherFilesAreNot()
    {
        await _store.DisposeAsync();
        var told = new List<(string, string)>();
        _store = await BucketStore.OpenAsync(_folder.Path, new BucketStoreOptions { Replaced = (bucket, version) => told.Add((bucket, version.ETag)) });
        await _store.CreateBucketAsync(new BucketRecord("other", default));
        var put = await PutAsync("other", "a", "uploaded");
        Directory.CreateDirectory(_folder["other"]);
        File.WriteAllText(_folder["other/b"], "by hand");
        Assert.Equal("by hand", await TextAsync("other", "b"));
        Assert.Empty(told);

        foreach (string key in (string[])["a", "b"])
        {
            File.WriteAllText(_folder["other/" + key], "replaced by hand");
            File.SetLastWriteTimeUtc(_folder["other/" + key], DateTime.UtcNow.AddHours(1));
            Assert.Equal("replaced by hand", await TextAsync("other", key));
        }

        Assert.Equal([("other", put.ETag)], told);
    }

    [Fact]
    public async Task List_WhileEverythingIsCompared_HearsOfWhatChangesMeanwhile()
    {
        await _store.DisposeAsync();
        using var engine = new LocalObjectStore(_folder.Path);
        using var cancelled = new CancellationTokenSource();
        var meanwhile = new Action(() => { });
        _store = await BucketStore.OpenAsync(_folder.Path, new BucketStoreOptions { Replaced = (_, _) => meanwhile() });
        await PutAsync("lake", "a", "uploaded");
        for (int i = 0; i <= OutsideChanges.NoteLimit; i++)
            File.WriteAllText(_folder[$".objects/outside/{i}"], "");
        File.WriteAllText(_folder["lake/a"], "replaced by hand");
        // So many notes lie there that nobody leaves another one: the first new file makes the order to look at everything.
        await engine.PutAsync("s3://lake/b", "b"u8.ToArray());
        meanwhile = () =>
        {
            engine.PutAsync("s3://lake/c", "c"u8.ToArray()).AsTask().GetAwaiter().GetResult();
            cancelled.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.ListAsync("lake", new ObjectQuery(), cancelled.Token).AsTask());
        Assert.Equal(["a", "b", "c"], await KeysAsync("lake"));
        meanwhile = () => engine.PutAsync("s3://lake/d", "d"u8.ToArray()).AsTask().GetAwaiter().GetResult();
        await PutAsync("lake", "a", "uploaded again");
        File.WriteAllText(_folder["lake/a"], "replaced by hand again");
        File.WriteAllText(_folder[".objects/outside/all"], "");
        await KeysAsync("lake");
        Assert.Equal(["a", "b", "c", "d"], await KeysAsync("lake"));
    }

    [Fact]
    public async Task List_AfterAnOrderToCompareEverything_ComparesEachBucketOnceAndFailsOnlyForTheOneThatCannotBe()
    {
        await _store.DisposeAsync();
        bool isBroken = true;
        int replaced = 0;
        _store = await BucketStore.OpenAsync(_folder.Path, new BucketStoreOptions
        {
            Replaced = (bucket, _) =>
            {
                replaced++;
                if (isBroken && bucket == "bad")
                    throw new IOException("The disk has a hole here.");
            },
        });
        foreach (string bucket in new[] { "bad", "good" })
        {
            await _store.CreateBucketAsync(new BucketRecord(bucket, default));
            foreach (string key in new[] { "a", "b" })
            {
                await PutAsync(bucket, key, "uploaded");
                File.WriteAllText(_folder[$"{bucket}/{key}"], "replaced by hand");
            }
        }

        File.WriteAllText(_folder[".objects/outside/all"], "");
        await Assert.ThrowsAnyAsync<Exception>(() => KeysAsync("bad"));
        Assert.Equal(["a", "b"], await KeysAsync("good"));
        // What nobody noted is not seen: the bucket is not compared again.
        File.WriteAllText(_folder["good/c"], "unnoted");
        Assert.Equal(["a", "b"], await KeysAsync("good"));
        await Assert.ThrowsAnyAsync<Exception>(() => KeysAsync("bad"));
        isBroken = false;
        Assert.Equal(["a", "b"], await KeysAsync("bad"));
        Assert.Equal(4, replaced);
    }

    [Fact]
    public async Task List_NotedFileThatCannotBeLookedAt_FailsWhereItWouldBeShownAndNowhereElse()
    {
        await _store.DisposeAsync();
        var broken = new BrokenFiles();
        _store = await BucketStore.OpenAsync(_folder.Path, files: broken);
        foreach (string bucket in new[] { "bad", "good" })
            await _store.CreateBucketAsync(new BucketRecord(bucket, default));
        foreach (string path in new[] { "bad/in/a", "bad/b", "good/c" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
            File.WriteAllText(_folder[path], "by hand");
        }

        File.WriteAllText(_folder[".objects/outside/1"], "bad/in/a\0bad/b\0good/c");
        broken.Path = _folder["bad/in/a"];
        Assert.Equal(["c"], await KeysAsync("good"));
        var error = await Assert.ThrowsAsync<TarnException>(() => KeysAsync("bad"));
        Assert.Contains("'in/a' of the bucket 'bad'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["b"], (await _store.ListAsync("bad", new ObjectQuery { Prefix = "b" })).Objects.Select(o => o.Key));
        // The next note is followed, and the one that is owed survives a restart.
        File.WriteAllText(_folder["good/d"], "by hand");
        File.WriteAllText(_folder[".objects/outside/2"], "good/d");
        Assert.Equal(["c", "d"], await KeysAsync("good"));
        Assert.Equal([_folder[".objects/outside/1"]], Directory.GetFiles(_folder[".objects/outside"]));
        await _store.DisposeAsync();
        _store = await BucketStore.OpenAsync(_folder.Path, files: broken);
        await Assert.ThrowsAsync<TarnException>(() => KeysAsync("bad"));
        broken.Path = null;
        Assert.Equal(["b", "in/a"], await KeysAsync("bad"));
        Assert.Empty(Directory.GetFiles(_folder[".objects/outside"]));
    }

    [Fact]
    public async Task List_NotedFileOfARemovedBucket_IsForgotten()
    {
        await _store.DisposeAsync();
        var broken = new BrokenFiles();
        _store = await BucketStore.OpenAsync(_folder.Path, files: broken);
        await _store.CreateBucketAsync(new BucketRecord("bad", default));
        File.WriteAllText(_folder[".objects/outside/1"], "bad/a");
        broken.Path = _folder["bad/a"];
        Assert.Empty(await KeysAsync("lake"));
        broken.Path = null;
        await _store.DeleteBucketAsync("bad");
        File.WriteAllText(_folder[".objects/outside/2"], "lake/a");
        Assert.Empty(await KeysAsync("lake"));
        Assert.Empty(Directory.GetFiles(_folder[".objects/outside"]));
    }

    [Fact]
    public async Task Index_Missing_IsMadeFromTheFiles()
    {
        await PutAsync("lake", "a/b", "1");
        await _store.CreateBucketAsync(new BucketRecord("other", default));
        await PutAsync("other", "c", "22");
        await _store.DisposeAsync();
        Directory.Delete(_folder[".objects/index"], recursive: true);
        _store = await BucketStore.OpenAsync(_folder.Path);
        Assert.Equal(["a/b"], await KeysAsync("lake"));
        Assert.Equal("22", await TextAsync("other", "c"));
        Assert.Equal(new BucketUsage(1, 2), await _store.ReadUsageAsync("other"));
    }

    [Fact]
    public async Task Restart_AfterManyRequests_KeepsEverything()
    {
        await _store.CreateBucketAsync(new BucketRecord("versions", default) { Versioning = BucketVersioning.Enabled });
        for (int i = 0; i < 100; i++)
            await PutAsync("versions", $"k{i % 10}", $"{i}");
        await ReopenAsync();
        Assert.Equal("95", await TextAsync("versions", "k5"));
        await _store.CheckpointAsync();
        await ReopenAsync();
        Assert.Equal(100, (await _store.ListAsync("versions", new ObjectQuery { IncludesVersions = true })).Objects.Length);
        Assert.Equal(new BucketUsage(100, 190), await _store.ReadUsageAsync("versions"));
        Assert.Equal("99", File.ReadAllText(_folder["versions/k9"]));
    }

    [Fact]
    public async Task Scrub_DamagedBytes_AreReportedAndOutOfService()
    {
        await _store.CreateBucketAsync(new BucketRecord("other", default));
        await PutAsync("other", "good", "good");
        await PutAsync("other", "bad", "bad bytes");
        await PutAsync("other", "gone", "x");
        var time = File.GetLastWriteTimeUtc(_folder["other/bad"]);
        File.WriteAllText(_folder["other/bad"], "bAd bytes");
        File.SetLastWriteTimeUtc(_folder["other/bad"], time);
        File.Delete(_folder["other/gone"]);
        var reported = new List<string>();
        var outcome = await new Scrubber(_store, TimeProvider.System, null).RunAsync((_, version, _) => reported.Add(version.Key));
        Assert.Equal((3, 2), (outcome.CheckedVersions, outcome.DamagedVersions));
        Assert.Equal(["bad", "gone"], reported);
        foreach (string key in reported)
            Assert.Equal(BucketFault.ObjectDamaged, (await Assert.ThrowsAsync<BucketStoreException>(() => TextAsync("other", key))).Fault);
        Assert.Equal("good", await TextAsync("other", "good"));
        await PutAsync("other", "bad", "again");
        Assert.Equal("again", await TextAsync("other", "bad"));
    }

    [Fact]
    public async Task Orphans_OldEnough_AreRemoved()
    {
        await PutAsync("lake", "odd//key", "own file");
        string orphan = _folder[".objects/files/lake/01/0000000000000001"];
        Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
        File.WriteAllText(orphan, "x");
        Assert.Equal(1, await _store.RemoveOrphansAsync());
        Assert.False(File.Exists(orphan));
        Assert.Equal("own file", await TextAsync("lake", "odd//key"));
    }

    [Fact]
    public async Task Events_OfEveryKind_AreHeard()
    {
        using var queue = _store.Events.Listen(3);
        await PutAsync("lake", "dropped", "x");
        await PutAsync("lake", "a", "x");
        await _store.DeleteAsync("lake", "a", new ObjectDelete());
        File.WriteAllText(_folder["lake/new"], "new");
        await _store.HeadAsync("lake", "new");
        queue.Dispose();
        var heard = new List<(ObjectEventKind, string)>();
        await foreach (var happened in queue.ReadAsync())
            heard.Add((happened.Kind, happened.Record.Key));
        Assert.Equal([(ObjectEventKind.Put, "a"), (ObjectEventKind.Delete, "a"), (ObjectEventKind.Adopted, "new")], heard);
        Assert.Equal(1, queue.DroppedCount);
    }

    [Fact]
    public async Task Staging_AfterAllRequests_IsEmpty()
    {
        await PutAsync("lake", "a", new string('x', 300_000));
        await PutAsync("lake", "b", "x");
        using (var write = await _store.BeginWriteAsync("lake"))
            await write.WriteAsync(new byte[300_000]);
        Assert.Empty(Directory.EnumerateFiles(_folder[".objects/staging"]));
    }

    private async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = await BucketStore.OpenAsync(_folder.Path);
    }

    private async Task<ObjectRecord> PutAsync(string bucket, string key, string content, WriteCondition? condition = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        using var write = await _store.BeginWriteAsync(bucket);
        await write.WriteAsync(bytes);
        return await _store.CommitAsync(write, new ObjectCommit(key) { ETag = Convert.ToHexStringLower(MD5.HashData(bytes)), Condition = condition });
    }

    private async Task<string> TextAsync(string bucket, string key)
    {
        using var reader = await _store.OpenAsync(bucket, key);
        var bytes = new byte[reader!.Record.SizeBytes];
        Assert.Equal(bytes.Length, reader.Read(bytes, 0));
        return Encoding.UTF8.GetString(bytes);
    }

    private async Task<string[]> KeysAsync(string bucket) => [.. (await _store.ListAsync(bucket, new ObjectQuery())).Objects.Select(o => o.Key)];

    /// <summary>A file system with a hole.</summary>
    private sealed class BrokenFiles : ForwardingFileSystem
    {
        public string? Path { get; set; }

        public override FileStat? Stat(string path) => path == Path ? throw new IOException("The disk has a hole here.") : base.Stat(path);
    }
}
