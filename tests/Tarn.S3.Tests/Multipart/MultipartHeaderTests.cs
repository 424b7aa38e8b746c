using Tarn.S3.Multipart;
using Tarn.S3.Objects;
using Tarn.S3.Requests;
using Tarn.S3.Tests.Requests;
using Tarn.Storage.Buckets;
using StoredPart = Tarn.Storage.Buckets.UploadPart;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Multipart;

public sealed class MultipartHeaderTests
{
    private static readonly StoredPart s_part = new(1, 4, "e", default, [new(ChecksumAlgorithm.Crc32, "JRTCyQ==")]);
    private static readonly UploadRecord s_upload = new("u", default, new("k")) { ChecksumAlgorithm = ChecksumAlgorithm.Crc32 };

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=3-3", 3, 1)]
    public void ReadRange_WithinTheSource_IsTaken(string header, long offset, long length)
        => Assert.Equal(new ByteRange(offset, length), CopySourceRange.Read(Request(("x-amz-copy-source-range", header)), 10));

    [Theory]
    [InlineData("bytes=0-10", "InvalidRange")]
    [InlineData("bytes=0-", "InvalidArgument")]
    [InlineData("bytes=-5", "InvalidArgument")]
    [InlineData("bytes=5-4", "InvalidArgument")]
    [InlineData("0-4", "InvalidArgument")]
    [InlineData("bytes=0-4,5-6", "InvalidArgument")]
    public void ReadRange_OtherForms_AreRefused(string header, string code)
        => Assert.Equal(code, CodeOf(() => CopySourceRange.Read(Request(("x-amz-copy-source-range", header)), 10)));

    [Theory]
    [InlineData("crc32", null, true)]
    [InlineData("CRC32", "FULL_OBJECT", false)]
    [InlineData("SHA256", null, true)]
    [InlineData("CRC64NVME", null, false)]
    public void ReadChecksum_Type_HasTheDefaultOfItsAlgorithm(string algorithm, string? type, bool isComposite)
        => Assert.Equal(isComposite, UploadChecksum.Read(Request(("x-amz-checksum-algorithm", algorithm), ("x-amz-checksum-type", type ?? ""))).IsComposite);

    [Theory]
    [InlineData("SHA256", "FULL_OBJECT")]
    [InlineData("CRC64NVME", "COMPOSITE")]
    [InlineData("MD4", "")]
    [InlineData("CRC32", "HALF")]
    public void ReadChecksum_Impossible_IsInvalidRequest(string algorithm, string type)
        => Assert.Equal("InvalidRequest", CodeOf(() => UploadChecksum.Read(Request(("x-amz-checksum-algorithm", algorithm), ("x-amz-checksum-type", type)))));

    [Theory]
    [InlineData("x-amz-checksum-crc32", "JRTCyQ==", null)]
    [InlineData("x-amz-checksum-crc32", "AAAAAA==", "BadDigest")]
    [InlineData("x-amz-checksum-sha256", "bad", "BadDigest")]
    [InlineData("x-amz-mp-object-size", "4", null)]
    [InlineData("x-amz-mp-object-size", "5", "InvalidRequest")]
    [InlineData("x-amz-mp-object-size", "-1", "InvalidRequest")]
    [InlineData("x-amz-checksum-type", "FULL_OBJECT", null)]
    [InlineData("x-amz-checksum-type", "COMPOSITE", "InvalidRequest")]
    public void Verify_ClaimOfACompletion_MustBeTrue(string header, string value, string? code)
    {
        void Verify() => CompletionClaims.Read(Request((header, value))).Verify(s_upload, [s_part]);
        if (code is null)
            Verify();
        else
            Assert.Equal(code, CodeOf(Verify));
    }

    private static S3Request Request(params (string, string)[] headers) => RequestFactory.Create("POST", "/b/k?uploadId=u", headers);
}
