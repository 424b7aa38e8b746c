using Tarn.Storage.Buckets.Keys;
using Tarn.Testing.Time;

namespace Tarn.Storage.Tests.Buckets.Keys;

public sealed class VersionIdsTests
{
    [Fact]
    public void TryParse_OwnIds_GivesBackTheirHalves()
    {
        string id = VersionIds.Format(123456789, ulong.MaxValue);
        Assert.True(VersionIds.TryParse(id, out ulong sequence, out ulong token));
        Assert.Equal((123456789UL, ulong.MaxValue), (sequence, token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("0123456789ABCDEF0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    public void TryParse_OtherTexts_AreNoIds(string text) => Assert.False(VersionIds.TryParse(text, out _, out _));

    [Fact]
    public void Next_ClockSetBack_GoesOnGrowing()
    {
        var clock = new FixedTime();
        var source = new SequenceSource(clock);
        ulong first = source.Next();
        clock.Now = clock.Now.AddYears(-1);
        ulong second = source.Next();
        Assert.True(second > first);
        source.Pass(second + 1000);
        Assert.True(source.Next() > second + 1000);
    }
}
