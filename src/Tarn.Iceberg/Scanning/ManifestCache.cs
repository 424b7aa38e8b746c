using System.Diagnostics.CodeAnalysis;
using Tarn.Core.Caching;

namespace Tarn.Iceberg.Scanning;

/// <summary>
/// Keeps decoded manifests and manifest lists in memory, the least recently used leave first. Their files are immutable, so entries never
/// grow stale. Safe for any number of threads; share one per process.
/// </summary>
/// <param name="capacityBytes">Most memory that entries take, estimated; one larger entry is not kept.</param>
public sealed class ManifestCache(long capacityBytes = ManifestCache.DefaultCapacityBytes)
{
    /// <summary>256 MiB: about a quarter of a million data files with ten columns.</summary>
    public const long DefaultCapacityBytes = 256L * 1024 * 1024;

    private readonly WeighedCache<object, object> entries = new(capacityBytes);

    /// <summary>Most memory that entries take.</summary>
    public long CapacityBytes => entries.CapacityBytes;

    /// <summary>Memory that entries take now, estimated.</summary>
    public long UsedBytes => entries.WeightBytes;

    /// <summary>Entries kept now.</summary>
    public int Count => entries.Count;

    /// <summary>Forgets everything.</summary>
    public void Clear() => entries.Clear();

    internal bool TryGet<T>(object key, [NotNullWhen(true)] out T? value)
        where T : class
    {
        value = (T?)entries.Find(key);
        return value is not null;
    }

    internal void Put(object key, object content, long bytes) => entries.Replace(key, content, bytes);

    /// <summary>Records that an entry takes another amount of memory now.</summary>
    internal void Resize(object key, long bytes) => entries.Reweigh(key, bytes);
}
