using Tarn.Core.Files;

namespace Tarn.Metastore.Embedded;

/// <summary>Somebody waits for another process that is committing.</summary>
/// <param name="Holder">Process id and command of the one waited for; empty when unknown.</param>
/// <param name="Waited">How long so far.</param>
public sealed record CommitWait(string Holder, TimeSpan Waited);

/// <summary>
/// The order in which processes commit. Two locks: whoever commits holds <c>commit.lock</c>, whoever is next holds <c>commit.next</c>.
/// A process that commits without pause must pass through <c>commit.next</c> like everybody else, so it cannot lock others out.
/// Both locks end with the process that holds them.
/// </summary>
internal sealed class CommitTurns(IFileSystem files, string folder, TimeProvider time, Action<CommitWait>? onWaiting)
{
    private const int EagerTries = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(1), LongPause = TimeSpan.FromMilliseconds(8);
    private readonly string _commitPath = Path.Join(folder, "commit.lock"), _nextPath = Path.Join(folder, "commit.next");

    /// <summary>Waits for the turn; dispose to end it.</summary>
    public async ValueTask<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        var waiting = new Waiting(time.GetTimestamp());
        // Only the one who is next polls quickly: it is alone, and everybody behind it waits for the same event.
        using var next = await PollAsync(_nextPath, LongPause, waiting, cancellationToken).ConfigureAwait(false);
        return await PollAsync(_commitPath, ShortPause, waiting, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<IDisposable> PollAsync(string path, TimeSpan pause, Waiting waiting, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files.TryLock(path, ProcessText.Current) is { } held)
                return held;
            Report(waiting);
            if (tries <= EagerTries)
                await Task.Yield();
            else
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Report(Waiting waiting)
    {
        var waited = time.GetElapsedTime(waiting.Start);
        if (onWaiting is null || waited < waiting.NextReport)
            return;
        waiting.NextReport = waited * 2;
        onWaiting(new CommitWait(files.ReadLockHolder(_commitPath), waited));
    }

    private sealed class Waiting(long start)
    {
        public long Start { get; } = start;

        public TimeSpan NextReport { get; set; } = Patience;
    }
}
