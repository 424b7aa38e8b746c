using Tarn.S3.Objects;
using Tarn.Storage.Buckets;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Objects;

public sealed class DeleteRequestTests
{
    [Fact]
    public void Parse_EveryElement_IsRead()
    {
        var request = DeleteRequest.Parse(Body("<Delete><Object><Key> a b </Key><VersionId>v</VersionId><ETag>\"e\"</ETag><Size>5</Size>"
            + "<LastModifiedTime>Wed, 21 Oct 2015 07:28:00 GMT</LastModifiedTime></Object><Object><Key>c</Key></Object><Quiet>true</Quiet></Delete>"));
        Assert.True(request.IsQuiet);
        var condition = new WriteCondition { ETag = "e", SizeBytes = 5, LastModified = new(2015, 10, 21, 7, 28, 0, TimeSpan.Zero) };
        Assert.Equal([new DeleteRequestEntry(" a b ", "v", condition), new DeleteRequestEntry("c", null, null)], request.Entries.ToArray());
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    [InlineData(0, false)]
    public void Parse_Count_IsBounded(int count, bool isAllowed)
    {
        byte[] body = Body($"<Delete>{string.Concat(Enumerable.Range(0, count).Select(i => $"<Object><Key>{i}</Key></Object>"))}</Delete>");
        if (isAllowed)
            Assert.Equal(count, DeleteRequest.Parse(body).Entries.Length);
        else
            Assert.Equal("MalformedXML", CodeOf(() => DeleteRequest.Parse(body)));
    }

    [Theory]
    [InlineData("<Delete><Object><VersionId>v</VersionId></Object></Delete>")]
    [InlineData("<Delete><Object><Key></Key></Object></Delete>")]
    [InlineData("<Delete><Key>a</Key></Delete>")]
    public void Parse_Broken_IsMalformedXml(string document) => Assert.Equal("MalformedXML", CodeOf(() => DeleteRequest.Parse(Body(document))));
}
