using System.Net;
using Tarn.Access.Auditing;
using Tarn.Access.Throttling;
using Tarn.Testing.Access;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.Access.Tests.Throttling;

public sealed class RefusalCountTests : IAuditLog
{
    private static readonly IPAddress s_far = IPAddress.Parse("203.0.113.9");

    private readonly ManualTimeProvider _time = new();
    private readonly List<AuditEvent> _trail = [];

    long IAuditLog.LostCount => 0;

    void IAuditLog.Record(AuditEvent auditEvent) => _trail.Add(auditEvent);

    [Fact]
    public void Add_ManyOfASource_AreTheFirstAndThenOneEventForEachPeriod()
    {
        using var count = new RefusalCount(this, _time);
        for (int i = 0; i < 40; i++)
            count.Add(s_far, "KEY");
        Assert.Equal(("203.0.113.9", "KEY", false), (_trail.Single().Source, _trail[0].AccessKeyId, _trail[0].IsAllowed));
        _time.Advance(RefusalCount.Period);
        Assert.Contains("39 more requests", _trail[1].Reason);
        count.Add(s_far, "OTHER");
        count.Add(s_far, "KEY");
        Assert.Equal(2, _trail.Count);
        _time.Advance(RefusalCount.Period);
        Assert.Contains("2 more requests", _trail[2].Reason);
        Assert.Null(_trail[2].AccessKeyId);
    }

    [Fact]
    public void Add_AfterASilentPeriod_IsToldAtOnceAgain()
    {
        using var count = new RefusalCount(this, _time);
        count.Add(s_far, "KEY");
        _time.Advance(RefusalCount.Period);
        count.Add(s_far, "KEY");
        Assert.Equal(2, _trail.Count);
    }

    [Fact]
    public void Add_MoreSourcesThanAreToldApart_AreOneEvent()
    {
        using var count = new RefusalCount(this, _time);
        for (int i = 0; i < RefusalCount.MaxSources + 100; i++)
            count.Add(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), null);
        Assert.Equal(RefusalCount.MaxSources, _trail.Count);
        _time.Advance(RefusalCount.Period);
        Assert.Contains("100 more requests of sources beyond", Assert.Single(_trail.Skip(RefusalCount.MaxSources)).Reason);
    }

    [Fact]
    public void Dispose_WithCounted_TellsThem()
    {
        var count = new RefusalCount(this, _time);
        count.Add(null, null);
        count.Add(null, null);
        count.Dispose();
        Assert.EndsWith(": 1 more request within 1 s", _trail[1].Reason);
    }

    [Fact]
    public async Task GetRefusal_OfAGuesser_LeavesNoTryOutOfTheTrail()
    {
        using var folder = new TemporaryFolder();
        int failed = 0, refused = 0;
        await using (var services = new AccessServices(new MemoryAccessStore(), new AccessOptions { DataFolder = folder.Path, Time = _time }))
        {
            for (int i = 0; i < 40; i++)
            {
                if (services.Control.GetRefusal(s_far, "ROOT") > TimeSpan.Zero)
                {
                    refused++;
                    continue;
                }

                services.Control.RecordAuthentication(new AuthenticationAttempt("ROOT", false, s_far, "SignatureDoesNotMatch"));
                failed++;
            }
        }

        var found = await AuditTrail.ReadAsync(folder.Path, new AuditQuery(Principal: "ROOT"));
        Assert.Equal(failed + 2, found.Count);
        Assert.Contains($"{refused - 1} more requests", found[^1].Reason);
    }
}
