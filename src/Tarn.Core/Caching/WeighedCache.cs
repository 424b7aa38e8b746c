namespace Tarn.Core.Caching;

/// <summary>Keeps what was used last, up to a total weight. Safe for any number of threads.</summary>
/// <param name="capacityBytes">Most bytes kept, as their weights say; what weighs more alone is not kept.</param>
public sealed class WeighedCache<TKey, TValue>(long capacityBytes)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Kept>> _byKey = [];
    private readonly LinkedList<Kept> _recent = new();
    private long _weightBytes;

    /// <summary>Most bytes kept.</summary>
    public long CapacityBytes => capacityBytes;

    /// <summary>Sum of the weights.</summary>
    public long WeightBytes
    {
        get
        {
            lock (_gate)
                return _weightBytes;
        }
    }

    /// <summary>Values kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _byKey.Count;
        }
    }

    /// <summary>The value of a key, which counts as its use; null when none is kept.</summary>
    public TValue? Find(TKey key)
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

    /// <summary>Keeps a value unless the key has one: for keys that stand for the same value for ever.</summary>
    public void Keep(TKey key, TValue value, long weightBytes)
    {
        lock (_gate)
        {
            if (!_byKey.ContainsKey(key))
                Add(key, value, weightBytes);
        }
    }

    /// <summary>Keeps a value in the place of the one that the key has.</summary>
    public void Replace(TKey key, TValue value, long weightBytes)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var node))
                Remove(node);
            Add(key, value, weightBytes);
        }
    }

    /// <summary>Says that the value of a key weighs something else now; nothing happens when none is kept.</summary>
    public void Reweigh(TKey key, long weightBytes)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(key, out var node))
                return;
            _weightBytes += weightBytes - node.ValueRef.WeightBytes;
            node.ValueRef.WeightBytes = weightBytes;
            Shrink();
        }
    }

    /// <summary>Lets go of the value of a key.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var node))
                Remove(node);
        }
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _byKey.Clear();
            _recent.Clear();
            _weightBytes = 0;
        }
    }

    private void Add(TKey key, TValue value, long weightBytes)
    {
        if (weightBytes > capacityBytes)
            return;
        _byKey[key] = _recent.AddFirst(new Kept { Key = key, Value = value, WeightBytes = weightBytes });
        _weightBytes += weightBytes;
        Shrink();
    }

    private void Shrink()
    {
        while (_weightBytes > capacityBytes)
            Remove(_recent.Last!);
    }

    private void Remove(LinkedListNode<Kept> node)
    {
        _weightBytes -= node.ValueRef.WeightBytes;
        _byKey.Remove(node.ValueRef.Key);
        _recent.Remove(node);
    }

    private struct Kept
    {
        public required TKey Key { get; init; }

        public required TValue Value { get; init; }

        public required long WeightBytes { get; set; }
    }
}
