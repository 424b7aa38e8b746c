using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Tarn.Core.Caching;

/// <summary>
/// Keeps a number of values and, when one more comes, forgets all: for what is read far more often than it is made, and rarely reaches the bound. Reading takes no
/// lock and changes nothing, which is what sets it apart from <see cref="WeighedCache{TKey, TValue}"/>. Safe for any number of threads.
/// </summary>
/// <param name="maxCount">Most values that are kept; as many more as there are threads that add one at the same moment.</param>
public sealed class ForgetfulCache<TKey, TValue>(int maxCount)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _kept = new();

    /// <summary>The value of a key, if one is kept.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => _kept.TryGetValue(key, out value);

    /// <summary>The value of a key; made when none is kept, perhaps by several threads at once, of which all get the first one's.</summary>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        if (_kept.TryGetValue(key, out var known))
            return known;
        var made = make(key);
        MakeRoom();
        return _kept.GetOrAdd(key, made);
    }

    /// <summary>Keeps a value, in the place of the one that the key has.</summary>
    public void Set(TKey key, TValue value)
    {
        MakeRoom();
        _kept[key] = value;
    }

    /// <summary>Forgets the value of a key.</summary>
    public void Forget(TKey key) => _kept.TryRemove(key, out _);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _kept.Clear();

    private void MakeRoom()
    {
        if (_kept.Count >= maxCount)
            _kept.Clear();
    }
}
