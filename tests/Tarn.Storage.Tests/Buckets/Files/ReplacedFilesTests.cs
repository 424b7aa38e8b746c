using Tarn.Core.Files;
using Tarn.Storage.Buckets;
using Tarn.Storage.Buckets.Files;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Buckets.Files;

/// <summary>Large files that others replace are freed behind the back of whoever waits.</summary>
public sealed class ReplacedFilesTests
{
    private const int LargeBytes = 2 << 20;

    [Fact]
    public async Task Commit_OverALargeObject_ClosesTheOldFileAfterTheRename()
    {
        using var folder = new TemporaryFolder();
        var disk = new WatchedDisk();
        await using var store = await BucketStore.OpenAsync(folder.Path, files: disk);
        await PutAsync(store, 1);
        disk.Replaced = folder["lake/large"];
        await PutAsync(store, 2);
        await disk.Closed.Task;
        Assert.Equal(["open", "rename", "close"], disk.Steps);
        Assert.Equal(2, File.ReadAllBytes(folder["lake/large"])[0]);
    }

    [Fact]
    public void Hold_SmallOrMissingFile_HoldsNothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["small"], new byte[100]);
        var replaced = new ReplacedFiles(PhysicalFileSystem.Instance);
        Assert.Null(replaced.Hold(folder["small"]));
        Assert.Null(replaced.Hold(folder["missing"]));
        Assert.Null(replaced.Hold(folder.Path));
    }

    [Fact]
    public void Hold_MoreThanTheLimit_HoldsNothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["large"], new byte[LargeBytes]);
        var replaced = new ReplacedFiles(PhysicalFileSystem.Instance);
        var held = Enumerable.Range(0, ReplacedFiles.MostHeld).Select(_ => replaced.Hold(folder["large"])).ToList();
        Assert.All(held, Assert.NotNull);
        Assert.Null(replaced.Hold(folder["large"]));
        held.ForEach(h => h!.Dispose());
    }

    private static async Task PutAsync(BucketStore store, byte first)
    {
        using var write = await store.BeginWriteAsync("lake");
        var content = new byte[LargeBytes];
        content[0] = first;
        await write.WriteAsync(content);
        await store.CommitAsync(write, new ObjectCommit("large") { ETag = "etag" });
    }

    private sealed class WatchedDisk : ForwardingFileSystem
    {
        public string? Replaced { get; set; }

        public List<string> Steps { get; } = [];

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override IFileHandle OpenRead(string path)
        {
            var handle = base.OpenRead(path);
            if (path != Replaced)
                return handle;
            Steps.Add("open");
            return new Handle(this, handle);
        }

        public override void Rename(string from, string to, bool replace)
        {
            base.Rename(from, to, replace);
            if (to == Replaced)
                Steps.Add("rename");
        }

        private sealed class Handle(WatchedDisk disk, IFileHandle inner) : IFileHandle
        {
            public long LengthBytes => inner.LengthBytes;

            public int Read(Span<byte> buffer, long offset) => inner.Read(buffer, offset);

            public void Write(ReadOnlySpan<byte> content, long offset) => inner.Write(content, offset);

            public void Truncate(long lengthBytes) => inner.Truncate(lengthBytes);

            public void Sync() => inner.Sync();

            public void Dispose()
            {
                inner.Dispose();
                disk.Steps.Add("close");
                disk.Closed.SetResult();
            }
        }
    }
}
