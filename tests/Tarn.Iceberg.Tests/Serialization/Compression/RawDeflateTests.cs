using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Iceberg.Tests.Serialization.Compression;

public sealed class RawDeflateTests
{
    public static TheoryData<string> Samples => CompressionSamples.Names;

    [Theory]
    [MemberData(nameof(Samples))]
    public void Compress_Sample_RoundTrips(string name)
    {
        var data = CompressionSamples.Get(name);
        using var output = new OutputBuffer(data.Length + 1);
        RawDeflate.Decompress(RawDeflate.Compress(data), output);
        Assert.Equal(data, output.Written.ToArray());
    }

    [Fact]
    public void Decompress_AboveLimit_Refuses()
    {
        var block = RawDeflate.Compress(new byte[100_000]);
        Assert.Throws<TarnException>(() =>
        {
            using var output = new OutputBuffer(99_999);
            RawDeflate.Decompress(block, output);
        });
    }

    [Fact]
    public void Decompress_MutatedBlocks_NeverFailsOtherwise() =>
        Mutations.Run(RawDeflate.Compress(CompressionSamples.Lines.AsSpan(0, 2000)), 5_000, data =>
        {
            using var output = new OutputBuffer(1 << 20);
            RawDeflate.Decompress(data, output);
        });
}
