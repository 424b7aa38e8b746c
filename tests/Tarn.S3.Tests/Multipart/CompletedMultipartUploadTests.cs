using Tarn.S3.Multipart;
using Tarn.Storage.Buckets;
using static Tarn.S3.Tests.Documents;

namespace Tarn.S3.Tests.Multipart;

public sealed class CompletedMultipartUploadTests
{
    [Theory]
    [InlineData("\"abc\"")]
    [InlineData("&quot;abc&quot;")]
    [InlineData("&#34;abc&#34;")]
    [InlineData("abc")]
    public void Parse_QuotesInAnyForm_AreTakenOff(string etag)
    {
        var part = Assert.Single(CompletedMultipartUpload.Parse(Body($"<CompleteMultipartUpload><Part><PartNumber>7</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>")));
        Assert.Equal((7, "abc"), (part.Number, part.ETag));
    }

    [Fact]
    public void Parse_Checksum_IsRead()
    {
        var part = Assert.Single(CompletedMultipartUpload.Parse(Body(
            "<CompleteMultipartUpload><Part><ChecksumCRC32>AAAAAA==</ChecksumCRC32><ETag>e</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>")));
        Assert.Equal([new ObjectChecksum(ChecksumAlgorithm.Crc32, "AAAAAA==")], part.Checksums.ToArray());
    }

    [Fact]
    public void Parse_PartThatWasUploadedAgain_CountsByItsLaterEntry()
    {
        var parts = CompletedMultipartUpload.Parse(Body(
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>first</ETag></Part><Part><PartNumber>1</PartNumber><ETag>again</ETag></Part><Part><PartNumber>2</PartNumber><ETag>e</ETag></Part></CompleteMultipartUpload>"));
        Assert.Equal([(1, "again"), (2, "e")], parts.Select(p => (p.Number, p.ETag)));
    }

    [Theory]
    [InlineData("", "MalformedXML")]
    [InlineData("<Part><ETag>e</ETag></Part>", "MalformedXML")]
    [InlineData("<Part><PartNumber>1</PartNumber></Part>", "MalformedXML")]
    [InlineData("<Part><PartNumber>0</PartNumber><ETag>e</ETag></Part>", "InvalidArgument")]
    [InlineData("<Part><PartNumber>2</PartNumber><ETag>e</ETag></Part><Part><PartNumber>1</PartNumber><ETag>e</ETag></Part>", "InvalidPartOrder")]
    [InlineData("<Part><PartNumber>1</PartNumber><ETag>e</ETag></Part><Part><PartNumber>1</PartNumber><ETag>e</ETag></Part>", "InvalidPartOrder")]
    public void Parse_Broken_IsRefused(string parts, string code)
        => Assert.Equal(code, CodeOf(() => CompletedMultipartUpload.Parse(Body($"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"))));
}
