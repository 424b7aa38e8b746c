using System.Collections.Frozen;

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

    /// <summary>How many bytes buckets may hold, by name, unless their own record says; older versions and unfinished uploads count. Default empty: no limit.</summary>
    public IReadOnlyDictionary<string, long> QuotaBytes { get; init; } = FrozenDictionary<string, long>.Empty;

    /// <summary>
    /// Is told of each uploaded object whose file another program has replaced: the bucket and the version whose bytes and metadata are gone. Called on the way of
    /// a request, so it must not wait. Default null: nobody.
    /// </summary>
    public Action<string, ObjectRecord>? Replaced { get; init; }
}
