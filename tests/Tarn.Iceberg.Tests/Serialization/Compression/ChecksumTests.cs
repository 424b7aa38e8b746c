using System.Text;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Iceberg.Tests.Serialization.Compression;

public sealed class ChecksumTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_KnownText_GivesKnownSum(string text, uint expected) =>
        Assert.Equal(expected, Crc32.Compute(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Crc32_InParts_EqualsWhole()
    {
        var data = CompressionSamples.Lines;
        Assert.Equal(Crc32.Compute(data), Crc32.Compute(data.AsSpan(1001), Crc32.Compute(data.AsSpan(0, 1001))));
    }

    [Theory]
    [InlineData("", 0xEF46DB3751D8E999ul)]
    [InlineData("a", 0xD24EC4F1A98C6E5Bul)]
    [InlineData("abc", 0x44BC2CF5AD770999ul)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x0B242D361FDA71BCul)]
    public void XxHash64_KnownText_GivesKnownHash(string text, ulong expected) =>
        Assert.Equal(expected, XxHash64.Compute(Encoding.ASCII.GetBytes(text)));
}
