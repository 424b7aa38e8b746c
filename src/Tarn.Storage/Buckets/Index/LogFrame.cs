using System.Buffers.Binary;
using Tarn.Core.Checksums;

namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// One batch in a log: a header and the batch, padded to eight bytes. The header has a magic number, the length of the batch, a CRC-32C over all that
/// follows it, the CRC of the frame before (of the log's number for the first), the frame's own offset, and up to where its writer knew the log to be on
/// the disk. Thus no torn, stale or moved bytes pass for a batch, and a torn end can be told from damage to what was acknowledged.
/// </summary>
internal readonly record struct LogFrame(int LengthBytes, uint Checksum, uint Previous, long Offset, long DurableBytes)
{
    public const int HeaderBytes = 32, Alignment = 8;
    private const uint Magic = 0x4C49_4E54; // "TNIL"
    private const int ChecksummedFrom = 12;

    public int TotalBytes => Padded(LengthBytes);

    public static int Padded(int lengthBytes) => HeaderBytes + ((lengthBytes + Alignment - 1) & -Alignment);

    /// <summary>Completes a frame whose batch stands behind the room for its header.</summary>
    /// <returns>Its checksum.</returns>
    public static uint Seal(Span<byte> frame, int lengthBytes, uint previous, long offset, long durableBytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], lengthBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], previous);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], durableBytes);
        uint checksum = Crc32C.Compute(frame[ChecksummedFrom..(HeaderBytes + lengthBytes)]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], checksum);
        return checksum;
    }

    /// <summary>Reads a header; the batch is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> header, out LogFrame frame)
    {
        frame = default;
        if (header.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
            return false;
        frame = new LogFrame(
            BinaryPrimitives.ReadInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[24..]));
        return frame.LengthBytes > 0;
    }

    public bool IsIntact(ReadOnlySpan<byte> frame) =>
        frame.Length >= HeaderBytes + LengthBytes && Crc32C.Compute(frame[ChecksummedFrom..(HeaderBytes + LengthBytes)]) == Checksum;

    /// <summary>What the first frame of a log has instead of the checksum of the one before.</summary>
    public static uint FirstPrevious(long logNumber)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, logNumber);
        return Crc32C.Compute(number);
    }
}
