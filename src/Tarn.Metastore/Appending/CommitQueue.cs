using System.Collections.Concurrent;

namespace Tarn.Metastore.Appending;

/// <summary>Group commit: what arrives while a write is under way shares the next one. One thread at a time writes for all that wait.</summary>
/// <param name="writeNextBatch">Takes its turn, then a batch, and tells everybody in it how it ended. Throws nothing.</param>
internal sealed class CommitQueue(Func<Task> writeNextBatch)
{
    private const int MaxBatch = 256;

    private readonly ConcurrentQueue<PendingCommit> _queue = new();
    private int _isDraining;

    /// <summary>Puts a commit into the queue; completes when it is decided and durable.</summary>
    public async ValueTask<CommitRecord> EnqueueAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Changes.Count == 0)
            throw new ArgumentException("A commit needs at least one change.", nameof(request));
        var pending = new PendingCommit(request);
        await using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((PendingCommit)state!).Cancel(token), pending).ConfigureAwait(false);
        _queue.Enqueue(pending);
        if (Interlocked.CompareExchange(ref _isDraining, 1, 0) == 0)
            _ = Task.Run(DrainAsync, CancellationToken.None);
        return await pending.Outcome.ConfigureAwait(false);
    }

    /// <summary>Moves what waits into a batch, up to its limit. What is in it can no longer be cancelled.</summary>
    public void Take(List<PendingCommit> batch)
    {
        while (batch.Count < MaxBatch && _queue.TryDequeue(out var pending))
        {
            if (pending.TryStart())
                batch.Add(pending);
        }
    }

    // Whoever finds the flag down raises it; after lowering it one must look again, for a commit may have come in between.
    private async Task DrainAsync()
    {
        do
        {
            while (!_queue.IsEmpty)
                await writeNextBatch().ConfigureAwait(false);
            Volatile.Write(ref _isDraining, 0);
        }
        while (!_queue.IsEmpty && Interlocked.CompareExchange(ref _isDraining, 1, 0) == 0);
    }
}
