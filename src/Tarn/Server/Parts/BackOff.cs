namespace Tarn.Server.Parts;

/// <summary>How long to wait before the next attempt: doubled each time, with jitter so that parts that failed together do not return together.</summary>
/// <param name="random">Source of the jitter.</param>
internal sealed class BackOff(Random random)
{
    private int _attempts;

    /// <summary>Wait after the first failure, before jitter.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait, before jitter.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The next wait: between half and the whole of the doubled one.</summary>
    public TimeSpan Next()
    {
        double whole = Math.Min(Most.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, _attempts));
        _attempts = Math.Min(_attempts + 1, 30);
        return TimeSpan.FromMilliseconds(whole * (0.5 + 0.5 * random.NextDouble()));
    }

    /// <summary>The attempt succeeded and lasted: the next failure waits shortly again.</summary>
    public void Reset() => _attempts = 0;
}
