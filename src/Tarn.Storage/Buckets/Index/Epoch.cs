namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// A log and what it made of the index: changes in memory, counters, files to sync. It becomes a segment when the log is full and every batch in it
/// has been applied.
/// </summary>
internal sealed class Epoch(IReadOnlyList<long> logNumbers, LogWriter? log) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], CounterChange> _counters = new(KeyComparer.Instance);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unapplied;
    private bool _isClosed;

    /// <summary>Logs that may be deleted when the epoch is a segment.</summary>
    public IReadOnlyList<long> LogNumbers => logNumbers;

    /// <summary>Null when it was read at start and takes no more batches.</summary>
    public LogWriter? Log => log;

    public Memtable Changes { get; } = new();

    public DirtyFiles Dirty { get; } = new();

    /// <summary>Counts batches that are about to be logged; each must be applied or given up.</summary>
    public void Expect(int count)
    {
        lock (_gate)
            _unapplied += count;
    }

    public void Apply(IndexBatch batch)
    {
        foreach (var change in batch.Changes)
            Changes.Set(change.Key, change.Value);
        lock (_gate)
        {
            foreach (var counter in batch.Counters)
            {
                var sum = _counters.GetValueOrDefault(counter.Key);
                _counters[counter.Key] = new CounterChange(counter.Key, sum.Count + counter.Count, sum.SizeBytes + counter.SizeBytes);
            }
        }
    }

    /// <summary>Says that a batch which was expected has been applied or given up.</summary>
    public void Settle(int count = 1)
    {
        lock (_gate)
        {
            _unapplied -= count;
            if (_isClosed && _unapplied == 0)
                _settled.TrySetResult();
        }
    }

    /// <summary>No more batches; the task ends when the last one has been applied.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (_unapplied == 0)
                _settled.TrySetResult();
        }

        return _settled.Task;
    }

    public (long Count, long SizeBytes) Counter(byte[] key)
    {
        lock (_gate)
        {
            var sum = _counters.GetValueOrDefault(key);
            return (sum.Count, sum.SizeBytes);
        }
    }

    public IReadOnlyList<CounterChange> Counters()
    {
        lock (_gate)
            return [.. _counters.Values];
    }

    public void Dispose() => log?.Dispose();
}
