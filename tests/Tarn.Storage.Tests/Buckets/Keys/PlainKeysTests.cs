using Tarn.Storage.Buckets.Keys;

namespace Tarn.Storage.Tests.Buckets.Keys;

public sealed class PlainKeysTests
{
    [Theory]
    [InlineData("sales/orders-1f/data/00000-0.parquet", true)]
    [InlineData("ünïcödé/ß", true)]
    [InlineData("%2e%2e/x", true)]
    [InlineData(".hidden/.file", true)]
    [InlineData("console.txt", true)]
    [InlineData("", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    [InlineData("a//b", false)]
    [InlineData(".", false)]
    [InlineData("a/../b", false)]
    [InlineData("a.", false)]
    [InlineData("a /b", false)]
    [InlineData("a\\b", false)]
    [InlineData("a:b", false)]
    [InlineData("tab\t", false)]
    [InlineData("con", false)]
    [InlineData("x/Nul.txt", false)]
    [InlineData("LPT9/a", false)]
    [InlineData(".tarn-0.tmp", false)]
    public void IsPlain_Key_AsEveryFileSystemAllows(string key, bool expected) => Assert.Equal(expected, PlainKeys.IsPlain(key));

    [Fact]
    public void IsPlain_Lengths_AreBounded()
    {
        Assert.True(PlainKeys.IsPlain(new string('a', 255)));
        Assert.False(PlainKeys.IsPlain(new string('a', 256)));
        Assert.False(PlainKeys.IsPlain(new string('ü', 128)));
    }

    [Fact]
    public void IsSameForAll_CaseInsensitiveFileSystem_OnlyNamesWithoutCase()
    {
        Assert.False(PlainKeys.IsSameForAll("Upper"));
        Assert.False(PlainKeys.IsSameForAll("é"));
        Assert.True(PlainKeys.IsSameForAll("lower/1.parquet"));
    }
}
