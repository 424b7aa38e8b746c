using Tarn.Core.Errors;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tests;

public sealed class S3ErrorMappingTests
{
    [Fact]
    public void Of_EveryFaultAndKind_HasACode()
    {
        Assert.All(Enum.GetValues<BucketFault>(), fault => Assert.InRange(S3ErrorMapping.Of(fault).Status, 400, 599));
        Assert.All(Enum.GetValues<ErrorKind>(), kind => Assert.InRange(S3ErrorMapping.Of(kind).Status, 400, 599));
    }

    [Fact]
    public void Translate_Defect_SaysNothingOfItsInside()
    {
        var answer = S3ErrorMapping.Translate(new InvalidOperationException("a path of this machine"));
        Assert.Equal("InternalError", answer.Error.Code);
        Assert.DoesNotContain("path", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Translate_Refusal_KeepsItsMessage()
        => Assert.Equal("why", S3ErrorMapping.Translate(new BucketStoreException(BucketFault.InvalidPart, "why")).Message);
}
