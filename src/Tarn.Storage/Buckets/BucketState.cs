namespace Tarn.Storage.Buckets;

/// <summary>A bucket in memory: its configuration, and who uses it at the moment.</summary>
internal sealed class BucketState : IDisposable
{
    private readonly Lock _gate = new();
    private BucketRecord _record;
    private int _users;
    private bool _isClosed;
    private volatile bool _owesComparison;

    /// <param name="record">Its configuration.</param>
    /// <param name="configuredQuota">Quota in bytes when it has none of its own; null for none.</param>
    /// <param name="used">Bytes that it has at the moment.</param>
    public BucketState(BucketRecord record, long? configuredQuota, Func<long> used)
    {
        _record = record;
        Quota = new BucketQuota(record.Name, () => Record.QuotaBytes ?? configuredQuota, used);
    }

    /// <summary>How many bytes it may have.</summary>
    public BucketQuota Quota { get; }

    /// <summary>Held while the configuration changes.</summary>
    public SemaphoreSlim Changes { get; } = new(1);

    /// <summary>
    /// Whether its files are to be compared with the index: from when the order to compare everything is taken away until that is done for this bucket.
    /// After a restart everything is compared anyway.
    /// </summary>
    public bool OwesComparison
    {
        get => _owesComparison;
        set => _owesComparison = value;
    }

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
