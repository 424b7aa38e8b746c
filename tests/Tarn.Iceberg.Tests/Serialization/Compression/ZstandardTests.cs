using FsCheck;
using FsCheck.Fluent;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Compression;

public sealed class ZstandardTests
{
    private const string Folder = "zstandard/libzstd-1.5.7/";

    public static TheoryData<string> Samples => CompressionSamples.Names;

    [Theory]
    [InlineData("lines-level1.zst")]
    [InlineData("lines-level19.zst")]
    [InlineData("lines-level3-streamed.zst")]
    public void Decompress_LinesOfReferenceLibrary_GivesOriginal(string file) =>
        Assert.Equal(CompressionSamples.Lines, Zstandard.Decompress(CompressionSamples.Fixture(Folder + file), 1 << 20));

    [Fact]
    public void Decompress_SkewedOfReferenceLibrary_GivesOriginal() =>
        Assert.Equal(CompressionSamples.Skewed, Zstandard.Decompress(CompressionSamples.Fixture(Folder + "skewed-level3.zst"), 1 << 20));

    [Fact]
    public void Decompress_DictionaryNeeded_IsUnsupported()
    {
        var error = Assert.Throws<TarnException>(() => Zstandard.Decompress(CompressionSamples.Fixture(Folder + "dictionary.zst"), 1 << 20));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains("dictionar", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Compress_Sample_RoundTrips(string name)
    {
        var data = CompressionSamples.Get(name);
        Assert.Equal(data, Zstandard.Decompress(Zstandard.Compress(data), data.Length));
    }

    [Fact]
    public void Compress_AnyBytes_RoundTrips() => Prop
        .ForAll<byte[], byte>((data, times) =>
        {
            byte[] input = [.. Enumerable.Repeat(data, times % 9).SelectMany(d => d)];
            return Zstandard.Decompress(Zstandard.Compress(input), input.Length).AsSpan().SequenceEqual(input);
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Compress_Samples_ReferenceLibraryAgrees()
    {
        if (!PythonTool.Has("zstandard"))
            return;
        foreach (string name in new[] { "empty", "one", "run", "lines", "skewed", "longRun", "blocks" })
        {
            var data = CompressionSamples.Get(name);
            string file = Path.GetTempFileName();
            File.WriteAllBytes(file, Zstandard.Compress(data));
            const string script = "import sys,zstandard,hashlib; print(hashlib.sha256(zstandard.ZstdDecompressor().decompress(open(sys.argv[1],'rb').read(),max_output_size=1<<28)).hexdigest())";
            string digest = PythonTool.Run("zstandard", script, file).Trim();
            File.Delete(file);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(data)), digest);
        }
    }

    [Fact]
    public void Decompress_FramesInARow_AreJoined()
    {
        byte[] skippable = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] both = [.. Zstandard.Compress("ab"u8), .. skippable, .. Zstandard.Compress("cd"u8)];
        Assert.Equal("abcd"u8.ToArray(), Zstandard.Decompress(both, 10));
    }

    [Fact]
    public void Decompress_WrongChecksum_Refuses()
    {
        var frame = Zstandard.Compress(CompressionSamples.Lines);
        frame[^1] ^= 1;
        Assert.Contains("checksum", Assert.Throws<TarnException>(() => Zstandard.Decompress(frame, 1 << 20)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decompress_AboveLimit_Refuses()
    {
        var frame = Zstandard.Compress(new byte[1_000_000]);
        Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => Zstandard.Decompress(frame, 999_999)).Kind);
    }

    [Theory]
    [InlineData("skewed-level3.zst")]
    [InlineData("lines-level3-streamed.zst")]
    public void Decompress_MutatedFrames_NeverFailsOtherwise(string file)
    {
        var frame = CompressionSamples.Fixture(Folder + file);
        Mutations.Run(frame, file.StartsWith('s') ? 20_000 : 300, data => Zstandard.Decompress(data, 1 << 20));
    }

    [Fact]
    public void Decompress_RandomBytesAsBlock_NeverFailsOtherwise()
    {
        var random = new Random(3);
        for (int round = 0; round < 5_000; round++)
        {
            var block = new byte[random.Next(1, 200)];
            random.NextBytes(block);
            byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58, (byte)(5 | (block.Length << 3)), (byte)(block.Length >> 5), 0, .. block];
            Mutations.Run(frame, 2, data => Zstandard.Decompress(data, 1 << 20), round);
        }
    }
}
