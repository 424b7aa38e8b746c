using Tarn.Storage.Buckets;
using Tarn.Storage.Buckets.Maintenance;

namespace Tarn.Storage.Tests.Buckets.Maintenance;

public sealed class LifecycleTermsTests
{
    private static readonly DateTimeOffset s_noon = new(2024, 5, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, "2024-05-11T23:59:59Z", false)]
    [InlineData(1, "2024-05-12T00:00:00Z", true)]
    [InlineData(3, "2024-05-13T12:00:00Z", false)]
    [InlineData(3, "2024-05-14T00:00:00Z", true)]
    public void HasExpired_Days_AtTheMidnightAfter(int days, string now, bool expected) =>
        Assert.Equal(expected, Terms(new LifecycleRule("r", true) { ExpirationDays = days }, now).HasExpired(Version("a", s_noon)));

    [Fact]
    public void HasExpired_Date_FromThen()
    {
        var rule = new LifecycleRule("r", true) { ExpirationDate = s_noon };
        Assert.False(Terms(rule, "2024-05-10T11:59:59Z").HasExpired(Version("a", s_noon)));
        Assert.True(Terms(rule, "2024-05-10T12:00:00Z").HasExpired(Version("a", s_noon)));
        Assert.False(Terms(rule with { IsEnabled = false }, "2025-01-01T00:00:00Z").HasExpired(Version("a", s_noon)));
    }

    [Fact]
    public void HasExpired_Filter_AllOfItMustHold()
    {
        var rule = new LifecycleRule("r", true) { ExpirationDays = 1, Prefix = "p/", Tags = ObjectRecord.NoTags.Add("k", "v"), SizeGreaterThanBytes = 5, SizeLessThanBytes = 10 };
        var terms = Terms(rule, "2025-01-01T00:00:00Z");
        var match = Version("p/x", s_noon) with { SizeBytes = 7, Tags = ObjectRecord.NoTags.Add("k", "v").Add("other", "") };
        Assert.True(terms.HasExpired(match));
        Assert.False(terms.HasExpired(match with { Key = "q/x" }));
        Assert.False(terms.HasExpired(match with { SizeBytes = 5 }));
        Assert.False(terms.HasExpired(match with { SizeBytes = 10 }));
        Assert.False(terms.HasExpired(match with { Tags = ObjectRecord.NoTags }));
    }

    [Fact]
    public void ExpiredVersions_CountFromWhenTheyWereSuperseded()
    {
        ObjectRecord[] versions = [Version("a", s_noon.AddDays(9)), Version("a", s_noon.AddDays(8)), Version("a", s_noon.AddDays(1)), Version("a", s_noon)];
        var rule = new LifecycleRule("r", true) { NoncurrentDays = 2 };
        Assert.Equal([versions[3]], Terms(rule, "2024-05-20T00:00:00Z").ExpiredVersions(versions));
        Assert.Equal(versions[1..], Terms(rule, "2024-05-22T00:00:00Z").ExpiredVersions(versions));
        Assert.Equal(versions[2..], Terms(rule with { NewerNoncurrentVersions = 1 }, "2024-05-22T00:00:00Z").ExpiredVersions(versions));
    }

    [Fact]
    public void HasExpired_ShortDays_AreCountedExactly()
    {
        var rule = new LifecycleRule("r", true) { ExpirationDays = 2 };
        Assert.False(new LifecycleTerms([rule], s_noon.AddSeconds(19), TimeSpan.FromSeconds(10)).HasExpired(Version("a", s_noon)));
        Assert.True(new LifecycleTerms([rule], s_noon.AddSeconds(20), TimeSpan.FromSeconds(10)).HasExpired(Version("a", s_noon)));
    }

    [Fact]
    public void HasExpired_DaysBeyondTheCalendar_Never()
    {
        var rule = new LifecycleRule("r", true) { ExpirationDays = int.MaxValue };
        Assert.False(Terms(rule, "9000-01-01T00:00:00Z").HasExpired(Version("a", s_noon)));
        Assert.False(new LifecycleTerms([rule], s_noon.AddYears(900), TimeSpan.FromHours(1)).HasExpired(Version("a", s_noon)));
    }

    [Fact]
    public void Expiration_SeveralRules_IsThatOfTheFirstToApply()
    {
        var late = new LifecycleRule("late", true) { ExpirationDays = 9 };
        var soon = new LifecycleRule("soon", true) { ExpirationDate = new(2024, 5, 14, 0, 0, 0, TimeSpan.Zero) };
        var off = new LifecycleRule("off", false) { ExpirationDays = 1 };
        var bucket = new BucketRecord("box", s_noon) { Lifecycle = [late, soon, off] };
        Assert.Equal(new ObjectExpiration(soon.ExpirationDate.Value, "soon"), ObjectExpiration.Find(bucket, Version("a", s_noon)));
        Assert.Null(ObjectExpiration.Find(bucket with { Lifecycle = [off] }, Version("a", s_noon)));
    }

    private static LifecycleTerms Terms(LifecycleRule rule, string now) =>
        new([rule], DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), null);

    private static ObjectRecord Version(string key, DateTimeOffset modified) => new(key, "v", 1, modified, "e");
}
