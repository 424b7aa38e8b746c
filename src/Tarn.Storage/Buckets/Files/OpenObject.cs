using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Storage.Buckets.Files;

/// <summary>An open file as an object, or a delete marker.</summary>
internal sealed class OpenObject(ObjectRecord record, IFileHandle? file, uint? crc32C) : ObjectReader
{
    public override ObjectRecord Record => record;

    /// <summary>Checksum of all bytes when it is known.</summary>
    public uint? Crc32C => crc32C;

    public override int Read(Span<byte> buffer, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int wanted = (int)Math.Clamp(record.SizeBytes - offset, 0, buffer.Length);
        if (wanted == 0)
            return 0;
        int read = file!.Read(buffer[..wanted], offset);
        return read == wanted
            ? read
            : throw TarnException.Corrupted($"The object '{record.Key}' is {record.SizeBytes} bytes long, and its file ended after {offset + read}: it was cut. Restore the file.");
    }

    protected override void Dispose(bool isDisposing) => file?.Dispose();
}
