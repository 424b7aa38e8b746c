using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Forms;

namespace Tarn.S3.Tests.Forms;

public sealed class PostPolicyTests
{
    private const string Valid = """
        {"expiration": "2030-01-01T00:00:00Z", "conditions": [{"bUcKeT": "b"}, ["StArTs-WiTh", "$KeY", "user/"], {"acl": "private"}, ["eq", "$x-amz-meta-a", "1"], ["content-length-range", 1, "10"]]}
        """;

    private static readonly DateTimeOffset s_now = new(2029, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Check_FormThatMeetsEveryCondition_IsAccepted()
    {
        var policy = Parse(Valid);
        policy.Check("b", Form(("key", "user/${filename}"), ("ACL", "private"), ("x-amz-meta-a", "1"), ("x-ignore-me", "2"), ("policy", "p"), ("x-amz-signature", "s")), s_now);
        Assert.Equal((1, 10), (policy.MinimumBytes, policy.MaximumBytes));
    }

    [Theory]
    [InlineData("b", "key", "other/k", "acl", "private", "x-amz-meta-a", "1")]
    [InlineData("c", "key", "user/k", "acl", "private", "x-amz-meta-a", "1")]
    [InlineData("b", "key", "user/k", "acl", "public-read", "x-amz-meta-a", "1")]
    [InlineData("b", "key", "user/k", "acl", "private", "x-amz-meta-a", "12")]
    [InlineData("b", "key", "user/k", "acl", "private")]
    [InlineData("b", "key", "user/k", "acl", "private", "x-amz-meta-a", "1", "x-amz-meta-b", "1")]
    public void Check_FormThatDoesNot_IsDenied(string bucket, params string[] fields)
    {
        var form = Form([.. fields.Chunk(2).Select(f => (f[0], f[1]))]);
        Assert.Equal("AccessDenied", Assert.Throws<S3Exception>(() => Parse(Valid).Check(bucket, form, s_now)).Error.Code);
    }

    [Fact]
    public void Check_AfterExpiration_IsDenied()
    {
        var form = Form(("key", "user/k"), ("acl", "private"), ("x-amz-meta-a", "1"));
        Assert.Contains("Policy expired", Assert.Throws<S3Exception>(() => Parse(Valid).Check("b", form, s_now.AddYears(2))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"conditions": []}""")]
    [InlineData("""{"EXPIRATION": "2030-01-01T00:00:00Z", "conditions": []}""")]
    [InlineData("""{"expiration": "2030-01-01T00:00:00Z"}""")]
    [InlineData("""{"expiration": "2030-01-01T00:00:00Z", "CONDITIONS": []}""")]
    [InlineData("""{"expiration": "2030-01-01 00:00:00", "conditions": []}""")]
    [InlineData("""{"expiration": "2030-01-01T00:00:00Z", "conditions": [{}]}""")]
    [InlineData("""{"expiration": "2030-01-01T00:00:00Z", "conditions": [["eq", "$key"]]}""")]
    [InlineData("""{"expiration": "2030-01-01T00:00:00Z", "conditions": [["eq", "key", "v"]]}""")]
    [InlineData("""{"expiration": "2030-01-01T00:00:00Z", "conditions": [["like", "$key", "v"]]}""")]
    [InlineData("""{"expiration": "2030-01-01T00:00:00Z", "conditions": [["content-length-range", -1, 0]]}""")]
    [InlineData("""{"expiration": "2030-01-01T00:00:00Z", "conditions": [["content-length-range", 0]]}""")]
    [InlineData("""{"expiration": 5, "conditions": []}""")]
    public void Parse_BrokenPolicy_IsRefused(string json)
        => Assert.Equal("InvalidPolicyDocument", Assert.Throws<S3Exception>(() => Parse(json)).Error.Code);

    private static PostPolicy Parse(string json) => PostPolicy.Parse(Encoding.UTF8.GetBytes(json));

    private static PostForm Form(params (string Name, string Value)[] fields)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in fields)
            headers[name] = value;
        return new(headers, "name.txt", Stream.Null);
    }
}
