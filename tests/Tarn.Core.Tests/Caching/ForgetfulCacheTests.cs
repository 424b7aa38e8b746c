using Tarn.Core.Caching;

namespace Tarn.Core.Tests.Caching;

public sealed class ForgetfulCacheTests
{
    [Fact]
    public void GetOrAdd_OfAKeptKey_MakesNothing()
    {
        var cache = new ForgetfulCache<string, string>(2);
        Assert.Equal("A", cache.GetOrAdd("a", _ => "A"));
        Assert.Equal("A", cache.GetOrAdd("a", _ => throw new InvalidOperationException("made twice")));
    }

    [Fact]
    public void GetOrAdd_OfAKeptKeyInAFullCache_ForgetsNothing()
    {
        var cache = new ForgetfulCache<string, string>(2);
        cache.Set("a", "A");
        cache.Set("b", "B");
        cache.GetOrAdd("a", _ => "other");
        Assert.True(cache.TryGet("b", out _));
    }

    [Fact]
    public void Set_BeyondTheBound_ForgetsAllBefore()
    {
        var cache = new ForgetfulCache<string, string>(2);
        cache.Set("a", "A");
        cache.Set("b", "B");
        cache.Set("c", "C");
        Assert.Equal((false, false, true), (cache.TryGet("a", out _), cache.TryGet("b", out _), cache.TryGet("c", out _)));
    }

    [Fact]
    public void Set_OfAKeptKey_Replaces()
    {
        var cache = new ForgetfulCache<string, string>(2);
        cache.Set("a", "A");
        cache.Set("a", "other");
        Assert.Equal((true, "other"), (cache.TryGet("a", out var found), found));
    }

    [Fact]
    public void Forget_ThenClear_LeaveNothing()
    {
        var cache = new ForgetfulCache<string, string>(4);
        cache.Set("a", "A");
        cache.Set("b", "B");
        cache.Forget("a");
        cache.Forget("never");
        Assert.Equal((false, true), (cache.TryGet("a", out _), cache.TryGet("b", out _)));
        cache.Clear();
        Assert.False(cache.TryGet("b", out _));
    }
}
