using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Compression;

public static partial class Zstandard
{
    private const int LongestHeaderBytes = 14;

    /// <summary>Checks that all frames of a file are there to their ends, by the sizes that their blocks state; nothing is unpacked.</summary>
    /// <param name="file">The file, at its beginning; can seek.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TarnException">DataCorrupted when it is cut off or holds something else; Unsupported for a dictionary.</exception>
    public static void RequireWhole(Stream file, string name)
    {
        while (file.Position < file.Length)
        {
            uint magic = (uint)ReadLittle(Next(file, 4, name));
            if ((magic & 0xFFFFFFF0) == ZstandardCodes.SkippableMagic)
                Skip(file, ReadLittle(Next(file, 4, name)), name);
            else if (magic == ZstandardCodes.FrameMagic)
                SkipFrame(file, name);
            else
                throw TarnException.Corrupted($"File '{name}' is damaged at byte {file.Position - 4}: 0x{magic:X8} begins no Zstandard frame. Get the file again.");
        }
    }

    private static void SkipFrame(Stream file, string name)
    {
        long begin = file.Position;
        int length = 0;
        var header = ReadHeader(Next(file, (int)Math.Min(LongestHeaderBytes, file.Length - begin), name), ref length);
        file.Position = begin + length;
        for (bool last = false; !last;)
        {
            int block = (int)ReadLittle(Next(file, 3, name));
            last = (block & 1) != 0;
            Skip(file, ((block >> 1) & 3) == 1 ? 1 : block >> 3, name);
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
