using Tarn.S3.Objects;

namespace Tarn.S3.Tests.Objects;

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-0", 10, 0, 1)]
    [InlineData("bytes=2-5", 10, 2, 4)]
    [InlineData("bytes=2-", 10, 2, 8)]
    [InlineData("bytes=2-99", 10, 2, 8)]
    [InlineData("bytes=-3", 10, 7, 3)]
    [InlineData("bytes=-99", 10, 0, 10)]
    [InlineData("bytes=5-99999999999999999999999", 10, 5, 5)]
    public void Parse_RangeWithinTheObject_GivesIt(string header, long size, long offset, long length)
    {
        Assert.Equal(new ByteRange(offset, length), ByteRange.Parse(header, size, out bool isSatisfiable));
        Assert.True(isSatisfiable);
    }

    [Theory]
    [InlineData("bytes=10-", 10)]
    [InlineData("bytes=99999999999999999999999-", 10)]
    [InlineData("bytes=-0", 10)]
    [InlineData("bytes=0-0", 0)]
    [InlineData("bytes=-1", 0)]
    public void Parse_RangeBehindTheEnd_IsNotSatisfiable(string header, long size)
    {
        Assert.NotNull(ByteRange.Parse(header, size, out bool isSatisfiable));
        Assert.False(isSatisfiable);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("lines=0-1")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=0-1,4-5")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=+1-2")]
    public void Parse_OtherThings_MeanTheWholeObject(string? header) => Assert.Null(ByteRange.Parse(header, 10, out _));
}
