using Tarn.S3.Policies;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Policies;

public sealed class BucketPolicyTests
{
    [Theory]
    [InlineData("arn:aws:s3:::b")]
    [InlineData("arn:aws:s3:::b/*")]
    [InlineData("arn:aws:s3:::*")]
    [InlineData("*")]
    public void Parse_ResourceOfTheBucket_IsTaken(string resource) => Assert.Single(BucketPolicy.Parse(Body(Policy(resource, "s3:GetObject")), "b").Statements);

    [Theory]
    [InlineData("arn:aws:s3:::other/*", "s3:GetObject")]
    [InlineData("arn:aws:sqs:::b", "s3:GetObject")]
    [InlineData("arn:aws:s3:::b/*", "sqs:SendMessage")]
    public void Parse_ForeignResourceOrAction_IsMalformedPolicy(string resource, string action)
        => Assert.Equal("MalformedPolicy", CodeOf(() => BucketPolicy.Parse(Body(Policy(resource, action)), "b")));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"Version\":\"2012-10-17\",\"Statement\":[]}")]
    public void Parse_NoPolicy_IsMalformedPolicy(string text) => Assert.Equal("MalformedPolicy", CodeOf(() => BucketPolicy.Parse(Body(text), "b")));

    private static string Policy(string resource, string action)
        => $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"{{action}}","Resource":"{{resource}}"}]}""";
}
