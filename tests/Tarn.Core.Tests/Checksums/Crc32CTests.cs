using System.Text;
using Tarn.Core.Checksums;

namespace Tarn.Core.Tests.Checksums;

public sealed class Crc32CTests
{
    // RFC 3720 appendix B.4 (bytes are given there in wire order) and the check value of the CRC catalogue.
    public static TheoryData<byte[], uint> Vectors => new()
    {
        { Encoding.ASCII.GetBytes("123456789"), 0xE3069283 },
        { new byte[32], 0x8A9136AA },
        { Enumerable.Repeat((byte)0xFF, 32).ToArray(), 0x62A8AB43 },
        { Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), 0x46DD794E },
        { Enumerable.Range(0, 32).Select(i => (byte)(31 - i)).ToArray(), 0x113FDB5C },
        { [], 0 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Compute_PublishedVector_Matches(byte[] content, uint expected) => Assert.Equal(expected, Crc32C.Compute(content));

    [Fact]
    public void Append_AnySplit_EqualsWhole()
    {
        byte[] content = [.. Enumerable.Range(0, 61).Select(i => (byte)(i * 7))];
        for (int split = 0; split <= content.Length; split++)
            Assert.Equal(Crc32C.Compute(content), Crc32C.Append(Crc32C.Compute(content.AsSpan(0, split)), content.AsSpan(split)));
    }
}
