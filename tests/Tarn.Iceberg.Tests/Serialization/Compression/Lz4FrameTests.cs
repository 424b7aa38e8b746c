using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Compression;

namespace Tarn.Iceberg.Tests.Serialization.Compression;

public sealed class Lz4FrameTests
{
    // Made by python-lz4 4.4.5: lz4.frame.compress(b"Tarn reads deletion vectors. " * 20, store_size=True, content_checksum=True, block_checksum=True).
    private const string Frame = "04224d187c4044020000000000000f2a000000ff0e5461726e2072656164732064656c6574696f6e20766563746f72732e201d00ffff11506f72732e207bc3c89700000000305b068f";
    private static readonly string Text = string.Concat(Enumerable.Repeat("Tarn reads deletion vectors. ", 20));

    [Theory]
    [InlineData("", 0x02CC5D05u)]
    [InlineData("a", 0x550D7456u)]
    [InlineData("abc", 0x32D153FFu)]
    public void Compute_KnownTexts_HashesAsPublished(string text, uint hash) => Assert.Equal(hash, XxHash32.Compute(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Decompress_FrameOfPythonLz4_GivesItsContent() =>
        Assert.Equal(Text, Encoding.ASCII.GetString(Lz4Frame.Decompress(Convert.FromHexString(Frame), 10_000)));

    [Fact]
    public void Decompress_BeyondTheLimit_IsAnError() =>
        Assert.Contains("limit", Assert.Throws<TarnException>(() => Lz4Frame.Decompress(Convert.FromHexString(Frame), 100)).Message, StringComparison.Ordinal);

    [Fact]
    public void Decompress_AnyByteChanged_IsAnError()
    {
        byte[] frame = Convert.FromHexString(Frame);
        for (int at = 0; at < frame.Length; at++)
        {
            byte[] damaged = [.. frame];
            damaged[at] ^= 0x41;
            Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => Lz4Frame.Decompress(damaged, 10_000)).Kind);
            Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => Lz4Frame.Decompress(frame.AsSpan(0, at), 10_000)).Kind);
        }
    }
}
