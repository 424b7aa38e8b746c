using System.IO.Compression;
using System.Text;
using Tarn.Core.Compression;
using Tarn.Core.Errors;
using Xunit;

namespace Tarn.Core.Tests.Compression;

public sealed class UnpackingStreamTests
{
    private static readonly byte[] s_content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},row {i * 7919}\n")));

    private static readonly CompressionLevel[] s_levels = [CompressionLevel.Optimal, CompressionLevel.NoCompression];

    [Fact]
    public void Gzip_CutOffAnywhere_IsAnErrorWithTheName()
    {
        foreach (var level in s_levels)
        {
            byte[] packed = Gzip(s_content, level);
            foreach (int length in Cuts(packed.Length))
                AssertDamaged(() => UnpackingStream.Gzip(new MemoryStream(packed, 0, length), "part.gz"));
        }
    }

    [Fact]
    public void Zlib_CutOffAnywhere_IsAnErrorWithTheName()
    {
        foreach (var level in s_levels)
        {
            byte[] packed = Zlib(s_content, level);
            foreach (int length in Cuts(packed.Length))
                AssertDamaged(() => UnpackingStream.Zlib(new MemoryStream(packed, 0, length), "part.gz"));
        }
    }

    [Fact]
    public void Gzip_SmallFileCutAtEveryByte_IsAnError()
    {
        byte[] packed = Gzip("one line\n"u8.ToArray(), CompressionLevel.Optimal);
        for (int length = 1; length < packed.Length; length++)
            AssertDamaged(() => UnpackingStream.Gzip(new MemoryStream(packed, 0, length), "part.gz"));
    }

    [Fact]
    public void Gzip_Members_AreReadOneBehindTheOtherAndMayEndBehindEach()
    {
        byte[] first = Gzip(s_content, CompressionLevel.Optimal), second = Gzip("more\n"u8.ToArray(), CompressionLevel.Optimal);
        byte[] both = [.. first, .. second];
        Assert.Equal([.. s_content, .. "more\n"u8], ReadAll(UnpackingStream.Gzip(new MemoryStream(both), "x")));
        Assert.Equal(s_content, ReadAll(UnpackingStream.Gzip(new MemoryStream(both, 0, first.Length), "x")));
        for (int length = first.Length + 1; length < both.Length; length++)
            AssertDamaged(() => UnpackingStream.Gzip(new MemoryStream(both, 0, length), "part.gz"));
    }

    [Fact]
    public void Gzip_SomethingBehindTheEndOrAChangedByte_IsAnError()
    {
        byte[] packed = Gzip(s_content, CompressionLevel.Optimal);
        AssertDamaged(() => UnpackingStream.Gzip(new MemoryStream([.. packed, 1, 2, 3]), "part.gz"));
        packed[^6] ^= 1;
        AssertDamaged(() => UnpackingStream.Gzip(new MemoryStream(packed), "part.gz"));
    }

    [Fact]
    public void Read_WholeFilesOfAnySize_GivesTheContent()
    {
        foreach (int size in (int[])[0, 1, 15, 16, 17, 65519, 65520, 65521, 65536, 65537, s_content.Length])
        {
            byte[] content = s_content[..size];
            foreach (var level in s_levels)
            {
                Assert.Equal(content, ReadAll(UnpackingStream.Gzip(new MemoryStream(Gzip(content, level)), "x")));
                Assert.Equal(content, ReadAll(UnpackingStream.Zlib(new MemoryStream(Zlib(content, level)), "x")));
            }
        }
    }

    // In the header, at the start of the data, within it, around every part of the end.
    private static IEnumerable<int> Cuts(int length) =>
        [1, 2, 5, 9, 10, 11, 100, length / 4, length / 2, length - 65536 > 0 ? length - 65536 : length / 3, .. Enumerable.Range(length - 20, 20)];

    private static void AssertDamaged(Func<Stream> open)
    {
        var error = Assert.Throws<TarnException>(() => ReadAll(open()));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Contains("part.gz: the file is cut off", error.Message, StringComparison.Ordinal);
    }

    private static byte[] ReadAll(Stream stream)
    {
        using (stream)
        {
            using var content = new MemoryStream();
            stream.CopyTo(content, 1000);
            return content.ToArray();
        }
    }

    // .NET writes nothing at all for no content.
    private static byte[] Gzip(byte[] content, CompressionLevel level) => content.Length == 0
        ? [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        : Pack(content, to => new GZipStream(to, level));

    private static byte[] Zlib(byte[] content, CompressionLevel level) => content.Length == 0 ? [0x78, 0x9C, 3, 0, 0, 0, 0, 1] : Pack(content, to => new ZLibStream(to, level));

    private static byte[] Pack(byte[] content, Func<Stream, Stream> pack)
    {
        using var packed = new MemoryStream();
        using (var stream = pack(packed))
            stream.Write(content);
        return packed.ToArray();
    }
}
