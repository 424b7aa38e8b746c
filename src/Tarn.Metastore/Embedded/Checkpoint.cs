using System.Buffers.Binary;
using Tarn.Core.Checksums;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Metastore.Serialization;

namespace Tarn.Metastore.Embedded;

/// <summary>
/// The state at one place of the log, so that opening need not read the log from its start. Only a shortcut: without it, or with a damaged
/// one, the log gives the same state. Bytes: magic <c>TARNCKP\n</c> (8), version (4), zero (4), id of the log (16), offset (8),
/// checksum of the frame before the offset (4), payload length (4), CRC-32C of all that and the payload (4), payload (<see cref="StateJson"/>).
/// </summary>
internal static class Checkpoint
{
    public const string FileName = "checkpoint";

    private const string LockName = "checkpoint.lock";
    private const int Version = StateJson.Form, HeadBytes = 52, ChecksumAt = 48;

    private static ReadOnlySpan<byte> Magic => "TARNCKP\n"u8;

    /// <summary>Writes a checkpoint, unless somebody else is writing one. The log must be durable up to the cursor.</summary>
    public static void Write(IFileSystem files, string folder, Guid logId, LogCursor cursor)
    {
        using var held = files.TryLock(Path.Join(folder, LockName), ProcessText.Current);
        if (held is null)
            return;
        WholeFile.WriteLazily(files, Path.Join(folder, FileName), Encode(logId, cursor));
    }

    /// <summary>The cursor of the checkpoint; the start of the log when there is none that is whole and belongs to this log.</summary>
    public static LogCursor Read(IFileSystem files, string folder, Guid logId) =>
        WholeFile.Read(files, Path.Join(folder, FileName)) is { } content && Decode(content, logId) is { } cursor ? cursor : LogCursor.Start;

    private static byte[] Encode(Guid logId, LogCursor cursor)
    {
        byte[] payload = StateJson.Write(cursor.State);
        var content = new byte[HeadBytes + payload.Length];
        Magic.CopyTo(content);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(8), Version);
        logId.TryWriteBytes(content.AsSpan(16));
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(32), cursor.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(40), cursor.Checksum);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(44), payload.Length);
        payload.CopyTo(content.AsSpan(HeadBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(ChecksumAt), Checksummed(content));
        return content;
    }

    private static LogCursor? Decode(ReadOnlyMemory<byte> content, Guid logId)
    {
        var bytes = content.Span;
        bool isWhole = bytes.Length > HeadBytes && bytes.StartsWith(Magic)
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) == Version
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[44..]) == bytes.Length - HeadBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) == Checksummed(bytes)
            && new Guid(bytes.Slice(16, 16)) == logId;
        if (!isWhole)
            return null;
        long offset = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]);
        return TryReadState(content[HeadBytes..]) is { } state ? new LogCursor(offset, checksum, offset, state) : null;
    }

    private static LogState? TryReadState(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return StateJson.Read(payload);
        }
        catch (TarnException)
        {
            return null; // another version's form: the log itself is read instead
        }
    }

    private static uint Checksummed(ReadOnlySpan<byte> content) =>
        Crc32C.Append(Crc32C.Compute(content[..ChecksumAt]), content[HeadBytes..]);
}
