using System.Globalization;
using System.Net;
using Tarn.Access.Auditing;

namespace Tarn.Access.Throttling;

/// <summary>
/// Puts requests that are refused unseen into the audit trail, few lines for many: the first of a source at once, the others as one line for each source and
/// <see cref="Period"/> with their number. So an attack is seen as it is and fills no disk.
/// </summary>
/// <param name="audit">The trail.</param>
/// <param name="time">The clock.</param>
internal sealed class RefusalCount(IAuditLog audit, TimeProvider time) : IDisposable
{
    /// <summary>How long refusals of a source are counted together.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Most sources that are told apart within a period; those of all others are one line.</summary>
    public const int MaxSources = 256;

    private static readonly IPAddress s_unknown = IPAddress.None;

    private readonly Dictionary<IPAddress, Refused> _sources = [];
    private readonly Lock _gate = new();
    private ITimer? _alarm;
    private int _others;
    private bool _isEnded;

    /// <summary>Counts a refused request.</summary>
    /// <param name="source">Where from; null when unknown.</param>
    /// <param name="accessKeyId">The key that it names, no longer than a key may be; null when none.</param>
    public void Add(IPAddress? source, string? accessKeyId)
    {
        var network = source is null ? s_unknown : FailureThrottle.NetworkOf(source);
        lock (_gate)
        {
            if (!_isEnded)
                _alarm ??= time.CreateTimer(_ => Tell(), null, Period, Timeout.InfiniteTimeSpan);
            if (_sources.TryGetValue(network, out var refused))
            {
                _sources[network] = new Refused(refused.Count + 1, source, refused.Count == 0 || refused.AccessKeyId == accessKeyId ? accessKeyId : null);
            }
            else if (_sources.Count == MaxSources)
            {
                _others++;
            }
            else
            {
                _sources[network] = new Refused(0, source, accessKeyId);
                Record(source, accessKeyId, "refused unseen after too many failures");
            }
        }
    }

    /// <summary>Tells what was counted and not yet told.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnded = true;
            Tell();
        }
    }

    private void Tell()
    {
        lock (_gate)
        {
            _alarm?.Dispose();
            foreach (var (network, refused) in _sources.ToList())
            {
                if (refused.Count == 0)
                    _sources.Remove(network);
                else
                    _sources[network] = refused with { Count = 0 };
                Tell(refused.Source, refused.AccessKeyId, refused.Count, "");
            }

            Tell(null, null, _others, " of sources beyond those that are told apart");
            _others = 0;
            // A source that goes on is counted from its next request on; one that was silent for a period is told at once again.
            _alarm = _isEnded || _sources.Count == 0 ? null : time.CreateTimer(_ => Tell(), null, Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell(IPAddress? source, string? accessKeyId, int count, string which)
    {
        if (count > 0)
            Record(source, accessKeyId, string.Create(CultureInfo.InvariantCulture, $"refused unseen after too many failures: {count} more request{(count == 1 ? "" : "s")}{which} within {Period.TotalSeconds} s"));
    }

    private void Record(IPAddress? source, string? accessKeyId, string reason) => audit.Record(
        new AuditEvent(time.GetUtcNow(), AuditKind.Authentication, AccessControl.Anonymous, accessKeyId, AccessControl.Authenticate, "*", source?.ToString(), false, reason, null));

    private readonly record struct Refused(int Count, IPAddress? Source, string? AccessKeyId);
}
