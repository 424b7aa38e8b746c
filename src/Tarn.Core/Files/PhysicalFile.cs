using Microsoft.Win32.SafeHandles;

namespace Tarn.Core.Files;

internal sealed class PhysicalFile(SafeFileHandle handle, string path) : IFileHandle
{
    private const int ZerosBytes = 64 << 10;

    public SafeFileHandle Handle => handle;

    public long LengthBytes => RandomAccess.GetLength(handle);

    public int Read(Span<byte> buffer, long offset)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    public void Write(ReadOnlySpan<byte> content, long offset) => RandomAccess.Write(handle, content, offset);

    public void Allocate(long lengthBytes)
    {
        // Zeros are what a file system without the call is left with.
        if (!OperatingSystem.IsLinux() || !UnixFiles.TryAllocate(handle, LengthBytes, lengthBytes, path))
            WriteZeros(lengthBytes);
    }

    public void Truncate(long lengthBytes) => RandomAccess.SetLength(handle, lengthBytes);

    public void Sync()
    {
        // fdatasync keeps the length too and spares the journal a write of the times; macOS needs F_FULLFSYNC, which FlushToDisk issues.
        if (OperatingSystem.IsLinux())
            UnixFiles.SyncData(handle, path);
        else
            RandomAccess.FlushToDisk(handle);
    }

    public void BeginSync(long offset, long lengthBytes)
    {
        if (OperatingSystem.IsLinux())
            UnixFiles.BeginSync(handle, offset, lengthBytes);
    }

    public void Dispose() => handle.Dispose();

    private void WriteZeros(long lengthBytes)
    {
        byte[] zeros = new byte[ZerosBytes];
        for (long at = LengthBytes; at < lengthBytes; at = LengthBytes)
            RandomAccess.Write(handle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, lengthBytes - at)), at);
    }
}
