namespace Tarn.Storage.Buckets;

/// <summary>Sizes of a bucket store that someone may want to tune.</summary>
public sealed record BucketStoreOptions
{
    /// <summary>Objects up to this length are made durable together with others, by one write and sync of the log; larger ones by syncs of their own. Default 128 KiB.</summary>
    public int LogContentBytes { get; init; } = 128 << 10;

    /// <summary>Length of the log at which it is cut: more makes restarts slower, less makes puts of small objects slower. Default 64 MiB.</summary>
    public long LogBytes { get; init; } = 64L << 20;

    /// <summary>Memory for changes of the index that are not in a segment yet. Default 8 MiB.</summary>
    public long IndexMemoryBytes { get; init; } = 8L << 20;
}
