using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Tarn.Access.Identities;

namespace Tarn.Access.Throttling;

/// <summary>
/// Slows guessing down. Failures are counted by source (an IPv4 address, an IPv6 network of 64 bits) and by key; past a free number each
/// doubles the time for which requests are refused unseen, up to a limit, and counts fade when no more come. Nobody is refused for ever, and
/// the machine itself only briefly, so that an attack cannot lock its operator out. A key that has lately proved itself from a source is not refused for what
/// others do there, behind the same proxy or on the same machine; a failure of its own ends that.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class FailureThrottle(TimeProvider time)
{
    /// <summary>Failures that cost nothing: typing errors, clients that try an old key first.</summary>
    public const int FreeFailures = 10;

    /// <summary>Most sources and most keys that are remembered; beyond it those that failed longest ago are forgotten.</summary>
    public const int MaxEntries = 8_192;

    /// <summary>The longest refusal of a source.</summary>
    public static readonly TimeSpan SourceLimit = TimeSpan.FromMinutes(1);

    /// <summary>The longest refusal for a key, wherever requests come from: its owner may be among them.</summary>
    public static readonly TimeSpan KeyLimit = TimeSpan.FromSeconds(2);

    /// <summary>The longest refusal of the machine itself.</summary>
    public static readonly TimeSpan LoopbackLimit = TimeSpan.FromSeconds(1);

    /// <summary>After this long without a failure a count starts anew.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan FirstRefusal = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<IPAddress, Failures> _sources = [];
    private readonly Dictionary<string, Failures> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(IPAddress Source, string Key), DateTimeOffset> _proven = new();
    private readonly Lock _gate = new();
    private int _count;

    /// <summary>For how long requests are refused from now on; zero for most.</summary>
    public TimeSpan GetRefusal(IPAddress? source, string? accessKeyId)
    {
        if (Volatile.Read(ref _count) == 0)
            return TimeSpan.Zero;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var bySource = source is not null && !IsProven(source, accessKeyId, now) && _sources.TryGetValue(NetworkOf(source), out var failures) ? failures.RefusedUntil - now : TimeSpan.Zero;
            bool isLoopback = source is not null && IPAddress.IsLoopback(source);
            var byKey = !isLoopback && accessKeyId is not null && _keys.TryGetValue(accessKeyId, out failures) ? failures.RefusedUntil - now : TimeSpan.Zero;
            var longest = bySource > byKey ? bySource : byKey;
            return longest > TimeSpan.Zero ? longest : TimeSpan.Zero;
        }
    }

    /// <summary>Counts an attempt.</summary>
    public void Record(IPAddress? source, string? accessKeyId, bool isAuthentic)
    {
        if (isAuthentic)
            Prove(source, accessKeyId);
        if (isAuthentic && Volatile.Read(ref _count) == 0)
            return;
        lock (_gate)
        {
            if (isAuthentic)
                Forget(source, accessKeyId);
            else
                Count(source, accessKeyId);
            Volatile.Write(ref _count, _sources.Count + _keys.Count);
        }
    }

    private void Forget(IPAddress? source, string? accessKeyId)
    {
        // A source that has also failed with other keys keeps its count, or a guesser with one good key could wipe it clean again and again.
        if (source is not null && _sources.TryGetValue(NetworkOf(source), out var failures) && failures.OnlyKey == accessKeyId)
            _sources.Remove(NetworkOf(source));
        if (accessKeyId is not null)
            _keys.Remove(accessKeyId);
    }

    private bool IsProven(IPAddress source, string? accessKeyId, DateTimeOffset now) =>
        accessKeyId is not null && _proven.TryGetValue((NetworkOf(source), accessKeyId), out var last) && now - last < Memory;

    // Most requests find what an earlier one has noted, and take no lock.
    private void Prove(IPAddress? source, string? accessKeyId)
    {
        if (source is null || accessKeyId is null)
            return;
        var (pair, now) = ((NetworkOf(source), accessKeyId), time.GetUtcNow());
        if (_proven.TryGetValue(pair, out var last) && now - last < Memory / 2)
            return;
        lock (_gate)
        {
            if (_proven.Count >= MaxEntries)
            {
                foreach (var (old, _) in _proven.OrderBy(e => e.Value).Take(MaxEntries / 8).ToList())
                    _proven.TryRemove(old, out _);
            }

            _proven[pair] = now;
        }
    }

    private void Count(IPAddress? source, string? accessKeyId)
    {
        if (source is not null && accessKeyId is not null)
            _proven.TryRemove((NetworkOf(source), accessKeyId), out _);
        if (source is not null)
            Count(_sources, NetworkOf(source), accessKeyId is { Length: <= IdentityNames.MaxKeyChars } ? accessKeyId : null, IPAddress.IsLoopback(source) ? LoopbackLimit : SourceLimit);
        // Longer ones are nobody's key, and remembering them would cost as much memory as somebody cares to send.
        if (accessKeyId is { Length: <= IdentityNames.MaxKeyChars })
            Count(_keys, accessKeyId, accessKeyId, KeyLimit);
    }

    private void Count<TKey>(Dictionary<TKey, Failures> all, TKey key, string? accessKeyId, TimeSpan limit)
        where TKey : notnull
    {
        var now = time.GetUtcNow();
        bool isKnown = all.TryGetValue(key, out var failures) && now - failures.Last < Memory;
        int count = isKnown ? Math.Min(failures.Count + 1, int.MaxValue - 1) : 1;
        if (!isKnown && all.Count >= MaxEntries)
            MakeRoom(all, now);
        int doublings = Math.Min(count - FreeFailures - 1, 30);
        var refusal = doublings < 0 ? TimeSpan.Zero : FirstRefusal * Math.Pow(2, doublings);
        all[key] = new Failures(count, now, now + (refusal < limit ? refusal : limit), !isKnown || failures.OnlyKey == accessKeyId ? accessKeyId : null);
    }

    // An eighth at once, so that a flood of sources does not sort them all for each newcomer.
    private static void MakeRoom<TKey>(Dictionary<TKey, Failures> all, DateTimeOffset now)
        where TKey : notnull
    {
        foreach (var (key, _) in all.Where(e => now - e.Value.Last >= Memory).ToList())
            all.Remove(key);
        if (all.Count < MaxEntries)
            return;
        foreach (var (key, _) in all.OrderBy(e => e.Value.Last).Take(MaxEntries / 8).ToList())
            all.Remove(key);
    }

    // Whoever has one IPv6 address usually has the 2^64 of its network.
    internal static IPAddress NetworkOf(IPAddress source)
    {
        if (source.IsIPv4MappedToIPv6)
            return source.MapToIPv4();
        if (source.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(source))
            return source;
        byte[] bytes = source.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private readonly record struct Failures(int Count, DateTimeOffset Last, DateTimeOffset RefusedUntil, string? OnlyKey);
}
