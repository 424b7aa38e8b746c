using Tarn.Core.Errors;
using Tarn.Core.Files;
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

    /// <summary>Where the files of objects lie on the server is for its log.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("Is a directory : '/srv/data/lake/x'")]
    public void Translate_AnErrorAtAFileOfTheServer_SaysNothingOfItsPlace(string words)
    {
        var error = words.Length == 0 ? FileErrors.Create(FileFailure.NoSpace, "/srv/data/lake/x") : new IOException(words);
        var failed = FileErrors.Translate(error, "Cannot store an object of the bucket 'lake'", "/srv/data/lake/x");
        Assert.Contains("/srv/data/lake/x", failed.Message, StringComparison.Ordinal);
        var around = new BucketStoreException(BucketFault.ObjectDamaged, $"The object 'x' is damaged: {failed.Message}", failed);
        foreach (var answer in new[] { S3ErrorMapping.Translate(failed), S3ErrorMapping.Translate(around) })
        {
            Assert.Contains("Cannot store an object of the bucket 'lake': ", answer.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("/srv", answer.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Translate_Refusal_KeepsItsMessage()
        => Assert.Equal("why", S3ErrorMapping.Translate(new BucketStoreException(BucketFault.InvalidPart, "why")).Message);
}
