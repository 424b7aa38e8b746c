using Tarn.Storage.Buckets.Index;

namespace Tarn.Storage.Buckets;

/// <summary>The place that bytes on their way into a bucket hold under its quota. Used by one caller at a time.</summary>
/// <param name="quota">The bucket's.</param>
/// <param name="freedBytes">Bytes that are expected to become free in their stead.</param>
internal sealed class QuotaPlace(BucketQuota quota, long freedBytes = 0) : IDisposable
{
    private BucketQuota _quota = quota;
    private long _heldBytes;

    /// <summary>Holds at least what so many bytes need; nothing when they replace as many.</summary>
    /// <exception cref="BucketStoreException">QuotaExceeded.</exception>
    public void Reach(long sizeBytes)
    {
        if (sizeBytes - freedBytes > _heldBytes)
            Change(sizeBytes - freedBytes);
    }

    /// <summary>Holds what the bucket grows by, as it is known when the change is made.</summary>
    /// <param name="quota">The bucket's: another one than before when it was deleted and created again since.</param>
    /// <param name="addedBytes">Bytes that come; what is negative holds nothing, so that nobody counts on room that is not free yet.</param>
    /// <exception cref="BucketStoreException">QuotaExceeded.</exception>
    public void Fit(BucketQuota quota, long addedBytes)
    {
        if (quota != _quota)
        {
            Change(0);
            _quota = quota;
        }

        Change(Math.Max(addedBytes, 0));
    }

    /// <summary>Makes the change visible; the place is given back.</summary>
    public void Settle(LoggedBatch batch)
    {
        _quota.Settle(_heldBytes, batch);
        _heldBytes = 0;
    }

    /// <summary>Gives the place back.</summary>
    public void Dispose() => Change(0);

    private void Change(long wantedBytes)
    {
        _quota.Change(_heldBytes, wantedBytes);
        _heldBytes = wantedBytes;
    }
}
