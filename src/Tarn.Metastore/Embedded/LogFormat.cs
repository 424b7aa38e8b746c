using System.Buffers.Binary;
using Tarn.Core.Checksums;
using Tarn.Core.Errors;
using Tarn.Core.Files;

namespace Tarn.Metastore.Embedded;

/// <summary>
/// The bytes of <c>commits.log</c>, all numbers little-endian. The file begins with a header:
/// magic <c>TARNLOG\n</c> (8), version (4), zero (4), id of the log (16), CRC-32C of all that (4). Frames follow without gaps.
/// A frame is what one write to the disk carries: commits as JSON lines (<see cref="Serialization.CommitJson"/>) behind a <see cref="FrameHeader"/>.
/// </summary>
internal static class LogFormat
{
    public const int Version = 1, HeaderBytes = 36;

    /// <summary>Most bytes of commits in one frame; a larger length is damage.</summary>
    public const int MaxPayloadBytes = 64 << 20;

    private static ReadOnlySpan<byte> Magic => "TARNLOG\n"u8;

    public static byte[] WriteHeader(Guid id)
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Version);
        id.TryWriteBytes(header.AsSpan(16));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(32), Crc32C.Compute(header.AsSpan(0, 32)));
        return header;
    }

    /// <returns>The id of the log.</returns>
    /// <exception cref="TarnException">DataCorrupted for anything else, Unsupported for a newer version.</exception>
    public static Guid ReadHeader(ReadOnlySpan<byte> header, string path)
    {
        bool isWhole = header.Length == HeaderBytes && header.StartsWith(Magic)
            && BinaryPrimitives.ReadUInt32LittleEndian(header[32..]) == Crc32C.Compute(header[..32]);
        if (!isWhole)
            throw FileErrors.At(ErrorKind.DataCorrupted, path, "The file of the catalog", $"does not begin as a commit log: it is damaged or another file. Restore it from a backup; the tables' own files are untouched.");
        int version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        return version == Version
            ? new Guid(header.Slice(16, 16))
            : throw FileErrors.At(ErrorKind.Unsupported, path, "The file of the catalog", $"is a commit log of version {version}, and this program knows version {Version}: use the newer Tarn that wrote it.");
    }
}

/// <summary>
/// Head of a frame: magic (4), payload length (4), own offset (8), durable offset (8), number of the first commit (8), commit count (4),
/// checksum of the frame before (4, 0 for the first), CRC-32C of these fields and the payload (4).
/// </summary>
/// <param name="PayloadBytes">Length of what follows.</param>
/// <param name="Offset">Where the frame stands in the file: a frame is valid nowhere else.</param>
/// <param name="DurableOffset">Up to where the writer knew the log to be on the disk. What is invalid before it was damaged later; what is invalid after it was never acknowledged.</param>
/// <param name="FirstNumber">Number of the first commit.</param>
/// <param name="CommitCount">Commits in the payload, at least 1.</param>
/// <param name="PreviousChecksum">Checksum of the frame before: a frame is valid only after exactly that one.</param>
/// <param name="Checksum">Checksum of this frame.</param>
internal readonly record struct FrameHeader(int PayloadBytes, long Offset, long DurableOffset, long FirstNumber, int CommitCount, uint PreviousChecksum, uint Checksum)
{
    public const int SizeBytes = 44;

    private const int ChecksummedBytes = SizeBytes - sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "TFRM"u8;

    public long End => Offset + SizeBytes + PayloadBytes;

    /// <summary>Writes the head into the first bytes of a frame whose payload is in place.</summary>
    /// <returns>The head with its checksum.</returns>
    public FrameHeader Seal(Span<byte> frame)
    {
        Magic.CopyTo(frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], PayloadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], Offset);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], DurableOffset);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], FirstNumber);
        BinaryPrimitives.WriteInt32LittleEndian(frame[32..], CommitCount);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[36..], PreviousChecksum);
        uint checksum = Checksummed(frame);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[ChecksummedBytes..], checksum);
        return this with { Checksum = checksum };
    }

    /// <summary>Reads a frame at the start of some bytes; false unless it is there as a whole and its checksum is right.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long offset, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < SizeBytes || !bytes.StartsWith(Magic))
            return false;
        int payload = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (payload is <= 0 or > LogFormat.MaxPayloadBytes || bytes.Length - SizeBytes < payload)
            return false;
        header = new FrameHeader(
            payload,
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksummedBytes..]));
        return header.Offset == offset && header.Checksum == Checksummed(bytes[..(SizeBytes + payload)]);
    }

    private static uint Checksummed(ReadOnlySpan<byte> frame) =>
        Crc32C.Append(Crc32C.Compute(frame[..ChecksummedBytes]), frame[SizeBytes..]);
}
