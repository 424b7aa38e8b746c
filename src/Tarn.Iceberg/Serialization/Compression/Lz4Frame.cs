using System.Buffers.Binary;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>Decodes one LZ4 frame that gives the size of its content, as Puffin demands it (lz4_Frame_format.md).</summary>
public static class Lz4Frame
{
    private const uint Magic = 0x184D2204;
    private const uint Uncompressed = 0x80000000;

    [Flags]
    private enum Flags : byte
    {
        Dictionary = 0x01,
        ContentChecksum = 0x04,
        ContentSize = 0x08,
        BlockChecksum = 0x10,
    }

    /// <summary>The content of a frame.</summary>
    /// <param name="frame">The frame and nothing else.</param>
    /// <param name="limitBytes">Most bytes that the content may have.</param>
    /// <exception cref="TarnException">DataCorrupted when it is damaged, has no size or is larger than the limit.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> frame, int limitBytes)
    {
        if (frame.Length < 7 || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic)
            throw Damaged("it does not begin with 04224D18");
        var flags = (Flags)frame[4];
        if ((frame[4] >> 6) != 1 || flags.HasFlag(Flags.Dictionary) || !flags.HasFlag(Flags.ContentSize) || frame.Length < 15)
            throw Damaged($"its flags are 0x{frame[4]:X2}; a frame of version 1 with the size of its content and without dictionary is expected");
        if ((byte)(XxHash32.Compute(frame[4..14]) >> 8) != frame[14])
            throw Damaged("the checksum of its header is wrong");
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(frame[6..]);
        if (size > (ulong)limitBytes)
            throw Damaged($"its content has {size} bytes; the limit here is {limitBytes}");
        byte[] content = new byte[size];
        ReadBlocks(frame[15..], flags, content);
        return content;
    }

    private static void ReadBlocks(ReadOnlySpan<byte> rest, Flags flags, byte[] content)
    {
        int written = 0;
        for (uint header; (header = ReadWord(ref rest)) != 0;)
        {
            int length = (int)(header & ~Uncompressed);
            if (length > rest.Length)
                throw Damaged($"a block of {length} bytes begins where {rest.Length} are left");
            var block = rest[..length];
            rest = rest[length..];
            if (flags.HasFlag(Flags.BlockChecksum) && ReadWord(ref rest) != XxHash32.Compute(block))
                throw Damaged("the checksum of a block is wrong");
            if ((header & Uncompressed) == 0)
            {
                if (!Lz4Block.TryAppend(block, content, ref written))
                    throw Damaged("a block does not decode");
            }
            else
            {
                if (!block.TryCopyTo(content.AsSpan(written)))
                    throw Damaged("a block is longer than the content");
                written += length;
            }
        }

        if (written != content.Length)
            throw Damaged($"it holds {written} bytes and claims {content.Length}");
        if (flags.HasFlag(Flags.ContentChecksum) && ReadWord(ref rest) != XxHash32.Compute(content))
            throw Damaged("the checksum of its content is wrong");
    }

    private static uint ReadWord(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 4)
            throw Damaged("it is cut off");
        uint word = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        rest = rest[4..];
        return word;
    }

    private static TarnException Damaged(string why) => TarnException.Corrupted($"The LZ4 frame is damaged: {why}.");
}
