namespace Tarn.Storage.Buckets.Outside;

/// <summary>
/// Keys that notes name and that could not be looked at. Their notes stay, so that a restart knows of them, and are not followed again: a listing that would
/// show the key looks once more, and fails if that fails, and all others go on.
/// </summary>
internal sealed class OwedKeys
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<(string Bucket, string Key)>> _byNote = new(StringComparer.Ordinal);

    /// <summary>How many notes stay.</summary>
    public int NoteCount
    {
        get
        {
            lock (_gate)
                return _byNote.Count;
        }
    }

    /// <summary>Whether a note stays.</summary>
    public bool Has(string note)
    {
        lock (_gate)
            return _byNote.ContainsKey(note);
    }

    /// <summary>Keeps the keys of a note.</summary>
    public void Add(string note, HashSet<(string Bucket, string Key)> keys)
    {
        lock (_gate)
            _byNote[note] = keys;
    }

    /// <summary>The keys of a bucket with a prefix.</summary>
    public IReadOnlyList<string> Of(string bucket, string prefix)
    {
        lock (_gate)
            return _byNote.Count == 0 ? [] : [.. _byNote.Values.SelectMany(k => k).Where(k => k.Bucket == bucket && k.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k.Key).Distinct()];
    }

    /// <summary>Takes keys away.</summary>
    /// <returns>The notes that need not stay any longer.</returns>
    public IReadOnlyList<string> Settle(Predicate<(string Bucket, string Key)> isSettled)
    {
        lock (_gate)
        {
            var done = new List<string>();
            foreach (var (note, keys) in _byNote)
            {
                keys.RemoveWhere(isSettled);
                if (keys.Count == 0)
                    done.Add(note);
            }

            done.ForEach(note => _byNote.Remove(note));
            return done;
        }
    }
}
