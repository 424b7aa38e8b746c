using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Core.Storage;
using Tarn.Storage.Local;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Local;

public sealed class LocalObjectStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("s3://lake/ns/t/f.parquet", "lake/ns/t/f.parquet")]
    [InlineData("s3a://lake/a%2Fb", "lake/a%2Fb")]
    [InlineData("s3://lake", "lake")]
    [InlineData("s3://lake/a/../../etc/passwd", "lake/a/.tarn-~.%2E/.tarn-~.%2E/etc/passwd")]
    [InlineData("s3://lake//etc/passwd", "lake/.tarn-~/etc/passwd")]
    [InlineData("s3://lake/t./", "lake/.tarn-~t%2E/")]
    public void ResolvePath_Bucket_IsAFolderOfTheDataFolder(string location, string expected)
    {
        using var store = new LocalObjectStore(_folder.Path);
        Assert.Equal(_folder[expected], store.ResolvePath(location));
    }

    [Theory]
    [InlineData("file:///a/b c%20d", "/a/b c%20d")]
    [InlineData("file:/a/b", "/a/b")]
    [InlineData("file://localhost/a/b", "/a/b")]
    [InlineData("/a//b/./c", "/a/b/c")]
    public void ResolvePath_File_IsTheLocalDisk(string location, string expected)
    {
        using var store = new LocalObjectStore(null);
        Assert.Equal(expected, store.ResolvePath(location));
    }

    [Theory]
    [InlineData("s3://../x")]
    [InlineData("s3://.staging/x")]
    [InlineData("s3://Lake/x")]
    [InlineData("s3://la\0ke/x")]
    [InlineData("relative/path")]
    [InlineData("file://relative/path")]
    [InlineData("")]
    [InlineData("file:")]
    public void ResolvePath_OutOfBounds_IsInvalid(string location)
    {
        using var store = new LocalObjectStore(_folder.Path);
        Assert.Equal(ErrorKind.InvalidRequest, Assert.Throws<TarnException>(() => store.ResolvePath(location)).Kind);
    }

    [Theory]
    [InlineData("hdfs://nn:8020/x")]
    [InlineData("gs://b/x")]
    public void ResolvePath_ForeignScheme_IsUnsupportedAndNamesTheMap(string location)
    {
        using var store = new LocalObjectStore(_folder.Path);
        var error = Assert.Throws<TarnException>(() => store.ResolvePath(location));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("--map", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResolvePath_Mapped_FirstMatchWinsAlsoForRelativeAndClimbingTargets()
    {
        var map = new LocationMap([
            KeyValuePair.Create("s3://old/special/", "/special/"), KeyValuePair.Create("s3n://old/", "../here/"),
            KeyValuePair.Create("warehouse/", "./w/"), KeyValuePair.Create("hdfs://nn/", "s3://lake/")]);
        using var store = new LocalObjectStore(_folder.Path, map);
        Assert.Equal("/special/a", store.ResolvePath("s3a://old/special/a"));
        Assert.Equal(Path.GetFullPath("../here/b"), store.ResolvePath("s3://old/b"));
        Assert.Equal(Path.GetFullPath("w/t"), store.ResolvePath("warehouse/t"));
        Assert.Equal(_folder["lake/x"], store.ResolvePath("hdfs://nn/x"));
        Assert.Throws<TarnException>(() => store.ResolvePath("s3://old/../x"));
    }

    [Fact]
    public void PlaceOf_SpellingsOfOnePlace_AreOneText()
    {
        using var store = new LocalObjectStore(_folder.Path, new LocationMap([KeyValuePair.Create("hdfs://nn/", "s3://lake/")]));
        string place = _folder["lake/ns/t"];
        foreach (string location in new[] { "s3://lake/ns/t", "s3a://lake/ns/t", "hdfs://nn/ns/t", place, "file://" + place, "file:" + place })
            Assert.Equal(place, store.PlaceOf(location));
        Assert.StartsWith(place + "/", store.PlaceOf("hdfs://nn/ns/t/data/f.parquet"), StringComparison.Ordinal);
        Assert.Equal("gs://b/x", store.PlaceOf("gs://b/x"));
    }

    [Fact]
    public void ResolvePath_RelativeWithBase_StartsThere()
    {
        using var store = new LocalObjectStore(null, baseFolder: "/base");
        Assert.Equal("/base/a/b", store.ResolvePath("a/b"));
    }

    [Fact]
    public async Task Reading_DataFolderThatDoesNotExist_CreatesNothing()
    {
        string missing = _folder["none"];
        using (var store = new LocalObjectStore(missing))
        {
            Assert.Null(await store.HeadAsync("s3://lake/a"));
            await foreach (var found in store.ListAsync("s3://lake/"))
                Assert.Fail(found.Location);
            Assert.Equal(0, store.RemoveDeadStaging());
        }

        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task List_BareBucket_ListsTheBucketAlone()
    {
        using var store = new LocalObjectStore(_folder.Path);
        Directory.CreateDirectory(_folder["lake-two"]);
        await store.PutAsync("s3://lake/a", "1"u8.ToArray());
        await store.PutAsync("s3://lake-two/a", "1"u8.ToArray());
        var found = new List<string>();
        await foreach (var stat in store.ListAsync("s3://lake"))
            found.Add(stat.Location);
        Assert.Equal(["s3://lake/a"], found);
    }

    [Fact]
    public async Task Put_UnknownBucket_IsNotFound()
    {
        using var store = new LocalObjectStore(_folder.Path);
        var error = await Assert.ThrowsAsync<TarnException>(() => store.PutAsync("s3://warehouse/a", "1"u8.ToArray()).AsTask());
        Assert.Equal(ErrorKind.NotFound, error.Kind);
    }

    [Fact]
    public async Task Put_BelowAnObject_IsRefusedWithTheReason()
    {
        using var store = new LocalObjectStore(_folder.Path);
        await store.PutAsync("s3://lake/a", "1"u8.ToArray());
        var below = await Assert.ThrowsAsync<TarnException>(() => store.PutAsync("s3://lake/a/b", "1"u8.ToArray()).AsTask());
        Assert.Equal(ErrorKind.InvalidRequest, below.Kind);
        await store.PutAsync("s3://lake/c/d", "1"u8.ToArray());
        var above = await Assert.ThrowsAsync<TarnException>(() => store.PutAsync("s3://lake/c", "1"u8.ToArray(), PutCondition.Overwrite).AsTask());
        Assert.Equal(ErrorKind.Unsupported, above.Kind);
    }

    [Fact]
    public async Task Put_NameTooLong_IsInvalid()
    {
        using var store = new LocalObjectStore(_folder.Path);
        var error = await Assert.ThrowsAsync<TarnException>(() => store.PutAsync($"file://{_folder.Path}/" + new string('x', 300), "1"u8.ToArray()).AsTask());
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        error = await Assert.ThrowsAsync<TarnException>(() => store.PutAsync("s3://lake/" + new string('/', 1000) + "x", "1"u8.ToArray()).AsTask());
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
    }

    [Fact]
    public async Task Put_DiskFull_IsResourceExhaustedAndLeavesNothing()
    {
        if (!File.Exists("/dev/full"))
            return;
        using var store = new LocalObjectStore(_folder.Path, files: new FullDisk());
        var error = await Assert.ThrowsAsync<TarnException>(() => store.PutAsync("s3://lake/a", "1"u8.ToArray()).AsTask());
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
        Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["lake/a"], error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder["lake"]));
    }

    [Fact]
    public void RemoveDeadStaging_LiveAndDead_RemovesTheDeadOnly()
    {
        using var live = new LocalObjectStore(_folder.Path);
        using var staged = live.Stage(".x");
        File.WriteAllText(staged.Path, "x");
        string dead = _folder[".staging/99-dead"], beside = _folder[".tarn-0123.tmp"], victim = _folder["victim"];
        Directory.CreateDirectory(Path.Join(dead, "sub"));
        File.WriteAllText(Path.Join(dead, "sub", "000001.parquet"), "half");
        File.WriteAllText(Path.Join(dead, "000002.beside"), beside);
        File.WriteAllText(Path.Join(dead, "000003.beside"), victim);
        File.WriteAllText(beside, "half");
        File.WriteAllText(victim, "not ours");
        using var other = new LocalObjectStore(_folder.Path);
        Assert.Equal(1, other.RemoveDeadStaging());
        Assert.False(Directory.Exists(dead));
        Assert.False(File.Exists(beside));
        Assert.True(File.Exists(victim));
        Assert.True(File.Exists(staged.Path));
    }

    [Theory]
    [InlineData(FileFailure.NoSpace)]
    [InlineData(FileFailure.ReadOnlyVolume)]
    public async Task RemoveDeadStaging_DiskRefuses_LeavesItForLater(FileFailure failure)
    {
        using (var writer = new LocalObjectStore(_folder.Path))
            await writer.PutAsync("s3://lake/a", "1"u8.ToArray());
        Directory.CreateDirectory(_folder[".staging/99-dead"]);
        using (var store = new LocalObjectStore(_folder.Path, files: new LockRefusingFiles(failure)))
        {
            Assert.Equal(0, store.RemoveDeadStaging());
            Assert.Equal("1"u8.ToArray(), (await store.ReadAsync("s3://lake/a")).ToArray());
            Assert.Throws<TarnException>(() => store.Stage(".parquet"));
        }

        Assert.DoesNotContain(Directory.EnumerateFiles(_folder[".staging"], "*.lock"), path => !path.Contains("99-dead", StringComparison.Ordinal));
        using var later = new LocalObjectStore(_folder.Path);
        Assert.Equal(1, later.RemoveDeadStaging());
    }

    /// <summary>Creates the file of a lock and cannot write into it, as on a full disk.</summary>
    private sealed class LockRefusingFiles(FileFailure failure) : ForwardingFileSystem
    {
        public override IDisposable? TryLock(string path, string holder)
        {
            File.WriteAllBytes(path, []);
            throw FileErrors.Create(failure, path);
        }
    }

    [Fact]
    public async Task Stage_WithoutDataFolder_WorksAndLeavesNothing()
    {
        string path;
        using (var store = new LocalObjectStore(null))
        {
            using var staged = store.Stage(".parquet");
            path = staged.Path;
            File.WriteAllText(path, "x");
            await store.AdoptAsync([(staged, $"file://{_folder.Path}/deep/a.parquet")]);
        }

        Assert.Equal("x", File.ReadAllText(_folder["deep/a.parquet"]));
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    [Fact]
    public async Task Put_ReadOnlyVolume_IsPermissionDeniedAndSaysSo()
    {
        using var store = new LocalObjectStore(_folder.Path, files: new ReadOnlyDisk());
        var error = await Assert.ThrowsAsync<TarnException>(() => store.PutAsync("s3://lake/a/b", "1"u8.ToArray()).AsTask());
        Assert.Equal(ErrorKind.PermissionDenied, error.Kind);
        Assert.Contains("read-only", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://lake/a/b", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.PermissionDenied, Assert.Throws<TarnException>(() => store.Stage(".x")).Kind);
    }

    [Fact]
    public void Dispose_WithStagedFiles_RemovesThem()
    {
        var store = new LocalObjectStore(_folder.Path);
        File.WriteAllText(store.Stage(".x").Path, "x");
        store.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder[".staging"]));
    }

    public void Dispose() => _folder.Dispose();

    private sealed class ReadOnlyDisk : ForwardingFileSystem
    {
        public override bool CreateFolder(string path) =>
            Inner.Stat(path) is { IsFolder: true } ? false : throw FileErrors.Create(FileFailure.ReadOnlyVolume, path);

        public override IFileHandle CreateNew(string path) => throw FileErrors.Create(FileFailure.ReadOnlyVolume, path);
    }

    /// <summary>The real disk, except that writing new files goes to the device that is always full.</summary>
    private sealed class FullDisk : ForwardingFileSystem
    {
        public override IFileHandle CreateNew(string path) => Inner.OpenWrite("/dev/full");
    }
}
