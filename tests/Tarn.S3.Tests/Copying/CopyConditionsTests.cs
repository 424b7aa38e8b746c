using Tarn.S3.Copying;
using Tarn.S3.Errors;
using Tarn.S3.Tests.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Tests.Copying;

public sealed class CopyConditionsTests
{
    private static readonly ObjectRecord s_source = new("k", "null", 1, new(2020, 1, 1, 0, 0, 5, 500, TimeSpan.Zero), "abc");

    [Theory]
    [InlineData("if-match", "\"abc\"", true)]
    [InlineData("if-match", "abc", true)]
    [InlineData("if-match", "\"other\"", false)]
    [InlineData("if-none-match", "\"abc\"", false)]
    [InlineData("if-none-match", "\"other\"", true)]
    [InlineData("if-unmodified-since", "Wed, 01 Jan 2020 00:00:05 GMT", true)]
    [InlineData("if-unmodified-since", "Wed, 01 Jan 2020 00:00:04 GMT", false)]
    [InlineData("if-modified-since", "Wed, 01 Jan 2020 00:00:04 GMT", true)]
    [InlineData("if-modified-since", "Wed, 01 Jan 2020 00:00:05 GMT", false)]
    [InlineData("if-modified-since", "yesterday", true)]
    public void Check_OneCondition_HoldsOrFails(string condition, string value, bool holds) => Assert.Equal(holds, Holds((condition, value)));

    [Fact]
    public void Check_TagHoldsButTimeDoesNot_Holds() => Assert.True(Holds(("if-match", "abc"), ("if-unmodified-since", "Wed, 01 Jan 2020 00:00:00 GMT")));

    private static bool Holds(params (string Name, string Value)[] conditions)
    {
        var request = RequestFactory.Create("PUT", "/d/k", conditions.Select(c => ("x-amz-copy-source-" + c.Name, c.Value)));
        try
        {
            CopyConditions.Check(request, s_source);
            return true;
        }
        catch (S3Exception e) when (e.Error == S3Error.PreconditionFailed)
        {
            return false;
        }
    }
}
