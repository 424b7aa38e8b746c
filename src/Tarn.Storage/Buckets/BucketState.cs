namespace Tarn.Storage.Buckets;

/// <summary>A bucket in memory: its configuration, and who uses it at the moment.</summary>
internal sealed class BucketState(BucketRecord record) : IDisposable
{
    private readonly Lock _gate = new();
    private BucketRecord _record = record;
    private int _users;
    private bool _isClosed;

    /// <summary>Held while the configuration changes.</summary>
    public SemaphoreSlim Changes { get; } = new(1);

    public BucketRecord Record
    {
        get => Volatile.Read(ref _record);
        set => Volatile.Write(ref _record, value);
    }

    public string Name => Record.Name;

    /// <summary>Whether the bucket may be used; then <see cref="Leave"/> must follow.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _users++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_gate)
            _users--;
    }

    /// <summary>Whether nobody uses the bucket; then nobody can any more until <see cref="Reopen"/>.</summary>
    public bool TryClose()
    {
        lock (_gate)
            return _isClosed = _users == 0;
    }

    public void Reopen()
    {
        lock (_gate)
            _isClosed = false;
    }

    public void Dispose() => Changes.Dispose();
}
