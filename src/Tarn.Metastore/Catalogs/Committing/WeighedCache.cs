namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>Keeps what was used last, up to a total weight. Safe for any number of threads.</summary>
/// <param name="capacityBytes">Most bytes kept, as their weights say; what weighs more alone is not kept.</param>
internal sealed class WeighedCache<T>(long capacityBytes)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> _recent = new();

    /// <summary>Sum of the weights.</summary>
    public long WeightBytes { get; private set; }

    public T? Find(string key)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var node))
                return null;
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Value;
        }
    }

    /// <summary>Keeps a value unless the key has one: what a key stands for never changes.</summary>
    public void Keep(string key, T value, long weightBytes)
    {
        lock (_gate)
        {
            if (weightBytes > capacityBytes || _byKey.ContainsKey(key))
                return;
            _byKey[key] = _recent.AddFirst(new Kept(key, value, weightBytes));
            WeightBytes += weightBytes;
            while (WeightBytes > capacityBytes)
                Remove(_recent.Last!);
        }
    }

    public void Forget(string key)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var node))
                Remove(node);
        }
    }

    private void Remove(LinkedListNode<Kept> node)
    {
        WeightBytes -= node.Value.WeightBytes;
        _byKey.Remove(node.Value.Key);
        _recent.Remove(node);
    }

    private readonly record struct Kept(string Key, T Value, long WeightBytes);
}
