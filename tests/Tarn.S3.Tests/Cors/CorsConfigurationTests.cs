using Tarn.S3.Cors;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Cors;

public sealed class CorsConfigurationTests
{
    [Fact]
    public void Validate_EveryElement_IsGivenBack()
    {
        const string rule = "<CORSRule><ID>one</ID><AllowedHeader>x-*</AllowedHeader><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>"
            + "<AllowedOrigin>https://*.example.org</AllowedOrigin><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>300</MaxAgeSeconds></CORSRule>";
        string document = $"<CORSConfiguration>{rule}</CORSConfiguration>";
        Assert.Equal(document, CorsConfiguration.Validate(Body(document)).Text());
    }

    [Theory]
    [InlineData("<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>", "MalformedXML")]
    [InlineData("<CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule>", "MalformedXML")]
    [InlineData("<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>x</MaxAgeSeconds></CORSRule>", "MalformedXML")]
    [InlineData("<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>get</AllowedMethod></CORSRule>", "InvalidRequest")]
    [InlineData("<CORSRule><AllowedOrigin>*.*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>", "InvalidRequest")]
    [InlineData("<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>*</ExposeHeader></CORSRule>", "InvalidRequest")]
    [InlineData("", "MalformedXML")]
    public void Parse_BrokenRule_IsRefused(string rule, string code)
        => Assert.Equal(code, CodeOf(() => CorsConfiguration.Parse(Body($"<CORSConfiguration>{rule}</CORSConfiguration>"))));

    [Theory]
    [InlineData("*suffix", "foo.suffix", true)]
    [InlineData("*suffix", "foo.suffix.get", false)]
    [InlineData("start*end", "startend", true)]
    [InlineData("start*end", "start12end", true)]
    [InlineData("start*end", "0start12end", false)]
    [InlineData("aba*aba", "aba", false)]
    [InlineData("prefix*", "bla.prefix", false)]
    [InlineData("*", "anything", true)]
    public void Matches_OriginWithWildcard_FollowsThePattern(string pattern, string origin, bool expected)
        => Assert.Equal(expected, new CorsRule(null, [pattern], ["GET"], [], [], null).Matches(origin, "GET"));

    [Fact]
    public void AllowsHeader_OtherCase_Matches() => Assert.True(new CorsRule(null, ["*"], ["GET"], ["X-Amz-*"], [], null).AllowsHeader("x-amz-date"));
}
