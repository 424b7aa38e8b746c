using Tarn.Core.Errors;
using Tarn.Iceberg.Governance;

namespace Tarn.Iceberg.Tests.Governance;

public sealed class TagTests
{
    [Theory]
    [InlineData("pii", "pii", "")]
    [InlineData("keep=7y", "keep", "7y")]
    [InlineData("formula=a=b", "formula", "a=b")]
    [InlineData("empty=", "empty", "")]
    public void Parse_Text_SplitsAtTheFirstSign(string text, string key, string value) => Assert.Equal(new Tag(key, value), Tag.Parse(text));

    [Theory]
    [InlineData("", "its name is empty")]
    [InlineData("=x", "its name is empty")]
    [InlineData(" a", "begins or ends with a space")]
    [InlineData("a\nb", "its name has a control character")]
    [InlineData("a=b\0", "its value has a control character")]
    public void Parse_OfNoTag_SaysWhy(string text, string why)
    {
        var error = Assert.Throws<TarnException>(() => Tag.Parse(text));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_AtTheLimits_IsNone()
    {
        Assert.Null(new Tag(new string('k', Tag.MaxKeyLength), new string('v', Tag.MaxValueLength)).Fault);
        Assert.NotNull(new Tag(new string('k', Tag.MaxKeyLength + 1), "").Fault);
        Assert.NotNull(new Tag("k", new string('v', Tag.MaxValueLength + 1)).Fault);
    }
}
