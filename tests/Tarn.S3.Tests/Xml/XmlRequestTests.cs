using Tarn.S3.Objects;
using Tarn.S3.Xml;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Xml;

public sealed class XmlRequestTests
{
    [Fact]
    public void Read_KeyOfWhiteSpace_IsKept()
        => Assert.Equal([" ", "\n"], DeleteRequest.Parse(Body("<Delete>\n  <Object>\n <Key> </Key> </Object><Object><Key>&#10;</Key></Object></Delete>")).Entries.Select(e => e.Key));

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x \"y\">]><Delete>&x;</Delete>")]
    [InlineData("<Delete><Object>")]
    [InlineData("")]
    [InlineData("<Other/>")]
    public void Read_WhatIsNoSuchDocument_IsMalformedXml(string text) => Assert.Equal("MalformedXML", CodeOf(() => XmlRequest.Read(Body(text), "Delete")));

    [Fact]
    public void Read_NestedTooDeep_IsMalformedXml()
        => Assert.Equal("MalformedXML", CodeOf(() => XmlRequest.Read(Body("<Delete>" + string.Concat(Enumerable.Repeat("<a>", 20)) + string.Concat(Enumerable.Repeat("</a>", 20)) + "</Delete>"), "Delete")));
}
