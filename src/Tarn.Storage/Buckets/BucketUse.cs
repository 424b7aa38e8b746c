namespace Tarn.Storage.Buckets;

/// <summary>Keeps a bucket from being deleted while it is used.</summary>
internal readonly struct BucketUse(BucketState bucket) : IDisposable
{
    public BucketState Bucket => bucket;

    public void Dispose() => bucket.Leave();
}
