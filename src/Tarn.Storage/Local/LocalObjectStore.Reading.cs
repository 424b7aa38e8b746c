using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Local;

public sealed partial class LocalObjectStore
{
    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Read(location, 0, null);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadRangeAsync(string location, long offset, int length, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return Read(location, offset, length);
    }

    private ValueTask<ReadOnlyMemory<byte>> Read(string location, long offset, int? length)
    {
        string path = ResolvePath(location);
        try
        {
            if (HeadFile(location, path) is null)
                throw Missing(location, path);
            using var file = _files.OpenRead(path);
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(ReadExactly(file, location, offset, length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot read '{location}'", path);
        }
    }

    private static byte[] ReadExactly(IFileHandle file, string location, long offset, int? length)
    {
        long size = file.LengthBytes;
        long wanted = length ?? size;
        if (wanted > Array.MaxLength)
            throw new TarnException(ErrorKind.ResourceExhausted, $"'{location}' is {size} bytes, more than the {Array.MaxLength} that can be read at once; lease it instead.");
        if (offset + wanted > size)
            throw TarnException.Corrupted($"'{location}' is {size} bytes long, and {wanted} bytes from offset {offset} were needed: it is truncated. Restore the file.");
        var buffer = GC.AllocateUninitializedArray<byte>((int)wanted);
        int read = file.Read(buffer, offset);
        return read == buffer.Length
            ? buffer
            : throw TarnException.Corrupted($"'{location}' ended after {offset + read} bytes while {offset + wanted} were needed: it was truncated while being read.");
    }
}
