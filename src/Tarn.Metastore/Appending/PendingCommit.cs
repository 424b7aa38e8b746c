namespace Tarn.Metastore.Appending;

/// <summary>A commit on its way: waiting (can be cancelled), started, then decided and completed.</summary>
internal sealed class PendingCommit(CommitRequest request)
{
    private readonly TaskCompletionSource<CommitRecord> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isTaken;
    private CommitRecord? _commit;

    public CommitRequest Request => request;

    public Task<CommitRecord> Outcome => _outcome.Task;

    /// <summary>Whether its caller knows how it ended, so that it is not decided again.</summary>
    public bool IsOver => _outcome.Task.IsCompleted;

    /// <summary>Claims it for writing; false when it was cancelled before.</summary>
    public bool TryStart() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    public void Cancel(CancellationToken token)
    {
        if (TryStart())
            _outcome.TrySetCanceled(token);
    }

    /// <summary>Remembers what it becomes once the batch is durable.</summary>
    public void Decide(CommitRecord commit) => _commit = commit;

    public void Fail(Exception error) => _outcome.TrySetException(error);

    /// <summary>Tells the caller, unless it failed.</summary>
    public void Complete()
    {
        if (_commit is { } commit)
            _outcome.TrySetResult(commit);
    }
}
