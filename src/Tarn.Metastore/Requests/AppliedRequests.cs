using System.Collections.Immutable;

namespace Tarn.Metastore.Requests;

/// <summary>The requests that were applied and may come again. Immutable.</summary>
public sealed class AppliedRequests
{
    /// <summary>
    /// Most requests that are remembered at once, some 800 bytes each, 400 MB in all. A caller gets room only while it holds less than is free, so that one
    /// alone has half at most and another finds room.
    /// </summary>
    public const int MaxCount = 500_000;

    private static readonly IComparer<AppliedRequest> s_byEnd = Comparer<AppliedRequest>.Create(CompareEnds);

    private readonly ImmutableDictionary<string, ImmutableDictionary<Guid, AppliedRequest>> _byCaller;

    // Servers may remember for different times: the one that ends first need not be the one that came first.
    private readonly ImmutableSortedSet<AppliedRequest> _byEnd;

    private AppliedRequests(ImmutableDictionary<string, ImmutableDictionary<Guid, AppliedRequest>> byCaller, ImmutableSortedSet<AppliedRequest> byEnd) =>
        (_byCaller, _byEnd) = (byCaller, byEnd);

    /// <summary>None.</summary>
    public static AppliedRequests Empty { get; } = new(
        ImmutableDictionary.Create<string, ImmutableDictionary<Guid, AppliedRequest>>(StringComparer.Ordinal), ImmutableSortedSet.Create<AppliedRequest>(s_byEnd));

    /// <summary>How many had not ended at the last commit.</summary>
    public int Count => _byEnd.Count;

    /// <summary>All of them; what ends first comes first.</summary>
    public IEnumerable<AppliedRequest> All => _byEnd;

    /// <summary>The request of a key, or null when it was not applied, or is past its time.</summary>
    public AppliedRequest? Find(RequestKey key, DateTimeOffset now) =>
        _byCaller.GetValueOrDefault(key.Caller)?.GetValueOrDefault(key.Id) is { } found && found.Request.Until > now ? found : null;

    /// <exception cref="RepeatedRequestException">It was applied.</exception>
    internal void RequireNew(IdempotentRequest? request, DateTimeOffset now)
    {
        if (request is not null && Find(request.Key, now) is { } applied)
            throw new RepeatedRequestException(applied);
    }

    /// <exception cref="RequestsFullException">There is no room for so many more, or a caller holds as much as is free.</exception>
    internal void RequireRoom(IEnumerable<RequestKey> more, int maxCount)
    {
        int free = maxCount - Count;
        foreach (var (caller, count) in more.CountBy(key => key.Caller, StringComparer.Ordinal))
        {
            int own = _byCaller.GetValueOrDefault(caller)?.Count ?? 0;
            // One after another: the last of them comes when the others have what they take.
            if (own + count - 1 >= free - count + 1)
                throw new RequestsFullException(own, Count, maxCount);
            free -= count;
        }
    }

    /// <summary>Without those whose time has ended.</summary>
    internal AppliedRequests WithoutEnded(DateTimeOffset now)
    {
        if (_byEnd.IsEmpty || _byEnd.Min!.Request.Until > now)
            return this;
        var (byCaller, byEnd) = (_byCaller.ToBuilder(), _byEnd.ToBuilder());
        for (; byEnd.Min is { } first && first.Request.Until <= now; byEnd.Remove(first))
        {
            var key = first.Request.Key;
            if (byCaller[key.Caller].Remove(key.Id) is { IsEmpty: false } left)
                byCaller[key.Caller] = left;
            else
                byCaller.Remove(key.Caller);
        }

        return new(byCaller.ToImmutable(), byEnd.ToImmutable());
    }

    /// <summary>With one more, unless its time has ended, and without those whose time has.</summary>
    /// <exception cref="RepeatedRequestException">It is there.</exception>
    internal AppliedRequests Add(AppliedRequest request, DateTimeOffset now)
    {
        RequireNew(request.Request, now);
        var left = WithoutEnded(now);
        return request.Request.Until > now ? left.With(request) : left;
    }

    private AppliedRequests With(AppliedRequest request)
    {
        // What is read from the log brings the caller's id as a text of its own each time.
        var key = request.Request.Key;
        if (_byCaller.TryGetKey(key.Caller, out string caller) && !ReferenceEquals(caller, key.Caller))
            request = request with { Request = request.Request with { Key = key with { Caller = caller } } };
        var own = _byCaller.GetValueOrDefault(key.Caller, ImmutableDictionary<Guid, AppliedRequest>.Empty);
        return new(_byCaller.SetItem(caller, own.Add(key.Id, request)), _byEnd.Add(request));
    }

    private static int CompareEnds(AppliedRequest one, AppliedRequest other)
    {
        int order = one.Request.Until.CompareTo(other.Request.Until);
        order = order != 0 ? order : one.Number.CompareTo(other.Number);
        order = order != 0 ? order : one.Request.Key.Id.CompareTo(other.Request.Key.Id);
        return order != 0 ? order : string.CompareOrdinal(one.Request.Key.Caller, other.Request.Key.Caller);
    }
}
