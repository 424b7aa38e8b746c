using Tarn.Core.Checksums;

namespace Tarn.Core.Tests.Checksums;

public sealed class Crc32CCombineTests
{
    [Fact]
    public void Combine_RandomPieces_EqualsTheWhole()
    {
        var random = new Random(17);
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = new byte[random.Next(0, 3000)];
            random.NextBytes(bytes);
            int at = random.Next(bytes.Length + 1);
            uint first = Crc32C.Compute(bytes.AsSpan(0, at)), second = Crc32C.Compute(bytes.AsSpan(at));
            Assert.Equal(Crc32C.Compute(bytes), Crc32C.Combine(first, second, bytes.Length - at));
        }
    }
}
