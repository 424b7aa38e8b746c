using Tarn.S3.Copying;
using Tarn.S3.Tests.Requests;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Copying;

public sealed class CopySourceTests
{
    [Theory]
    [InlineData("b/k", "b", "k", null)]
    [InlineData("/b/k", "b", "k", null)]
    [InlineData("b%2Fk", "b", "k", null)]
    [InlineData("b/a/b?versionId=v1", "b", "a/b", "v1")]
    [InlineData("b/a%3FversionId%3Dx", "b", "a?versionId=x", null)]
    [InlineData("b/%C3%A9%20%2B+", "b", "é ++", null)]
    public void Read_Header_IsDecodedOnce(string header, string bucket, string key, string? version)
        => Assert.Equal(new CopySource(bucket, key, version), Read(header));

    [Theory]
    [InlineData("", "InvalidArgument")]
    [InlineData("b", "InvalidArgument")]
    [InlineData("b/", "InvalidArgument")]
    [InlineData("b/k?versionId=", "InvalidArgument")]
    [InlineData("b/%zz", "InvalidArgument")]
    [InlineData("arn:aws:s3:us-west-2:123456789012:accesspoint/x/object/k", "NotImplemented")]
    public void Read_Broken_IsRefused(string header, string code) => Assert.Equal(code, CodeOf(() => Read(header)));

    private static CopySource Read(string header) => CopySource.Read(RequestFactory.Create("PUT", "/d/k", [(CopySource.Header, header)]));
}
