using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Core.Tests.Storage;

public sealed class LocationMapTests
{
    [Theory]
    [InlineData("s3a://b/k%20x", "s3://b/k%20x")]
    [InlineData("s3n://b/k", "s3://b/k")]
    [InlineData("S3://b/k", "S3://b/k")]
    [InlineData("file:///s3a://x", "file:///s3a://x")]
    public void Map_Empty_NormalizesTheSchemeOnly(string location, string expected) =>
        Assert.Equal(expected, LocationMap.Empty.Map(location));

    [Fact]
    public void Map_SeveralPrefixes_FirstMatchWins()
    {
        var map = new LocationMap([KeyValuePair.Create("s3a://b/", "/one/"), KeyValuePair.Create("s3://b/t/", "/two/"), KeyValuePair.Create("rel/", "s3n://c/")]);
        Assert.Equal("/one/t/x", map.Map("s3n://b/t/x"));
        Assert.Equal("s3://c/x", map.Map("rel/x"));
        Assert.Equal("/rel/x", map.Map("/rel/x"));
    }

    [Theory]
    [InlineData("s3://old/=./here/", "s3://old/", "./here/")]
    [InlineData("a=b=c", "a", "b=c")]
    [InlineData("a=", "a", "")]
    public void ParsePrefix_Pair_SplitsAtTheFirstSign(string text, string from, string to) =>
        Assert.Equal(KeyValuePair.Create(from, to), LocationMap.ParsePrefix(text));

    [Theory]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("s3://old/")]
    public void ParsePrefix_NoPair_IsInvalid(string text) =>
        Assert.Equal(ErrorKind.InvalidRequest, Assert.Throws<TarnException>(() => LocationMap.ParsePrefix(text)).Kind);
}
