using Microsoft.AspNetCore.Http;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Payloads;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tests.Checksums;

public sealed class ChecksumClaimsTests
{
    private static readonly byte[] s_crc32 = [0xCB, 0xF4, 0x39, 0x26];

    [Theory]
    [InlineData("InvalidDigest", "Content-MD5", "AAAA")]
    [InlineData("InvalidDigest", "Content-MD5", "not base64 at all!!")]
    [InlineData("BadDigest", "x-amz-checksum-crc32", "bad")]
    [InlineData("InvalidRequest", "x-amz-checksum-crc32", "y/Q5Jg==", "x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE=")]
    [InlineData("InvalidRequest", "x-amz-checksum-crc32", "y/Q5Jg==", "x-amz-trailer", "x-amz-checksum-crc32")]
    [InlineData("InvalidRequest", "x-amz-trailer", "x-amz-checksum-md4")]
    [InlineData("InvalidRequest", "x-amz-trailer", "x-amz-other")]
    [InlineData("InvalidRequest", "x-amz-sdk-checksum-algorithm", "CRC32")]
    [InlineData("InvalidRequest", "x-amz-sdk-checksum-algorithm", "MD4", "x-amz-checksum-crc32", "y/Q5Jg==")]
    [InlineData("InvalidRequest", "x-amz-sdk-checksum-algorithm", "SHA1", "x-amz-checksum-crc32", "y/Q5Jg==")]
    [InlineData("InvalidRequest", "x-amz-sdk-checksum-algorithm", "SHA1", "x-amz-trailer", "x-amz-checksum-crc32")]
    public void Read_ContradictoryClaims_AreRefusedByTheirCode(string code, params string[] headers)
        => Assert.Equal(code, Assert.Throws<S3Exception>(() => Read(headers)).Error.Code);

    [Fact]
    public void Verify_TrailerThatWasAnnouncedAndIsMissing_IsMalformed()
    {
        var claims = Read("x-amz-trailer", "x-amz-checksum-crc32");
        var refused = Assert.Throws<S3Exception>(() => claims.Verify(default, s_crc32, new Dictionary<string, string>()));
        Assert.Equal("MalformedTrailerError", refused.Error.Code);
    }

    [Theory]
    [InlineData("y/Q5Jg==", null)]
    [InlineData("AAAAAA==", "BadDigest")]
    [InlineData("AAAA", "InvalidRequest")]
    public void Verify_TrailerValue_MustBeTheComputedOne(string value, string? code)
    {
        var claims = Read("x-amz-trailer", "X-Amz-Checksum-CRC32", "x-amz-sdk-checksum-algorithm", "CRC32");
        void Verify() => claims.Verify(default, s_crc32, new Dictionary<string, string> { ["x-amz-checksum-crc32"] = value });
        if (code is null)
            Verify();
        else
            Assert.Equal(code, Assert.Throws<S3Exception>(Verify).Error.Code);
    }

    [Fact]
    public void Verify_WrongHeader_IsAMismatchAsRecorded()
    {
        var claims = Read("x-amz-checksum-crc32", "AAAAAA==");
        var refused = Assert.Throws<S3Exception>(() => claims.Verify(default, s_crc32, new Dictionary<string, string>()));
        Assert.Equal("XAmzContentChecksumMismatch", refused.Error.Code);
    }

    [Fact]
    public void Verify_WrongMd5_IsABadDigest()
    {
        var claims = Read("Content-MD5", Convert.ToBase64String(new byte[16]));
        Assert.Equal("BadDigest", Assert.Throws<S3Exception>(() => claims.Verify(new byte[16].Select(_ => (byte)1).ToArray(), default, new Dictionary<string, string>())).Error.Code);
    }

    [Fact]
    public void Read_NoClaim_IsNone()
    {
        var claims = Read();
        Assert.Null(claims.Md5);
        Assert.Null(claims.Algorithm);
        claims.Verify(default, default, new Dictionary<string, string>());
    }

    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32, "y/Q5Jg==")]
    [InlineData(ChecksumAlgorithm.Crc32C, "4waSgw==")]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, "rosUhgp5mIg=")]
    [InlineData(ChecksumAlgorithm.Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE=")]
    [InlineData(ChecksumAlgorithm.Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=")]
    public void Finish_CheckText_IsWhatBoto3Sends(ChecksumAlgorithm algorithm, string expected)
    {
        using var checksum = RunningChecksum.Create(algorithm);
        checksum.Append("1234"u8);
        checksum.Append("56789"u8);
        Assert.Equal(expected, Convert.ToBase64String(checksum.Finish()));
    }

    private static ChecksumClaims Read(params string[] headers)
    {
        var dictionary = new HeaderDictionary();
        for (int i = 0; i < headers.Length; i += 2)
            dictionary[headers[i]] = headers[i + 1];
        return ChecksumClaims.Read(dictionary, PayloadMode.UnsignedChunksTrailer);
    }
}
