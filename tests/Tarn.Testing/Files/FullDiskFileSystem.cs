using Tarn.Core.Files;

namespace Tarn.Testing.Files;

/// <summary>A disk with room for so many more bytes: files take it when they grow, and give it back when they are cut, deleted or replaced.</summary>
public sealed class FullDiskFileSystem(IFileSystem? inner = null) : ForwardingFileSystem(inner)
{
    private readonly Lock _gate = new();
    private long _roomBytes = long.MaxValue / 2;

    /// <summary>Bytes by which files may grow.</summary>
    public long RoomBytes
    {
        get => Volatile.Read(ref _roomBytes);
        set => Volatile.Write(ref _roomBytes, value);
    }

    public override IFileHandle OpenWrite(string path) => new Handle(this, Inner.OpenWrite(path), path);

    public override IFileHandle CreateNew(string path) => new Handle(this, Inner.CreateNew(path), path);

    public override void DeleteFile(string path)
    {
        lock (_gate)
        {
            long length = Inner.Stat(path)?.SizeBytes ?? 0;
            Inner.DeleteFile(path);
            _roomBytes += length;
        }
    }

    public override void Rename(string from, string to, bool replace)
    {
        lock (_gate)
        {
            long length = Inner.Stat(to)?.SizeBytes ?? 0;
            Inner.Rename(from, to, replace);
            _roomBytes += length;
        }
    }

    public override long Copy(string from, IFileHandle to, long offset)
    {
        using var source = OpenRead(from);
        byte[] content = new byte[source.LengthBytes];
        to.Write(content.AsSpan(0, source.Read(content, 0)), offset);
        return content.Length;
    }

    public override long FreeBytes(string path) => RoomBytes;

    private sealed class Handle(FullDiskFileSystem disk, IFileHandle inner, string path) : IFileHandle
    {
        public long LengthBytes => inner.LengthBytes;

        public int Read(Span<byte> buffer, long offset) => inner.Read(buffer, offset);

        public void Write(ReadOnlySpan<byte> content, long offset)
        {
            lock (disk._gate)
            {
                long growth = Math.Max(0, offset + content.Length - inner.LengthBytes);
                // As on a real disk, what fits is written.
                int fits = growth <= disk._roomBytes ? content.Length : (int)(content.Length - growth + disk._roomBytes);
                inner.Write(content[..fits], offset);
                disk._roomBytes -= Math.Min(growth, disk._roomBytes);
                if (fits < content.Length)
                    throw FileErrors.Create(FileFailure.NoSpace, path);
            }
        }

        public void Truncate(long lengthBytes)
        {
            lock (disk._gate)
            {
                long freed = inner.LengthBytes - lengthBytes;
                inner.Truncate(lengthBytes);
                disk._roomBytes += freed;
            }
        }

        public void Sync() => inner.Sync();

        public void Dispose() => inner.Dispose();
    }
}
