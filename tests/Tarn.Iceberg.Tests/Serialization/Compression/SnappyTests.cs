using FsCheck;
using FsCheck.Fluent;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Iceberg.Tests.Serialization.Compression;

public sealed class SnappyTests
{
    public static TheoryData<string> Samples => CompressionSamples.Names;

    [Theory]
    [MemberData(nameof(Samples))]
    public void Compress_Sample_RoundTrips(string name)
    {
        var data = CompressionSamples.Get(name);
        Assert.Equal(data, Snappy.Decompress(Snappy.Compress(data), data.Length));
    }

    [Fact]
    public void Compress_AnyBytes_RoundTrips() => Prop
        .ForAll<byte[], byte>((data, times) =>
        {
            byte[] input = [.. Enumerable.Repeat(data, times % 9).SelectMany(d => d)];
            return Snappy.Decompress(Snappy.Compress(input), input.Length).AsSpan().SequenceEqual(input);
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Decompress_BlockOfReferenceLibrary_GivesOriginal() =>
        Assert.Equal(CompressionSamples.Lines, Snappy.Decompress(CompressionSamples.Fixture("snappy/pyarrow-26.0.1/lines.snappy"), 1 << 20));

    [Theory]
    [InlineData("0361626364", "")]
    [InlineData("04086162630506", "")]
    [InlineData("050861626305FF", "reaches")]
    [InlineData("0A", "ends")]
    [InlineData("FFFFFFFFFF01", "")]
    [InlineData("0500", "")]
    [InlineData("", "")]
    public void Decompress_Damaged_Refuses(string hex, string reason)
    {
        var error = Assert.Throws<TarnException>(() => Snappy.Decompress(Convert.FromHexString(hex), 100));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("07 08 616263 0103", "abcabca")]
    [InlineData("08 08 616263 1203 00", "abcabcab")]
    [InlineData("0A 08 616263 1B 03 00 00 00", "abcabcabca")]
    public void Decompress_EachCopyForm_GivesText(string hex, string text) =>
        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(Snappy.Decompress(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), 100)));

    [Fact]
    public void Decompress_AboveLimit_Refuses() =>
        Assert.Throws<TarnException>(() => Snappy.Decompress(Snappy.Compress(new byte[1000]), 999));

    [Fact]
    public void Decompress_MutatedBlocks_NeverFailsOtherwise() =>
        Mutations.Run(Snappy.Compress(CompressionSamples.Lines.AsSpan(0, 2000)), 20_000, data => Snappy.Decompress(data, 1 << 20));
}
