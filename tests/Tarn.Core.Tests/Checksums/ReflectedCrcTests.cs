using System.Numerics;
using System.Text;
using Tarn.Core.Checksums;
using Tarn.Testing;

namespace Tarn.Core.Tests.Checksums;

public sealed class ReflectedCrcTests
{
    // Check values over "123456789" of the catalogue of parametrised CRC algorithms; those of CRC-32 and CRC-64/NVME are also what boto3 sends.
    [Theory]
    [InlineData("Crc32", 0xCBF43926UL)]
    [InlineData("Crc32C", 0xE3069283UL)]
    [InlineData("Crc64Nvme", 0xAE8B14860A799888UL)]
    public void Append_CheckText_GivesTheCatalogueValue(string name, ulong expected)
        => Assert.Equal(expected, Of(name).Append(0, "123456789"u8));

    [Theory]
    [InlineData("Crc32")]
    [InlineData("Crc32C")]
    [InlineData("Crc64Nvme")]
    public void Append_AnyLengthAndSplit_EqualsTheBitwiseDefinition(string name)
    {
        var crc = Of(name);
        var random = new Random(Soak.Seed);
        for (int round = 0; round < 200; round++)
        {
            byte[] content = new byte[random.Next(round < 100 ? 64 : 5000)];
            random.NextBytes(content);
            int cut = random.Next(content.Length + 1);
            ulong expected = Bitwise(crc, name, content);
            Assert.True(expected == crc.Append(0, content), $"seed {Soak.Seed}, round {round}, {content.Length} bytes");
            ulong first = crc.Append(0, content.AsSpan(0, cut));
            Assert.True(expected == crc.Append(first, content.AsSpan(cut)), $"seed {Soak.Seed}, round {round}, cut at {cut}");
            ulong second = crc.Append(0, content.AsSpan(cut));
            Assert.True(expected == crc.Combine(first, second, content.Length - cut), $"seed {Soak.Seed}, round {round}, combined at {cut}");
        }
    }

    [Fact]
    public void Append_Castagnoli_EqualsTheInstructionsOfTheProcessor()
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a tarn is a small lake", 100)));
        uint state = uint.MaxValue;
        foreach (byte value in content)
            state = BitOperations.Crc32C(state, value);
        Assert.Equal(~state, ReflectedCrc.Crc32C.Append(0, content));
        Assert.Equal(~state, Crc32C.Compute(content));
    }

    private static ReflectedCrc Of(string name) => name switch
    {
        "Crc32" => ReflectedCrc.Crc32,
        "Crc32C" => ReflectedCrc.Crc32C,
        _ => ReflectedCrc.Crc64Nvme,
    };

    private static ulong Bitwise(ReflectedCrc crc, string name, byte[] content)
    {
        ulong polynomial = name switch { "Crc32" => 0xEDB88320, "Crc32C" => 0x82F63B78, _ => 0x9A6C9329AC4BC9B5 };
        ulong mask = crc.SizeBytes == 8 ? ulong.MaxValue : uint.MaxValue, state = mask;
        foreach (byte value in content)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++)
                state = (state & 1) != 0 ? (state >> 1) ^ polynomial : state >> 1;
        }

        return ~state & mask;
    }
}
