using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

public static partial class Zstandard
{
    private const int LongestHeaderBytes = 14;
    private const int BlockHeaderBytes = 3;

    /// <summary>Checks that all frames of a file are there to their ends, by the sizes that their blocks state; nothing is unpacked.</summary>
    /// <param name="file">The file, at its beginning; can seek.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TarnException">DataCorrupted when it is cut off or holds something else; Unsupported for a dictionary.</exception>
    public static void RequireWhole(Stream file, string name)
    {
        while (NextFrame(file, name))
            SkipFrame(file, name);
    }

    /// <summary>Unpacks the beginning of a file.</summary>
    /// <param name="file">The file, at its beginning; can seek.</param>
    /// <param name="lengthBytes">How much is wanted; fewer bytes come when there are no more.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TarnException">DataCorrupted when it is cut off or damaged up to there; Unsupported for a dictionary.</exception>
    public static byte[] Begin(Stream file, int lengthBytes, string name)
    {
        using var output = new OutputBuffer(lengthBytes + ZstandardCodes.MaxBlockBytes, lengthBytes);
        while (output.Length < lengthBytes && NextFrame(file, name))
        {
            var header = NextHeader(file, name);
            var decoder = new ZstandardBlockDecoder(output, header.WindowBytes);
            for (bool last = false; !last && output.Length < lengthBytes;)
            {
                int position = 0;
                last = ReadBlock(NextBlock(file, name), ref position, decoder, output);
            }

            if (header.HasChecksum && output.Length < lengthBytes)
                Skip(file, sizeof(uint), name);
        }

        return output.Written[..Math.Min(lengthBytes, output.Length)].ToArray();
    }

    // Passes over skippable frames; false at the end of the file.
    private static bool NextFrame(Stream file, string name)
    {
        while (file.Position < file.Length)
        {
            uint magic = (uint)ReadLittle(Next(file, 4, name));
            if (magic == ZstandardCodes.FrameMagic)
                return true;
            if (!IsSkippable(magic))
                throw TarnException.Corrupted($"File '{name}' is damaged at byte {file.Position - 4}: 0x{magic:X8} begins no Zstandard frame. Get the file again.");
            Skip(file, ReadLittle(Next(file, 4, name)), name);
        }

        return false;
    }

    private static FrameHeader NextHeader(Stream file, string name)
    {
        long begin = file.Position;
        int length = 0;
        var header = ReadHeader(Next(file, (int)Math.Min(LongestHeaderBytes, file.Length - begin), name), ref length);
        file.Position = begin + length;
        return header;
    }

    private static byte[] NextBlock(Stream file, string name)
    {
        byte[] head = Next(file, BlockHeaderBytes, name);
        return [.. head, .. Next(file, PackedBytes((int)ReadLittle(head)), name)];
    }

    // A run of one byte is stored as that byte.
    private static int PackedBytes(int block) => ((block >> 1) & 3) == 1 ? 1 : block >> 3;

    private static void SkipFrame(Stream file, string name)
    {
        var header = NextHeader(file, name);
        for (bool last = false; !last;)
        {
            int block = (int)ReadLittle(Next(file, BlockHeaderBytes, name));
            last = (block & 1) != 0;
            Skip(file, PackedBytes(block), name);
        }

        if (header.HasChecksum)
            Skip(file, sizeof(uint), name);
    }

    private static void Skip(Stream file, long count, string name) =>
        file.Position = count <= file.Length - file.Position ? file.Position + count : throw CutOff(file, name);

    private static byte[] Next(Stream file, int count, string name)
    {
        byte[] bytes = new byte[count];
        return file.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == count ? bytes : throw CutOff(file, name);
    }

    private static TarnException CutOff(Stream file, string name) =>
        TarnException.Corrupted($"File '{name}' is cut off: its Zstandard data does not end within its {file.Length} bytes. Get the file again.");
}
