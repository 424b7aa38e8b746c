namespace Tarn.Metastore.Postgres;

/// <summary>Pauses between tries that grow until a limit of time is reached.</summary>
internal sealed class Patience(TimeProvider time, TimeSpan limit)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(500);
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits before another try; false, at once, when there is no time left for one.</summary>
    public async ValueTask<bool> PauseAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_start) + _pause > limit)
            return false;
        await Task.Delay(_pause, time, cancellationToken).ConfigureAwait(false);
        _pause = _pause * 2 < s_longest ? _pause * 2 : s_longest;
        return true;
    }
}
