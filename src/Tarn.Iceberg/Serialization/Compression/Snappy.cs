using System.Buffers.Binary;
using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

/// <summary>Snappy's raw block format (google/snappy, format_description.txt): no framing, no checksum.</summary>
public static partial class Snappy
{
    /// <summary>Decompresses one block.</summary>
    /// <param name="data">The compressed block, with its length preamble.</param>
    /// <param name="limitBytes">Most bytes the result may have.</param>
    /// <exception cref="TarnException">DataCorrupted for damaged data or a result above the limit.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> data, int limitBytes)
    {
        using var output = new OutputBuffer(limitBytes, data.Length);
        Decompress(data, output);
        return output.Written.ToArray();
    }

    /// <summary>Decompresses one block into an empty <paramref name="output"/>.</summary>
    /// <exception cref="TarnException">DataCorrupted for damaged data or more bytes than the limit of the output.</exception>
    public static void Decompress(ReadOnlySpan<byte> data, OutputBuffer output)
    {
        int position = 0;
        uint expected = ReadLength(data, ref position);
        if (expected > (uint)output.LimitBytes)
            throw Damaged(0, $"it claims {expected} bytes, the limit here is {output.LimitBytes}");
        while (position < data.Length)
        {
            int tag = data[position++];
            if ((tag & 3) == 0)
                CopyLiteral(data, ref position, tag >> 2, output);
            else
                CopyMatch(data, ref position, tag, output);
            if ((uint)output.Length > expected)
                throw Damaged(position, $"it holds more than the {expected} bytes it claims");
        }

        if ((uint)output.Length != expected)
            throw Damaged(position, $"it ends after {output.Length} of {expected} bytes");
    }

    private static void CopyLiteral(ReadOnlySpan<byte> data, ref int position, int code, OutputBuffer output)
    {
        long length = code + 1L;
        if (code >= 60)
        {
            int extra = code - 59;
            Require(data, position, extra);
            length = 1;
            for (int i = 0; i < extra; i++)
                length += (long)data[position + i] << (8 * i);
            position += extra;
        }

        if (length > data.Length - position)
            throw Damaged(position, $"a literal of {length} bytes leaves the block");
        data.Slice(position, (int)length).CopyTo(output.Append((int)length));
        position += (int)length;
    }

    private static void CopyMatch(ReadOnlySpan<byte> data, ref int position, int tag, OutputBuffer output)
    {
        int length = (tag >> 2) + 1;
        long distance;
        switch (tag & 3)
        {
            case 1:
                Require(data, position, 1);
                length = ((tag >> 2) & 7) + 4;
                distance = ((tag >> 5) << 8) | data[position];
                position += 1;
                break;
            case 2:
                Require(data, position, 2);
                distance = BinaryPrimitives.ReadUInt16LittleEndian(data[position..]);
                position += 2;
                break;
            default:
                Require(data, position, 4);
                distance = BinaryPrimitives.ReadUInt32LittleEndian(data[position..]);
                position += 4;
                break;
        }

        if (distance == 0 || distance > output.Length)
            throw Damaged(position, $"a copy reaches {distance} bytes back after {output.Length} bytes");
        output.CopyBack((int)distance, length);
    }

    private static uint ReadLength(ReadOnlySpan<byte> data, ref int position)
    {
        ulong length = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            Require(data, position, 1);
            byte b = data[position++];
            length |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return length <= uint.MaxValue ? (uint)length : throw Damaged(position, "its length does not fit 32 bits");
        }

        throw Damaged(position, "its length takes more than five bytes");
    }

    private static void Require(ReadOnlySpan<byte> data, int position, int count)
    {
        if (data.Length - position < count)
            throw Damaged(position, "it ends inside an element");
    }

    private static TarnException Damaged(int position, string reason) =>
        TarnException.Corrupted($"A Snappy block is damaged at byte {position}: {reason}.");
}
