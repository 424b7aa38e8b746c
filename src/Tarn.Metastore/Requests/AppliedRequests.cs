using System.Collections.Immutable;

namespace Tarn.Metastore.Requests;

/// <summary>The requests that were applied and may come again. Immutable.</summary>
public sealed class AppliedRequests
{
    /// <summary>Most requests that are remembered at once, some 300 bytes each; more are refused until some have ended.</summary>
    public const int MaxCount = 500_000;

    private readonly ImmutableDictionary<string, ImmutableDictionary<Guid, AppliedRequest>> _byCaller;

    // In the order of the log. One that was replaced after its time is still here, and counts no more.
    private readonly ImmutableQueue<AppliedRequest> _inOrder;

    private AppliedRequests(ImmutableDictionary<string, ImmutableDictionary<Guid, AppliedRequest>> byCaller, ImmutableQueue<AppliedRequest> inOrder, int count) =>
        (_byCaller, _inOrder, Count) = (byCaller, inOrder, count);

    /// <summary>None.</summary>
    public static AppliedRequests Empty { get; } = new(
        ImmutableDictionary.Create<string, ImmutableDictionary<Guid, AppliedRequest>>(StringComparer.Ordinal), [], 0);

    /// <summary>How many are remembered, some of them perhaps past their time.</summary>
    public int Count { get; }

    /// <summary>All of them, oldest first.</summary>
    public IEnumerable<AppliedRequest> All => _inOrder.Where(request => ReferenceEquals(Get(request.Request.Key), request));

    /// <summary>The request of a key, or null when it was not applied, or is past its time.</summary>
    public AppliedRequest? Find(RequestKey key, DateTimeOffset now) => Get(key) is { } found && found.Request.Until > now ? found : null;

    /// <exception cref="RepeatedRequestException">It was applied.</exception>
    internal void RequireNew(IdempotentRequest? request, DateTimeOffset now)
    {
        if (request is not null && Find(request.Key, now) is { } applied)
            throw new RepeatedRequestException(applied);
    }

    /// <summary>With one more, and without those whose time has ended.</summary>
    /// <exception cref="RepeatedRequestException">It is there.</exception>
    internal AppliedRequests Add(AppliedRequest request, DateTimeOffset now)
    {
        RequireNew(request.Request, now);
        var (byCaller, inOrder, count) = (_byCaller, _inOrder, Count);
        for (; !inOrder.IsEmpty && inOrder.Peek() is var first && first.Request.Until <= now; inOrder = inOrder.Dequeue())
            Remove(ref byCaller, ref count, first);
        var own = byCaller.GetValueOrDefault(request.Request.Key.Caller, ImmutableDictionary<Guid, AppliedRequest>.Empty);
        count += own.ContainsKey(request.Request.Key.Id) ? 0 : 1;
        return new(byCaller.SetItem(request.Request.Key.Caller, own.SetItem(request.Request.Key.Id, request)), inOrder.Enqueue(request), count);
    }

    private static void Remove(ref ImmutableDictionary<string, ImmutableDictionary<Guid, AppliedRequest>> byCaller, ref int count, AppliedRequest ended)
    {
        var key = ended.Request.Key;
        if (!byCaller.TryGetValue(key.Caller, out var own) || !own.TryGetValue(key.Id, out var present) || !ReferenceEquals(present, ended))
            return;
        own = own.Remove(key.Id);
        byCaller = own.IsEmpty ? byCaller.Remove(key.Caller) : byCaller.SetItem(key.Caller, own);
        count--;
    }

    private AppliedRequest? Get(RequestKey key) => _byCaller.GetValueOrDefault(key.Caller)?.GetValueOrDefault(key.Id);
}
