using Tarn.Core.Files;
using Tarn.Storage.Buckets;
using Tarn.Testing.Files;

namespace Tarn.Storage.Tests.Buckets.Files;

/// <summary>How bytes go into a staged file.</summary>
public sealed class StagedWriteTests
{
    private const int PieceBytes = 512 << 10, Pieces = 40;

    [Fact]
    public async Task Write_LongContent_IsHandedToTheDiskBeforeTheSync()
    {
        using var folder = new TemporaryFolder();
        var disk = new EarlyDisk();
        await using var store = await BucketStore.OpenAsync(folder.Path, files: disk);
        using var write = await store.BeginWriteAsync("lake");
        for (int i = 0; i < Pieces; i++)
            await write.WriteAsync(new byte[PieceBytes]);
        long begun = disk.Begun.Sum(r => r.Length);
        Assert.InRange(begun, (long)Pieces * PieceBytes * 3 / 4, (long)Pieces * PieceBytes);
        long expected = 0;
        foreach (var (offset, length) in disk.Begun)
        {
            Assert.Equal(expected, offset);
            expected += length;
        }

        await store.CommitAsync(write, new ObjectCommit("long") { ETag = "etag" });
        Assert.Equal((long)Pieces * PieceBytes, new FileInfo(folder["lake/long"]).Length);
    }

    private sealed class EarlyDisk : ForwardingFileSystem
    {
        public List<(long Offset, long Length)> Begun { get; } = [];

        public override IFileHandle CreateNew(string path) => new Handle(this, base.CreateNew(path));

        private sealed class Handle(EarlyDisk disk, IFileHandle inner) : IFileHandle
        {
            public long LengthBytes => inner.LengthBytes;

            public int Read(Span<byte> buffer, long offset) => inner.Read(buffer, offset);

            public void Write(ReadOnlySpan<byte> content, long offset) => inner.Write(content, offset);

            public void Truncate(long lengthBytes) => inner.Truncate(lengthBytes);

            public void Sync() => inner.Sync();

            public void BeginSync(long offset, long lengthBytes)
            {
                disk.Begun.Add((offset, lengthBytes));
                inner.BeginSync(offset, lengthBytes);
            }

            public void Dispose() => inner.Dispose();
        }
    }
}
