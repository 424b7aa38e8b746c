using System.Collections.Immutable;
using Tarn.S3.Checksums;
using Tarn.S3.Multipart;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tests.Multipart;

public sealed class ObjectChecksumsTests
{
    // Parts of 5 MiB of 'A', 'B' and 'C', with the values that ceph/s3-tests (test_multipart_use_cksum_helper_*) gives for them.
    [Theory]
    [InlineData(ChecksumAlgorithm.Sha256, true, "275VF5loJr1YYawit0XSHREhkFXYkkPKGuoK0x9VKxI=", "mrHwOfjTL5Zwfj74F05HOQGLdUb7E5szdCbxgUSq6NM=", "Vw7oB/nKQ5xWb3hNgbyfkvDiivl+U+/Dft48nfJfDow=", "uWBwpe1dxI4Vw8Gf0X9ynOdw/SS6VBzfWm9giiv1sf4=-3")]
    [InlineData(ChecksumAlgorithm.Sha1, true, "iIaTCGbm+vdVjNqIMF2S0T7ibMk=", "LS/TJ32bAVKEwRu+sE3X7awh/lk=", "6DDwovUaHwrKNXDMzOGbuvj9kxI=", "sizjvY4eud3MrcHdZM3cQ/ol39o=-3")]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, false, "L/E4WYn8v98=", "xW1l19VobYM=", "cK5MnNaWrW4=", "i+6LR0y3eFo=")]
    [InlineData(ChecksumAlgorithm.Crc32, false, "JRTCyQ==", "QoZTGg==", "YAgjqw==", "WgDhBQ==")]
    [InlineData(ChecksumAlgorithm.Crc32C, false, "MDaLrw==", "TH4EZg==", "Z7mBIQ==", "xU+Krw==")]
    public void Of_PublishedParts_GivesThePublishedChecksum(ChecksumAlgorithm algorithm, bool isComposite, string first, string second, string third, string expected)
    {
        var upload = new UploadRecord("u", default, new("k")) { ChecksumAlgorithm = algorithm, IsChecksumComposite = isComposite };
        ImmutableArray<Tarn.Storage.Buckets.UploadPart> parts = [Part(1, algorithm, first), Part(2, algorithm, second), Part(3, algorithm, third)];
        Assert.Equal([new ObjectChecksum(algorithm, expected, isComposite)], ObjectChecksums.Of(upload, parts).ToArray());
    }

    [Fact]
    public void Of_NoAlgorithmNamedButPartsWithCrc_GivesAFullChecksum()
    {
        byte[] content = [1, 2, 3, 4, 5, 6, 7];
        ImmutableArray<Tarn.Storage.Buckets.UploadPart> parts = [Part(1, content[..4]), Part(2, content[4..])];
        Assert.Equal([new ObjectChecksum(ChecksumAlgorithm.Crc32, Crc32(content))], ObjectChecksums.Of(new("u", default, new("k")), parts).ToArray());
    }

    [Fact]
    public void Of_PartsOfDifferentAlgorithms_GivesNone()
        => Assert.Empty(ObjectChecksums.Of(new("u", default, new("k")), [Part(1, ChecksumAlgorithm.Crc32, "JRTCyQ=="), Part(2, ChecksumAlgorithm.Crc32C, "TH4EZg==")]));

    private static Tarn.Storage.Buckets.UploadPart Part(int number, ChecksumAlgorithm algorithm, string value) => new(number, 5 << 20, "e", default, [new(algorithm, value)]);

    private static Tarn.Storage.Buckets.UploadPart Part(int number, byte[] content) => new(number, content.Length, "e", default, [new(ChecksumAlgorithm.Crc32, Crc32(content))]);

    private static string Crc32(byte[] content)
    {
        using var running = RunningChecksum.Create(ChecksumAlgorithm.Crc32);
        running.Append(content);
        return Convert.ToBase64String(running.Finish());
    }
}
