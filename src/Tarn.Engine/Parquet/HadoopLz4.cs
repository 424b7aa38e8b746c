using System.Buffers.Binary;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Engine.Parquet;

/// <summary>
/// Decodes Parquet's deprecated codec LZ4 (parquet-format, Compression.md): LZ4 blocks in Hadoop's framing, where each frame gives its
/// uncompressed length and then blocks that each give their compressed length, all big-endian. Some writers left the framing out.
/// </summary>
internal static class HadoopLz4
{
    // A byte of LZ4 stands for at most 255 bytes; more is damage, and must not be allocated.
    private const int MaxRatio = 255;

    /// <summary>True when so many bytes can come out of so few.</summary>
    public static bool IsPlausible(int compressedSize, int uncompressedSize) => uncompressedSize >= 0 && uncompressedSize <= ((long)compressedSize + 1) * MaxRatio;

    /// <summary>Decodes a page that must fill the output exactly.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output) =>
        TryDecodeFrames(input, output) || (Lz4Block.TryDecode(input, output, out int written) && written == output.Length);

    private static bool TryDecodeFrames(ReadOnlySpan<byte> input, Span<byte> output)
    {
        while (output.Length > 0)
        {
            if (!TryReadLength(ref input, output.Length, out int frame))
                return false;
            var target = output[..frame];
            if (!TryDecodeBlocks(ref input, target))
                return false;
            output = output[frame..];
        }

        return input.IsEmpty;
    }

    private static bool TryDecodeBlocks(ref ReadOnlySpan<byte> input, Span<byte> target)
    {
        while (target.Length > 0)
        {
            if (!TryReadLength(ref input, input.Length - sizeof(int), out int size) || size == 0)
                return false;
            if (!Lz4Block.TryDecode(input[..size], target, out int decoded) || decoded == 0)
                return false;
            input = input[size..];
            target = target[decoded..];
        }

        return true;
    }

    private static bool TryReadLength(ref ReadOnlySpan<byte> input, int max, out int length)
    {
        length = 0;
        if (input.Length < sizeof(int))
            return false;
        length = BinaryPrimitives.ReadInt32BigEndian(input);
        input = input[sizeof(int)..];
        return length >= 0 && length <= max;
    }
}
