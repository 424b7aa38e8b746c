namespace Tarn.Storage.Cache;

/// <summary>How much of a remote store is kept on the local disk: <c>storage.cache</c> in <c>tarn.yaml</c>.</summary>
public sealed record DiskCacheOptions
{
    /// <summary>Bytes kept at most; what was used longest ago goes first. Default 20 GiB. Objects in use may exceed it for a moment.</summary>
    public long SizeBytes { get; init; } = 20L << 30;
}
