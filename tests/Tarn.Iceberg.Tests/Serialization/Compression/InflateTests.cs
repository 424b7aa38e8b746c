using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Iceberg.Tests.Serialization.Compression;

public sealed class InflateTests
{
    public static TheoryData<string, CompressionLevel> Levels
    {
        get
        {
            var data = new TheoryData<string, CompressionLevel>();
            foreach (string name in new[] { "one", "run", "noise", "lines", "skewed", "longRun", "blocks" })
            {
                foreach (var level in Enum.GetValues<CompressionLevel>())
                    data.Add(name, level);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void Decompress_EveryLevelOfThePlatform_GivesOriginal(string name, CompressionLevel level)
    {
        var data = CompressionSamples.Get(name);
        Assert.Equal(data, Expand(RawDeflate.Compress(data, level), data.Length));
        Assert.Equal(data, Expand(RawDeflate.Compress(data, level), 1 << 24));
    }

    [Fact]
    public void Decompress_AnyText_AgreesWithThePlatform() => Prop
        .ForAll<byte[], byte, int>((piece, times, seed) =>
        {
            var random = new Random(seed);
            byte[] input = [.. Enumerable.Range(0, times).SelectMany(_ => piece.Concat(Enumerable.Repeat((byte)random.Next(256), random.Next(20))))];
            return Expand(RawDeflate.Compress(input), input.Length).AsSpan().SequenceEqual(input);
        })
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("010500FAFF68656C6C6F", "hello")]
    [InlineData("CB48CDC9C90700", "hello")]
    public void Decompress_KnownBytes_GivesText(string hex, string text)
    {
        using var deflate = new DeflateStream(new MemoryStream(Convert.FromHexString(hex)), CompressionMode.Decompress);
        var platform = new MemoryStream();
        deflate.CopyTo(platform);
        Assert.Equal(platform.ToArray(), Expand(Convert.FromHexString(hex), 100));
        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(platform.ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("07")]
    [InlineData("010500FAFE68656C6C6F")]
    [InlineData("010500FAFF6865")]
    [InlineData("CB48CDC9C9")]
    [InlineData("4B04A2")]
    [InlineData("05C08181000000000010FFD5")]
    public void Decompress_Damaged_Refuses(string hex) =>
        Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => Expand(Convert.FromHexString(hex), 1000)).Kind);

    [Fact]
    public void Decompress_RandomBytes_AgreesWithThePlatformOrRefuses()
    {
        var random = new Random(11);
        for (int round = 0; round < 20_000; round++)
        {
            var data = new byte[random.Next(1, 300)];
            random.NextBytes(data);
            data[0] = (byte)((data[0] & 0xF8) | (round % 2 == 0 ? 5 : 3));
            Mutations.Run(data, 1, bytes => Expand(bytes, 1 << 16), round);
        }
    }

    [Fact]
    public void Decompress_MutatedBlocks_AgreesWithThePlatformOrRefuses()
    {
        var valid = RawDeflate.Compress(CompressionSamples.Lines.AsSpan(0, 20_000));
        int agreed = 0;
        Mutations.Run(valid, 3000, bytes =>
        {
            var ours = Expand(bytes, 1 << 20);
            using var deflate = new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress);
            var platform = new MemoryStream();
            deflate.CopyTo(platform);
            Assert.Equal(platform.ToArray(), ours);
            agreed++;
        });
        Assert.True(agreed > 0);
    }

    private static byte[] Expand(byte[] data, int limit)
    {
        using var output = new OutputBuffer(limit, 64);
        RawDeflate.Decompress(data, output);
        return output.Written.ToArray();
    }
}
