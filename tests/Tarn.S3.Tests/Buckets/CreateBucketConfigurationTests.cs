using Tarn.S3.Buckets;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Buckets;

public sealed class CreateBucketConfigurationTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("<CreateBucketConfiguration/>", "")]
    [InlineData("<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>", "eu-west-1")]
    public void Parse_Document_GivesTheLocation(string document, string expected) => Assert.Equal(expected, CreateBucketConfiguration.Parse(Body(document)));

    [Theory]
    [InlineData("<CreateBucketConfiguration><LocationConstraint>no where</LocationConstraint></CreateBucketConfiguration>", "InvalidLocationConstraint")]
    [InlineData("<CreateBucketConfiguration><Bucket><Type>Directory</Type></Bucket></CreateBucketConfiguration>", "NotImplemented")]
    [InlineData("<CreateBucketConfiguration><Foo/></CreateBucketConfiguration>", "MalformedXML")]
    [InlineData("<Create", "MalformedXML")]
    public void Parse_Broken_IsRefused(string document, string code) => Assert.Equal(code, CodeOf(() => CreateBucketConfiguration.Parse(Body(document))));
}
