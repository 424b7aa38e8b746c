using Tarn.Core.Errors;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Requests;
using Tarn.Testing.Files;
using Tarn.Testing.Time;

namespace Tarn.Metastore.Tests.Requests;

/// <summary>Room for requests that may come again, in a log with room for few.</summary>
public sealed class AppliedRequestsTests : IDisposable
{
    private const int MaxCount = 8;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Append_FullUntilTheirTime_HasRoomAfterIt(bool isReopened)
    {
        var log = Open();
        for (int i = 0; i < MaxCount; i++)
            await AppendAsync(log, $"caller{i}", Lifetime);
        await Assert.ThrowsAsync<RequestsFullException>(() => AppendAsync(log, "late", Lifetime));
        _time.Advance(Lifetime);
        if (isReopened)
        {
            log.Dispose();
            log = Open();
        }

        for (int i = 0; i < MaxCount; i++)
            await AppendAsync(log, $"late{i}", Lifetime);
        Assert.Equal(MaxCount, (await log.ReadAsync()).Applied.Count);
        await Assert.ThrowsAsync<RequestsFullException>(() => AppendAsync(log, "late", Lifetime));
        log.Dispose();
    }

    [Fact]
    public async Task Append_ByOneCaller_LeavesRoomForOthers()
    {
        using var log = Open();
        for (int i = 0; i < MaxCount / 2; i++)
            await AppendAsync(log, "greedy", Lifetime);
        var refused = await Assert.ThrowsAsync<RequestsFullException>(() => AppendAsync(log, "greedy", Lifetime));
        Assert.Equal(ErrorKind.Unavailable, refused.Kind);
        for (int i = 0; i < MaxCount / 4; i++)
            await AppendAsync(log, "other", Lifetime);
        await AppendAsync(log, "third", Lifetime);
    }

    [Fact]
    public async Task Append_LongOneBeforeShortOnes_ShortOnesEndInTime()
    {
        using var log = Open();
        await AppendAsync(log, "long", 2 * Lifetime);
        for (int i = 1; i < MaxCount; i++)
            await AppendAsync(log, $"short{i}", Lifetime);
        _time.Advance(Lifetime);
        await AppendAsync(log, "late", Lifetime);
        Assert.Equal(["late", "long"], (await log.ReadAsync()).Applied.All.Select(a => a.Request.Key.Caller).Order());
    }

    [Fact]
    public async Task Append_WithoutKey_ForgetsThoseThatEnded()
    {
        using var log = Open();
        await AppendAsync(log, "ada", Lifetime);
        _time.Advance(Lifetime);
        await log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.CreateBranch("main")]) { At = new CatalogAddress("lake", "dev") });
        Assert.Empty((await log.ReadAsync()).Applied.All);
    }

    /// <summary>One server commits once with a clock that is hours ahead: from then on the log is, and what others commit ends by its clock.</summary>
    [Fact]
    public async Task Append_ByALogAheadOfTheServer_IsRememberedForItsWholeLifetime()
    {
        var ahead = new ManualTimeProvider();
        ahead.Advance(TimeSpan.FromHours(5));
        using (var other = Open(ahead))
            await AppendAsync(other, "ahead", Lifetime);
        using var log = Open();
        var request = await AppendAsync(log, "ada", Lifetime);
        var repeated = new CommitRequest("ada", [], [new CatalogChange.RememberRequest(request, [])]);
        await Assert.ThrowsAsync<RepeatedRequestException>(() => log.AppendAsync(repeated).AsTask());
        var state = await log.ReadAsync();
        Assert.Equal(ahead.GetUtcNow(), state.Time);
        Assert.Equal(ahead.GetUtcNow() + Lifetime, state.Applied.Find(request.Key, state.TimeAt(_time.GetUtcNow()))!.Request.Until);
        _time.Advance(TimeSpan.FromHours(5) + Lifetime);
        await log.AppendAsync(repeated);
    }

    [Fact]
    public async Task Read_ManyOfOneCaller_ShareItsId()
    {
        using (var log = Open())
        {
            for (int i = 0; i < 3; i++)
                await AppendAsync(log, "ada", Lifetime);
        }

        using var again = Open();
        var applied = (await again.ReadAsync()).Applied.All.ToList();
        Assert.All(applied, a => Assert.Same(applied[0].Request.Key.Caller, a.Request.Key.Caller));
    }

    private EmbeddedCommitLog Open(TimeProvider? time = null) => new(_folder["meta"], time: time ?? _time) { CheckpointEveryBytes = 0 };

    private async Task<IdempotentRequest> AppendAsync(ICommitLog log, string caller, TimeSpan lifetime)
    {
        var request = new IdempotentRequest(new RequestKey(caller, Guid.NewGuid()), "digest", _time.GetUtcNow() + lifetime) { Lifetime = lifetime };
        await log.AppendAsync(new CommitRequest("ada", [new CommitCondition.RoomForRequests([request.Key], MaxCount)], [new CatalogChange.RememberRequest(request, [])]));
        return request;
    }
}
