using Tarn.Core.Caching;

namespace Tarn.Core.Tests.Caching;

public sealed class WeighedCacheTests
{
    [Fact]
    public void Keep_BeyondTheCapacity_LetsGoOfWhatWasUsedLongestAgo()
    {
        var cache = new WeighedCache<string, string>(10);
        cache.Keep("a", "A", 4);
        cache.Keep("b", "B", 4);
        Assert.Equal("A", cache.Find("a"));
        cache.Keep("c", "C", 4);
        Assert.Equal(("A", null, "C", 8L), (cache.Find("a"), cache.Find("b"), cache.Find("c"), cache.WeightBytes));
        cache.Keep("large", "L", 11);
        Assert.Null(cache.Find("large"));
        cache.Keep("a", "other", 1);
        Assert.Equal(("A", 8L), (cache.Find("a"), cache.WeightBytes));
        cache.Forget("a");
        cache.Forget("never");
        Assert.Equal((null, 4L), (cache.Find("a"), cache.WeightBytes));
    }

    [Fact]
    public void KeepAndFind_ByManyThreads_StayWithinTheCapacity()
    {
        var cache = new WeighedCache<string, string>(1000);
        Parallel.For(0, 8, thread =>
        {
            var random = new Random(thread);
            for (int i = 0; i < 5000; i++)
            {
                string key = $"{random.Next(300)}";
                if (random.Next(10) == 0)
                    cache.Forget(key);
                else if (cache.Find(key) is { } found)
                    Assert.Equal(key, found);
                else
                    cache.Keep(key, key, random.Next(1, 30));
                Assert.InRange(cache.WeightBytes, 0, 1029);
            }
        });
        Assert.InRange(cache.WeightBytes, 1, 1000);
    }

    [Fact]
    public void Replace_OfAKeptKey_TakesItsPlaceAndWeight()
    {
        var cache = new WeighedCache<string, string>(10);
        cache.Keep("a", "A", 4);
        cache.Keep("b", "B", 4);
        cache.Replace("a", "other", 6);
        Assert.Equal(("other", "B", 10L), (cache.Find("a"), cache.Find("b"), cache.WeightBytes));
        cache.Replace("a", "large", 11);
        Assert.Equal((null, "B", 4L), (cache.Find("a"), cache.Find("b"), cache.WeightBytes));
    }

    [Fact]
    public void Reweigh_BeyondTheCapacity_LetsGoOfWhatWasUsedLongestAgo()
    {
        var cache = new WeighedCache<string, string>(10);
        cache.Keep("a", "A", 4);
        cache.Keep("b", "B", 4);
        cache.Reweigh("b", 8);
        cache.Reweigh("never", 8);
        Assert.Equal((null, "B", 8L, 1), (cache.Find("a"), cache.Find("b"), cache.WeightBytes, cache.Count));
    }

    [Fact]
    public void Clear_LeavesRoomForAll()
    {
        var cache = new WeighedCache<string, string>(10);
        cache.Keep("a", "A", 8);
        cache.Clear();
        Assert.Equal((null, 0L, 0), (cache.Find("a"), cache.WeightBytes, cache.Count));
        cache.Keep("b", "B", 10);
        Assert.Equal("B", cache.Find("b"));
    }
}
