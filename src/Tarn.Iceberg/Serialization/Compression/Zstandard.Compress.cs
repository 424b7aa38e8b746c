using System.Buffers.Binary;
using System.Numerics;

namespace Tarn.Iceberg.Serialization.Compression;

public static partial class Zstandard
{
    /// <summary>Frames above this size get a window of this size, so that any decoder takes them.</summary>
    private const int WindowLimitBytes = 8 << 20;

    /// <summary>Compresses <paramref name="data"/> into one frame with its content size and checksum.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        using var output = new OutputBuffer(int.MaxValue, (data.Length / 2) + 64);
        WriteHeader(data.Length, output);
        var encoder = new ZstandardBlockEncoder(WindowLimitBytes);
        int start = 0;
        do
        {
            int size = Math.Min(ZstandardCodes.MaxBlockBytes, data.Length - start);
            WriteBlock(data, start, size, encoder, output);
            start += size;
        }
        while (start < data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(output.Append(4), (uint)XxHash64.Compute(data));
        return output.Written.ToArray();
    }

    private static void WriteHeader(int length, OutputBuffer output)
    {
        const int checksum = 0x04, singleSegment = 0x20;
        BinaryPrimitives.WriteUInt32LittleEndian(output.Append(4), ZstandardCodes.FrameMagic);
        bool single = length <= WindowLimitBytes;
        int descriptor = (2 << 6) | checksum | (single ? singleSegment : 0);
        output.Append(1)[0] = (byte)descriptor;
        if (!single)
            output.Append(1)[0] = (byte)((BitOperations.Log2(WindowLimitBytes) - 10) << 3);
        BinaryPrimitives.WriteInt32LittleEndian(output.Append(4), length);
    }

    private static void WriteBlock(ReadOnlySpan<byte> data, int start, int size, ZstandardBlockEncoder encoder, OutputBuffer output)
    {
        const int raw = 0, repeated = 1, compressed = 2;
        int last = start + size == data.Length ? 1 : 0;
        var block = data.Slice(start, size);
        var header = output.Append(3);
        if (size > 1 && !block.ContainsAnyExcept(block[0]))
        {
            PutBlockHeader(header, last, repeated, size);
            output.Append(1)[0] = block[0];
            return;
        }

        var encoded = encoder.Encode(data[..(start + size)], start);
        if (encoded.IsEmpty)
        {
            PutBlockHeader(header, last, raw, size);
            block.CopyTo(output.Append(size));
            return;
        }

        PutBlockHeader(header, last, compressed, encoded.Length);
        encoded.CopyTo(output.Append(encoded.Length));
    }

    private static void PutBlockHeader(Span<byte> header, int last, int type, int size)
    {
        int value = last | (type << 1) | (size << 3);
        header[0] = (byte)value;
        header[1] = (byte)(value >> 8);
        header[2] = (byte)(value >> 16);
    }
}
