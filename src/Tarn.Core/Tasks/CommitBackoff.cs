using Tarn.Core.Errors;

namespace Tarn.Core.Tasks;

/// <summary>
/// The waits of one commit that lost races: each random between half and all of a step that doubles, so that competitors spread. The limit is a time and no
/// number of tries: how many are lost in a row says only how many clients there are.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads competitors.</param>
public sealed class CommitBackoff(TimeProvider time, Random random)
{
    /// <summary>No try starts after this long: clients wait about a minute for an answer, and one that comes later is as good as lost.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstStep = TimeSpan.FromMilliseconds(2), LongestStep = TimeSpan.FromMilliseconds(250);

    private readonly long _start = time.GetTimestamp();
    private int _lost;

    /// <summary>Waits before the next try.</summary>
    /// <param name="lost">Why the last one failed; its message begins that of the last error.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="CommitConflictException">The time is up.</exception>
    public async ValueTask WaitAsync(TarnException lost, CancellationToken cancellationToken)
    {
        var elapsed = time.GetElapsedTime(_start);
        if (elapsed >= Limit)
            throw new CommitConflictException($"{lost.Message.TrimEnd('.')}. {++_lost} tries in {elapsed.TotalSeconds:F0} s lost against other commits ({Limit.TotalSeconds:F0} s is the limit); nothing was changed.");
        await Task.Delay(NextWait(), time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How long to wait after one more lost race.</summary>
    public TimeSpan NextWait()
    {
        double step = Math.Min(LongestStep.TotalMilliseconds, FirstStep.TotalMilliseconds * Math.Pow(2, Math.Min(_lost++, 30)));
        return TimeSpan.FromMilliseconds(step * (0.5 + (random.NextDouble() / 2)));
    }
}
