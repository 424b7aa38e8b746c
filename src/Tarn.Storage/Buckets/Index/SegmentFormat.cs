using System.Buffers.Binary;
using Tarn.Core.Checksums;

namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// A segment is blocks, a table of them, and a footer. A block is entries and a CRC-32C; an entry is three numbers (bytes of the key shared with the
/// entry before, further bytes of the key, length of the value plus one or 0 for removed), the further bytes and the value. The table has for each block
/// its offset, its length and its first key. The footer is <see cref="FooterBytes"/> long and ends in a CRC-32C of itself.
/// </summary>
internal static class SegmentFormat
{
    public const int ChecksumBytes = 4, FooterBytes = 40;
    private const ulong Magic = 0x3130_4745_5354_4E54; // "TNTSEG01"

    public static byte[] Footer(long tableOffset, int tableBytes, long entryCount)
    {
        var footer = new byte[FooterBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(footer, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(footer.AsSpan(8), tableOffset);
        BinaryPrimitives.WriteInt64LittleEndian(footer.AsSpan(16), tableBytes);
        BinaryPrimitives.WriteInt64LittleEndian(footer.AsSpan(24), entryCount);
        Seal(footer);
        return footer;
    }

    public static bool TryReadFooter(ReadOnlySpan<byte> footer, out long tableOffset, out int tableBytes, out long entryCount)
    {
        bool isValid = footer.Length == FooterBytes && IsSealed(footer) && BinaryPrimitives.ReadUInt64LittleEndian(footer) == Magic;
        tableOffset = isValid ? BinaryPrimitives.ReadInt64LittleEndian(footer[8..]) : 0;
        tableBytes = isValid ? checked((int)BinaryPrimitives.ReadInt64LittleEndian(footer[16..])) : 0;
        entryCount = isValid ? BinaryPrimitives.ReadInt64LittleEndian(footer[24..]) : 0;
        return isValid;
    }

    /// <summary>Writes the checksum of everything before the last four bytes into these.</summary>
    public static void Seal(Span<byte> block) =>
        BinaryPrimitives.WriteUInt32LittleEndian(block[^ChecksumBytes..], Crc32C.Compute(block[..^ChecksumBytes]));

    public static bool IsSealed(ReadOnlySpan<byte> block) =>
        block.Length >= ChecksumBytes && BinaryPrimitives.ReadUInt32LittleEndian(block[^ChecksumBytes..]) == Crc32C.Compute(block[..^ChecksumBytes]);
}

/// <summary>Where a block lies.</summary>
/// <param name="FirstKey">Key of its first entry.</param>
/// <param name="Offset">Of its first byte.</param>
/// <param name="LengthBytes">With its checksum.</param>
internal readonly record struct SegmentBlock(byte[] FirstKey, long Offset, int LengthBytes);
