namespace Tarn.Storage.Cache;

/// <summary>One cached object.</summary>
internal sealed class CacheEntry(string path, string etagHash, long sizeBytes)
{
    /// <summary>Absolute path of the bytes.</summary>
    public string Path => path;

    /// <summary>Hash of the ETag that the bytes have.</summary>
    public string ETagHash => etagHash;

    /// <summary>Bytes on disk.</summary>
    public long SizeBytes => sizeBytes;

    /// <summary>Leases that are out; an entry in use is never removed.</summary>
    public int Leases { get; set; }
}
