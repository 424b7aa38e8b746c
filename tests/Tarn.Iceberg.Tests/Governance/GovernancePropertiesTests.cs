using Tarn.Iceberg.Governance;

namespace Tarn.Iceberg.Tests.Governance;

public sealed class GovernancePropertiesTests
{
    [Fact]
    public void Of_TagsOfTableAndColumns_AreReadBack()
    {
        var properties = new Dictionary<string, string>
        {
            [GovernanceProperties.Of("b.c")] = "1",
            [GovernanceProperties.Of("a")] = "",
            [GovernanceProperties.Of("pii", 12)] = "",
            [GovernanceProperties.Of("level.x", 12)] = "high",
            [GovernanceProperties.Of("pii", 3)] = "weak",
            ["write.format.default"] = "parquet",
        };
        Assert.Equal([new Tag("a", ""), new Tag("b.c", "1")], GovernanceProperties.TagsOf(properties));
        var columns = GovernanceProperties.ColumnTagsOf(properties);
        Assert.Equal([new Tag("level.x", "high"), new Tag("pii", "")], columns[12]);
        Assert.Equal([new Tag("pii", "weak")], columns[3]);
        Assert.Empty(columns[1]);
    }

    [Theory]
    [InlineData("tarn.column-tag.")]
    [InlineData("tarn.column-tag.7")]
    [InlineData("tarn.column-tag.7.")]
    [InlineData("tarn.column-tag.x.pii")]
    [InlineData("tarn.column-tag.-1.pii")]
    [InlineData("tarn.column-tag.99999999999.pii")]
    [InlineData("tarn.tag.pii")]
    public void ColumnOf_AnotherProperty_IsNone(string property) => Assert.Null(GovernanceProperties.ColumnOf(property));
}
