using Tarn.Access;
using Tarn.S3.Authentication;

namespace Tarn.S3.Tests.Authentication;

public sealed class SigningKeysTests
{
    private static readonly CredentialScope s_scope = new("key", "20261122", "us-east-1", "s3");

    private readonly SigningKeys _keys = new();

    [Fact]
    public void Of_KeptScope_IsTheSameObject()
    {
        var credential = Credential("secret");
        byte[] first = _keys.Of(credential, s_scope);
        Assert.NotSame(first, _keys.Of(credential, s_scope));
        _keys.Keep(credential, s_scope, first);
        Assert.Same(first, _keys.Of(credential, s_scope));
    }

    [Theory]
    [InlineData("20261123", "us-east-1", "s3")]
    [InlineData("20261122", "eu-west-1", "s3")]
    [InlineData("20261122", "us-east-1", "sts")]
    public void Of_OtherScope_IsDerived(string date, string region, string service)
    {
        var credential = Credential("secret");
        var other = new CredentialScope("key", date, region, service);
        _keys.Keep(credential, s_scope, _keys.Of(credential, s_scope));
        Assert.Equal(SignatureV4.SigningKey("secret", other), _keys.Of(credential, other));
    }

    [Fact]
    public void Keep_TemporaryCredential_KeepsNothing()
    {
        var credential = Credential("secret", DateTimeOffset.UnixEpoch);
        byte[] first = _keys.Of(credential, s_scope);
        _keys.Keep(credential, s_scope, first);
        Assert.NotSame(first, _keys.Of(credential, s_scope));
    }

    [Fact]
    public void Of_SameKeyWithAnotherSecret_IsDerived()
    {
        var before = Credential("before");
        _keys.Keep(before, s_scope, _keys.Of(before, s_scope));
        Assert.Equal(SignatureV4.SigningKey("after", s_scope), _keys.Of(Credential("after"), s_scope));
    }

    private static AccessCredential Credential(string secret, DateTimeOffset? expires = null) => new("key", secret, new Caller
    {
        Kind = CallerKind.User,
        Name = "ada",
        Arn = "arn:aws:iam::000000000000:user/ada",
        CanonicalId = new string('a', 64),
        DisplayName = "ada",
        AccountId = "000000000000",
        SessionExpires = expires,
    });
}
