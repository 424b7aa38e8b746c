using System.Buffers.Binary;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>Zstandard (RFC 8878): frames one after another, skippable frames passed over. Dictionaries are refused.</summary>
public static partial class Zstandard
{
    /// <summary>Largest window a frame may ask for, the default limit of the reference decoder.</summary>
    private const long MaxWindowBytes = 128L << 20;

    /// <summary>Whether <paramref name="data"/> begins like a Zstandard frame, or like a skippable one, with which some writers begin.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> data) =>
        data.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(data) is var magic && (magic == ZstandardCodes.FrameMagic || IsSkippable(magic));

    /// <summary>Decompresses all frames in <paramref name="data"/>.</summary>
    /// <param name="data">One or more complete frames.</param>
    /// <param name="limitBytes">Most bytes the result may have.</param>
    /// <exception cref="TarnException">DataCorrupted for damaged data, a wrong checksum or a result above the limit; Unsupported for a dictionary.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> data, int limitBytes)
    {
        using var output = new OutputBuffer(limitBytes, (int)Math.Min(limitBytes, data.Length * 4L));
        Decompress(data, output);
        return output.Written.ToArray();
    }

    /// <summary>Appends the decompressed bytes of all frames to <paramref name="output"/>.</summary>
    /// <exception cref="TarnException">As for <see cref="Decompress(ReadOnlySpan{byte}, int)"/>.</exception>
    public static void Decompress(ReadOnlySpan<byte> data, OutputBuffer output)
    {
        int position = 0;
        do
        {
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(Take(data, ref position, 4));
            if (magic == ZstandardCodes.FrameMagic)
                ReadFrame(data, ref position, output);
            else if (IsSkippable(magic))
                SkipFrame(data, ref position);
            else
                throw TarnException.Corrupted($"Zstandard data is damaged at byte {position - 4}: 0x{magic:X8} is no frame's magic number.");
        }
        while (position < data.Length);
    }

    private static bool IsSkippable(uint magic) => (magic & 0xFFFFFFF0) == ZstandardCodes.SkippableMagic;

    private static void SkipFrame(ReadOnlySpan<byte> data, ref int position)
    {
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(Take(data, ref position, 4));
        if (size > (uint)(data.Length - position))
            throw Early(position);
        position += (int)size;
    }

    private static void ReadFrame(ReadOnlySpan<byte> data, ref int position, OutputBuffer output)
    {
        var header = ReadHeader(data, ref position);
        if (header.ContentBytes > output.LimitBytes - output.Length)
            throw TarnException.Corrupted($"A Zstandard frame claims {header.ContentBytes} bytes, {output.LimitBytes - output.Length} are allowed here.");
        int start = output.Length;
        ReadBlocks(data, ref position, header, output);
        if (header.ContentBytes >= 0 && output.Length - start != header.ContentBytes)
            throw TarnException.Corrupted($"A Zstandard frame holds {output.Length - start} bytes and claims {header.ContentBytes}.");
        if (!header.HasChecksum)
            return;
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(Take(data, ref position, 4));
        uint actual = (uint)XxHash64.Compute(output.Written[start..]);
        if (expected != actual)
            throw TarnException.Corrupted($"A Zstandard frame has checksum 0x{expected:X8}, its content 0x{actual:X8}.");
    }

    private static void ReadBlocks(ReadOnlySpan<byte> data, ref int position, FrameHeader header, OutputBuffer output)
    {
        var decoder = new ZstandardBlockDecoder(output, header.WindowBytes);
        while (!ReadBlock(data, ref position, decoder, output))
        {
        }
    }

    // True for the last block of its frame.
    private static bool ReadBlock(ReadOnlySpan<byte> data, ref int position, ZstandardBlockDecoder decoder, OutputBuffer output)
    {
        var bytes = Take(data, ref position, BlockHeaderBytes);
        int block = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
        int size = block >> 3;
        if (size > decoder.MaxBlockBytes)
            throw TarnException.Corrupted($"A Zstandard block before byte {position} has {size} bytes, at most {decoder.MaxBlockBytes} are allowed.");
        switch ((block >> 1) & 3)
        {
            case 0:
                Take(data, ref position, size).CopyTo(output.Append(size));
                break;
            case 1:
                output.Append(size).Fill(Take(data, ref position, 1)[0]);
                break;
            case 2:
                decoder.Decode(Take(data, ref position, size));
                break;
            default:
                throw TarnException.Corrupted($"A Zstandard block before byte {position} has the reserved type 3.");
        }

        return (block & 1) != 0;
    }

    private static FrameHeader ReadHeader(ReadOnlySpan<byte> data, ref int position)
    {
        int descriptor = Take(data, ref position, 1)[0];
        bool singleSegment = (descriptor & 0x20) != 0;
        if ((descriptor & 0x08) != 0)
            throw TarnException.Corrupted("A Zstandard frame header sets its reserved bit.");
        long window = singleSegment ? 0 : WindowBytes(Take(data, ref position, 1)[0]);
        int dictionaryWidth = (descriptor & 3) switch { 3 => 4, int width => width };
        long dictionary = ReadLittle(Take(data, ref position, dictionaryWidth));
        if (dictionary != 0)
            throw TarnException.Unsupported($"A Zstandard frame needs dictionary {dictionary}; dictionaries are not supported.");
        int contentWidth = (descriptor >> 6) switch { 0 => singleSegment ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        long content = contentWidth == 0 ? -1 : ReadLittle(Take(data, ref position, contentWidth)) + (contentWidth == 2 ? 256 : 0);
        if (content < -1 || (contentWidth > 0 && content < 0))
            throw TarnException.Corrupted("A Zstandard frame claims more than 2^63 bytes.");
        if (singleSegment)
            window = content;
        else if (window > MaxWindowBytes)
            throw TarnException.Unsupported($"A Zstandard frame needs a window of {window} bytes; at most {MaxWindowBytes} are supported.");
        return new FrameHeader(window, content, (descriptor & 4) != 0);
    }

    private static long WindowBytes(int descriptor)
    {
        long size = 1L << (10 + (descriptor >> 3));
        return size + ((size >> 3) * (descriptor & 7));
    }

    private static long ReadLittle(ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (int i = 0; i < bytes.Length; i++)
            value |= (long)bytes[i] << (8 * i);
        return value;
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> data, ref int position, int count)
    {
        if (count > data.Length - position)
            throw Early(position);
        position += count;
        return data.Slice(position - count, count);
    }

    private static TarnException Early(int position) =>
        TarnException.Corrupted($"Zstandard data ends early, inside the element at byte {position}.");

    private readonly record struct FrameHeader(long WindowBytes, long ContentBytes, bool HasChecksum);
}
