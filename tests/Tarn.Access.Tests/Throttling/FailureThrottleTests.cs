using System.Net;
using Tarn.Access.Throttling;
using Tarn.Testing.Time;

namespace Tarn.Access.Tests.Throttling;

public sealed class FailureThrottleTests
{
    private static readonly IPAddress s_far = IPAddress.Parse("203.0.113.7"), s_here = IPAddress.Loopback;
    private readonly FixedTime _time = new();
    private readonly FailureThrottle _throttle;

    public FailureThrottleTests() => _throttle = new FailureThrottle(_time);

    [Fact]
    public void GetRefusal_FewFailures_IsNone()
    {
        Fail(s_far, "K", FailureThrottle.FreeFailures);
        Assert.Equal(TimeSpan.Zero, _throttle.GetRefusal(s_far, "K"));
    }

    [Fact]
    public void GetRefusal_ManyFailures_GrowsToTheLimitAndEnds()
    {
        Fail(s_far, "K", FailureThrottle.FreeFailures + 1);
        var first = _throttle.GetRefusal(s_far, null);
        Fail(s_far, "K", 1);
        Assert.True(first > TimeSpan.Zero && _throttle.GetRefusal(s_far, null) == first * 2);
        Fail(s_far, "K", 1_000);
        Assert.Equal(FailureThrottle.SourceLimit, _throttle.GetRefusal(s_far, null));
        _time.Now += FailureThrottle.SourceLimit;
        Assert.Equal(TimeSpan.Zero, _throttle.GetRefusal(s_far, null));
        _time.Now += FailureThrottle.Memory;
        Fail(s_far, "K", 1);
        Assert.Equal(TimeSpan.Zero, _throttle.GetRefusal(s_far, null));
    }

    [Fact]
    public void GetRefusal_OfAKey_IsShortAndNeverForTheMachineItself()
    {
        for (int i = 0; i < 200; i++)
            _throttle.Record(IPAddress.Parse($"198.51.100.{i}"), "ROOT", false);
        Assert.Equal(FailureThrottle.KeyLimit, _throttle.GetRefusal(s_far, "ROOT"));
        Assert.Equal(TimeSpan.Zero, _throttle.GetRefusal(s_here, "ROOT"));
        Fail(s_here, "ROOT", 10_000);
        Assert.Equal(FailureThrottle.LoopbackLimit, _throttle.GetRefusal(s_here, "ROOT"));
    }

    [Fact]
    public void Record_Success_ClearsOnlyASourceThatFailedWithThisKeyAlone()
    {
        Fail(s_far, "K", 100);
        _throttle.Record(s_far, "K", true);
        Assert.Equal(TimeSpan.Zero, _throttle.GetRefusal(s_far, "K"));
        Fail(s_far, "VICTIM", 50);
        Fail(s_far, "OTHER", 50);
        _throttle.Record(s_far, "MINE", true);
        _throttle.Record(s_far, "OTHER", true);
        Assert.True(_throttle.GetRefusal(s_far, null) > TimeSpan.Zero);
    }

    [Fact]
    public void GetRefusal_KeyThatProvedItselfFromTheSource_IsNotRefusedForOthersThere()
    {
        _throttle.Record(s_far, "GOOD", true);
        Fail(s_far, "BAD", 100);
        Assert.Equal(TimeSpan.Zero, _throttle.GetRefusal(s_far, "GOOD"));
        Assert.True(_throttle.GetRefusal(s_far, "BAD") > TimeSpan.Zero && _throttle.GetRefusal(s_far, "NEW") > TimeSpan.Zero && _throttle.GetRefusal(s_far, null) > TimeSpan.Zero);

        _throttle.Record(s_far, "GOOD", false);
        Assert.True(_throttle.GetRefusal(s_far, "GOOD") > TimeSpan.Zero);
    }

    [Fact]
    public void GetRefusal_KeyThatProvedItselfLongAgo_IsRefusedWithItsSource()
    {
        _throttle.Record(s_far, "GOOD", true);
        _time.Now += FailureThrottle.Memory;
        Fail(s_far, "BAD", 100);
        Assert.True(_throttle.GetRefusal(s_far, "GOOD") > TimeSpan.Zero);
    }

    [Fact]
    public void Record_FloodOfProvenKeys_ForgetsTheOldestOnly()
    {
        for (int i = 0; i <= FailureThrottle.MaxEntries; i++)
        {
            _throttle.Record(s_far, $"K{i}", true);
            _time.Now += TimeSpan.FromMilliseconds(1);
        }

        Fail(s_far, "BAD", 100);
        Assert.True(_throttle.GetRefusal(s_far, "K0") > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, _throttle.GetRefusal(s_far, $"K{FailureThrottle.MaxEntries}"));
    }

    [Fact]
    public void Record_OneIPv6Network_CountsAsOneSource()
    {
        for (int i = 0; i < 50; i++)
            _throttle.Record(IPAddress.Parse($"2001:db8:0:1::{i:x}"), null, false);
        Assert.True(_throttle.GetRefusal(IPAddress.Parse("2001:db8:0:1:ffff::1"), null) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, _throttle.GetRefusal(IPAddress.Parse("2001:db8:0:2::1"), null));
    }

    [Fact]
    public void Record_KeyLongerThanAnyCanBe_IsNotRemembered()
    {
        string absurd = new('K', 60_000);
        Fail(s_far, absurd, 100);
        Assert.Equal(TimeSpan.Zero, _throttle.GetRefusal(IPAddress.Parse("198.51.100.1"), absurd));
        Assert.True(_throttle.GetRefusal(s_far, null) > TimeSpan.Zero);
    }

    [Fact]
    public void Record_FloodOfSources_ForgetsTheOldestOnly()
    {
        var bytes = new byte[4];
        for (int i = 0; i < 3 * FailureThrottle.MaxEntries; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, i + (1 << 24));
            _throttle.Record(new IPAddress(bytes), $"K{i}", false);
            _time.Now += TimeSpan.FromMilliseconds(1);
        }

        Fail(s_far, "K", 100);
        Assert.True(_throttle.GetRefusal(s_far, null) > TimeSpan.Zero);
    }

    private void Fail(IPAddress source, string key, int times)
    {
        for (int i = 0; i < times; i++)
            _throttle.Record(source, key, false);
    }
}
