using System.Diagnostics.CodeAnalysis;

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

    private readonly Lock gate = new();
    private readonly Dictionary<object, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byAge = new();
    private long usedBytes;

    /// <summary>Most memory that entries take.</summary>
    public long CapacityBytes { get; } = capacityBytes;

    /// <summary>Memory that entries take now, estimated.</summary>
    public long UsedBytes
    {
        get
        {
            lock (gate)
                return usedBytes;
        }
    }

    /// <summary>Entries kept now.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (gate)
        {
            entries.Clear();
            byAge.Clear();
            usedBytes = 0;
        }
    }

    internal bool TryGet<T>(object key, [NotNullWhen(true)] out T? value)
        where T : class
    {
        lock (gate)
        {
            value = null;
            if (!entries.TryGetValue(key, out var node))
                return false;
            byAge.Remove(node);
            byAge.AddLast(node);
            value = (T)node.Value.Content;
            return true;
        }
    }

    internal void Put(object key, object content, long bytes)
    {
        lock (gate)
        {
            if (entries.Remove(key, out var old))
                Forget(old);
            if (bytes > CapacityBytes)
                return;
            entries[key] = byAge.AddLast(new Entry(key, content, bytes));
            usedBytes += bytes;
            Shrink();
        }
    }

    /// <summary>Records that an entry takes another amount of memory now.</summary>
    internal void Resize(object key, long bytes)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var node) || node.Value.Bytes == bytes)
                return;
            usedBytes += bytes - node.Value.Bytes;
            node.Value = node.Value with { Bytes = bytes };
            Shrink();
        }
    }

    private void Shrink()
    {
        while (usedBytes > CapacityBytes)
        {
            var oldest = byAge.First!;
            entries.Remove(oldest.Value.Key);
            Forget(oldest);
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        byAge.Remove(node);
        usedBytes -= node.Value.Bytes;
    }

    private sealed record Entry(object Key, object Content, long Bytes);
}
