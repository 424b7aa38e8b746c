using Tarn.Core.Errors;

namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// Lets everybody who waits share the next write and sync: while one group is being written, the next one gathers.
/// </summary>
/// <param name="write">Makes a group durable, one group at a time, on the thread of a caller who found nobody writing or on one of the pool; throws when nothing of it is.</param>
internal sealed class GroupCommit(Func<IReadOnlyList<IndexBatch>, Epoch> write) : IThreadPoolWorkItem, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _places = new(IndexLimits.ConcurrentBatches);
    private readonly Queue<Pending> _waiting = new();
    private bool _isWriting;

    /// <summary>Returns when the batch is durable.</summary>
    /// <returns>The epoch it was logged in, which expects it to be applied.</returns>
    public async ValueTask<Epoch> LogAsync(IndexBatch batch, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var pending = new Pending(batch);
            bool leads;
            lock (_gate)
            {
                _waiting.Enqueue(pending);
                leads = !_isWriting;
                _isWriting = true;
            }

            // Whoever is alone waits for the disk itself, without a change of threads; those who come meanwhile are not its work.
            if (leads)
            {
                WriteGroup(NextGroup());
                HandOn();
            }

            return await pending.Done.Task.ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (NextGroup() is { Count: > 0 } group)
            WriteGroup(group);
    }

    public void Dispose() => _places.Dispose();

    private void HandOn()
    {
        bool others;
        lock (_gate)
            others = _isWriting = _waiting.Count > 0;
        if (others) // not the field: without others it belongs to the next caller already
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private List<Pending> NextGroup()
    {
        var group = new List<Pending>();
        lock (_gate)
        {
            for (long bytes = 0; bytes < IndexLimits.GroupBytes && _waiting.TryDequeue(out var next); bytes += next.Batch.Effects.Length)
                group.Add(next);
            _isWriting = group.Count > 0;
        }

        return group;
    }

    private void WriteGroup(List<Pending> group)
    {
        try
        {
            var epoch = write(group.ConvertAll(p => p.Batch));
            foreach (var pending in group)
                pending.Done.SetResult(epoch);
        }
        catch (TarnException full) when (full.Kind == ErrorKind.ResourceExhausted && group.DistinctBy(p => p.Batch.FreesRoom).Count() > 1)
        {
            // What is kept back for those who free room is not for the others.
            foreach (var pending in group.Where(p => !p.Batch.FreesRoom))
                pending.Done.SetException(full);
            WriteGroup(group.FindAll(p => p.Batch.FreesRoom));
        }
        catch (Exception error)
        {
            // Whatever it is belongs to those who wait; this thread is only lent.
            foreach (var pending in group)
                pending.Done.SetException(error);
        }
    }

    private sealed class Pending(IndexBatch batch)
    {
        public IndexBatch Batch { get; } = batch;

        public TaskCompletionSource<Epoch> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
