using Tarn.Core.Errors;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>
/// The waits of one commit that lost races at the log: each random between half and all of a step that doubles, so that competitors spread.
/// Inside one process commits take turns and lose none; what is met here is other processes.
/// </summary>
internal sealed class CommitBackoff(TimeProvider time, Random random)
{
    /// <summary>No try starts after this long: clients wait about a minute for an answer, and one that comes later is as good as lost.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstStep = TimeSpan.FromMilliseconds(2), LongestStep = TimeSpan.FromMilliseconds(250);

    private readonly long _start = time.GetTimestamp();
    private int _lost;

    /// <summary>Waits before the next try.</summary>
    /// <exception cref="CommitConflictException">The time is up.</exception>
    public async ValueTask WaitAsync(TarnException lost, CancellationToken cancellationToken)
    {
        var elapsed = time.GetElapsedTime(_start);
        if (elapsed >= Limit)
            throw new CommitConflictException($"{lost.Message.TrimEnd('.')}. {++_lost} tries in {elapsed.TotalSeconds:F0} s lost against commits of other processes ({Limit.TotalSeconds:F0} s is the limit); nothing was changed.");
        await Task.Delay(NextWait(), time, cancellationToken).ConfigureAwait(false);
    }

    internal TimeSpan NextWait()
    {
        double step = Math.Min(LongestStep.TotalMilliseconds, FirstStep.TotalMilliseconds * Math.Pow(2, Math.Min(_lost++, 30)));
        return TimeSpan.FromMilliseconds(step * (0.5 + (random.NextDouble() / 2)));
    }
}
