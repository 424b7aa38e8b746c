using Tarn.S3.Tagging;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Tagging;

public sealed class TagSetTests
{
    [Fact]
    public void Parse_WhatWasWritten_IsTheSame()
    {
        var tags = TagSet.ParseHeader("Hello=World&a%20b=%C3%A9&empty=");
        Assert.Equal(tags, TagSet.Parse(TagSet.Document(tags).ToUtf8(), TagSet.ObjectLimit));
        Assert.Equal("é", tags["a b"]);
    }

    [Theory]
    [InlineData("<Tag><Key>k</Key></Tag>", "MalformedXML")]
    [InlineData("<Tag><Value>v</Value></Tag>", "MalformedXML")]
    [InlineData("<Tog/>", "MalformedXML")]
    [InlineData("<Tag><Key></Key><Value>v</Value></Tag>", "InvalidTag")]
    [InlineData("<Tag><Key>aws:x</Key><Value>v</Value></Tag>", "InvalidTag")]
    [InlineData("<Tag><Key>a&amp;b</Key><Value>v</Value></Tag>", "InvalidTag")]
    [InlineData("<Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>a</Key><Value>2</Value></Tag>", "InvalidTag")]
    public void Parse_BrokenTag_IsRefused(string tag, string code)
        => Assert.Equal(code, CodeOf(() => TagSet.Parse(Body($"<Tagging><TagSet>{tag}</TagSet></Tagging>"), TagSet.ObjectLimit)));

    [Theory]
    [InlineData(128, 256, true)]
    [InlineData(129, 256, false)]
    [InlineData(128, 257, false)]
    public void ParseHeader_Lengths_AreBounded(int key, int value, bool isAllowed)
    {
        string header = $"{new string('k', key)}={new string('v', value)}";
        if (isAllowed)
            Assert.Single(TagSet.ParseHeader(header));
        else
            Assert.Equal("InvalidTag", CodeOf(() => TagSet.ParseHeader(header)));
    }

    [Fact]
    public void ParseHeader_ElevenTags_IsRefused()
        => Assert.Equal("InvalidTag", CodeOf(() => TagSet.ParseHeader(string.Join('&', Enumerable.Range(0, 11).Select(i => $"k{i}=v")))));

    [Fact]
    public void ParseHeader_BrokenEscape_IsInvalidArgument() => Assert.Equal("InvalidArgument", CodeOf(() => TagSet.ParseHeader("a=%zz")));
}
