using Tarn.Access.Policies;
using Tarn.Core.Errors;
using Tarn.Testing;

namespace Tarn.Access.Tests.Policies;

public sealed class PolicyParserTests
{
    [Theory]
    [InlineData("""{"Statement":[]}""", "Statement is empty")]
    [InlineData("""{}""", "lacks the element 'Statement'")]
    [InlineData("""[]""", "must be an object and is a list")]
    [InlineData("""{"Version":"2026-01-01","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""", "Version '2026-01-01'")]
    [InlineData("""{"Statement":{"Effect":"Permit","Action":"*","Resource":"*"}}""", "must be 'Allow' or 'Deny'")]
    [InlineData("""{"Statement":{"Effect":"Allow","Resource":"*"}}""", "lacks the element 'Action'")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"*"}}""", "lacks the element 'Resource'")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}}""", "both 'Action' and 'NotAction'")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"GetObject","Resource":"*"}}""", "'GetObject' is not an action")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"lake/x"}}""", "'lake/x' is not an ARN")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}""", "Statement.Action is empty")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":7,"Resource":"*"}}""", "Statement.Action must be a text and is a number")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Effects":1}}""", "unknown element 'Effects'")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}""", "speaks of its holder")]
    [InlineData("""{"Statement":[{"Sid":"a","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"*","Resource":"*"}]}""", "Sid 'a' names 2")]
    [InlineData("""{"Statement":[],"Statement":[]}""", "not valid JSON")]
    [InlineData("""{"Statement":""", "not valid JSON: line 1, byte 14")]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"s3:\ud800","Resource":"*"}}""", "not valid")]
    public void Parse_MalformedIdentityPolicy_SaysWhatAndWhere(string json, string expected)
        => Assert.Contains(expected, Assert.Throws<TarnException>(() => PolicyDocument.Parse(json, PolicyKind.Identity)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*"}""", "lacks the element 'Principal'")]
    [InlineData("""{"Effect":"Allow","Principal":"ada","Action":"*","Resource":"*"}""", "is 'ada'")]
    [InlineData("""{"Effect":"Allow","Principal":{"AWS":"ada"},"Action":"*","Resource":"*"}""", "'ada' is not a principal")]
    [InlineData("""{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/*"},"Action":"*","Resource":"*"}""", "is not a principal")]
    [InlineData("""{"Effect":"Allow","Principal":{"AWS":[]},"Action":"*","Resource":"*"}""", "is empty")]
    [InlineData("""{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"*","Resource":"*"}""", "do not exist here")]
    [InlineData("""{"Effect":"Allow","Principal":{"CanonicalUser":"1234"},"Action":"*","Resource":"*"}""", "is not a canonical id")]
    [InlineData("""{"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"},"Action":"*","Resource":"*"}""", "for 'Deny' only")]
    public void Parse_MalformedPrincipal_SaysWhatAndWhere(string statement, string expected)
        => Assert.Contains(
            expected,
            Assert.Throws<TarnException>(() => PolicyDocument.Parse($$"""{"Statement":{{statement}} }""", PolicyKind.Resource)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Parse_TooLarge_NamesTheLimit()
    {
        string json = $$$"""{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::{{{new string('x', PolicyDocument.MaxBytes)}}}"}}""";
        Assert.Contains("20480", Assert.Throws<TarnException>(() => PolicyDocument.Parse(json, PolicyKind.Identity)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_CannedPolicies_AreWhole()
    {
        Assert.Equal(["admin", "catalog", "diagnostics", "readonly", "readwrite", "writeonly"], CannedPolicies.All.Keys.Order());
        Assert.All(CannedPolicies.All.Values, p => Assert.NotEmpty(p.Document.Statements));
    }

    [Fact]
    public void Parse_DamagedText_IsAlwaysRefusedWithInvalidRequest()
    {
        const string whole = """{"Version":"2012-10-17","Statement":[{"Sid":"x","Effect":"Allow","Principal":{"AWS":["123456789012"]},"Action":["s3:Get*"],"Resource":"arn:aws:s3:::a/${aws:username}/*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"},"Null":{"s3:prefix":"true"}}}]}""";
        var random = new Random(Soak.Seed);
        for (int i = 0; i < Soak.Rounds(5_000, 500_000); i++)
        {
            char[] damaged = whole.ToCharArray();
            for (int hits = random.Next(1, 4); hits > 0; hits--)
                damaged[random.Next(damaged.Length)] = (char)random.Next(32, 127);
            try
            {
                PolicyDocument.Parse(new string(damaged), PolicyKind.Resource);
            }
            catch (TarnException error)
            {
                Assert.True(error.Kind == ErrorKind.InvalidRequest, $"{new string(damaged)}: {error}, TARN_SEED={Soak.Seed}");
            }
        }
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}""", true)]
    [InlineData("""{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}""", true)]
    [InlineData("""{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}""", false)]
    [InlineData("""{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}""", false)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}""", false)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}}}""", true)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*","Condition":{"StringLike":{"aws:SourceVpc":"vpc-*"}}}""", true)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-91237329"}}}""", false)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*","Condition":{"StringEquals":{"s3:prefix":"x"}}}""", true)]
    public void IsPublic_OfAPolicy_FollowsTheMeaningOfPublic(string statement, bool expected)
        => Assert.Equal(expected, PolicyDocument.Parse($$"""{"Version":"2012-10-17","Statement":{{statement}} }""", PolicyKind.Resource).IsPublic);
}
