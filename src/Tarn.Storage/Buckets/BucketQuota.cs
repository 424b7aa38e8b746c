using Tarn.Storage.Buckets.Index;

namespace Tarn.Storage.Buckets;

/// <summary>
/// How many bytes a bucket may have. What is being written holds its place from the beginning, so that requests at the same time do not each find the room
/// that is there for one of them.
/// </summary>
/// <param name="name">Name of the bucket.</param>
/// <param name="limit">The quota at the moment; null for none.</param>
/// <param name="used">Bytes that the bucket has at the moment.</param>
internal sealed class BucketQuota(string name, Func<long?> limit, Func<long> used)
{
    private readonly Lock _gate = new();

    /// <summary>Whether there is a limit at the moment.</summary>
    public bool IsLimited => limit() is not null;
    private long _heldBytes;

    /// <summary>Holds a place of other size than before.</summary>
    /// <exception cref="BucketStoreException">QuotaExceeded when it grows beyond the quota; the place is what it was.</exception>
    public void Change(long heldBytes, long wantedBytes)
    {
        lock (_gate)
        {
            if (wantedBytes > heldBytes && limit() is { } quota)
                Require(quota, _heldBytes - heldBytes, wantedBytes);
            _heldBytes += wantedBytes - heldBytes;
        }
    }

    /// <summary>Makes a change visible and gives its place back in one step, for the bucket's counter has its bytes then.</summary>
    public void Settle(long heldBytes, LoggedBatch batch)
    {
        lock (_gate)
        {
            batch.Apply();
            _heldBytes -= heldBytes;
        }
    }

    private void Require(long quota, long othersBytes, long wantedBytes)
    {
        long stored = used();
        if (stored + othersBytes + wantedBytes <= quota)
            return;
        throw new BucketStoreException(
            BucketFault.QuotaExceeded,
            $"The bucket '{name}' holds {stored} bytes, {othersBytes} more are being written, and another {wantedBytes} would exceed its quota of {quota}; remove objects or raise the quota.");
    }
}
