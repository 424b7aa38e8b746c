namespace Tarn.Testing.Files;

/// <summary>Decides from a seed which unsynced changes a power cut leaves: none, all, the first of each file and folder, or any of them, torn.</summary>
internal sealed class Survival(int seed)
{
    private readonly Dictionary<object, object> _chosen = new(ReferenceEqualityComparer.Instance);
    private readonly Random _random = new(seed);
    private readonly int _mode = new Random(seed ^ 0x5eed).Next(5);

    /// <summary>Whether single writes survive in part.</summary>
    public bool Tears => _mode >= 3;

    public bool Flip() => _random.Next(2) == 0;

    /// <summary>What stands where a length was recorded and bytes were not: zeros on most file systems, old blocks on some.</summary>
    public byte Filler() => _mode == 4 ? (byte)_random.Next(256) : (byte)0;

    /// <summary>As <see cref="Choose"/>, and the same again for whoever asks again.</summary>
    public IReadOnlyList<T> ChooseOnce<T>(object owner, IReadOnlyList<T> changes)
    {
        if (_chosen.TryGetValue(owner, out var chosen))
            return (IReadOnlyList<T>)chosen;
        var made = Choose(changes);
        _chosen[owner] = made;
        return made;
    }

    public IReadOnlyList<T> Choose<T>(IReadOnlyList<T> changes) => _mode switch
    {
        0 => [],
        1 => changes,
        2 => [.. changes.Take(_random.Next(changes.Count + 1))],
        _ => [.. changes.Where(_ => Flip())],
    };
}
