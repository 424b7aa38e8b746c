namespace Tarn.Storage.Buckets.Index;

/// <summary>Several cursors as one, newest first: of entries with the same key only the newest is seen, and removed ones are seen or not.</summary>
internal sealed class MergedCursor(IReadOnlyList<IndexCursor> newestFirst, bool showsRemoved) : IndexCursor
{
    private readonly bool[] _isLive = new bool[newestFirst.Count];
    private int _current = -1;

    public override ReadOnlySpan<byte> Key => newestFirst[_current].Key;

    public override ReadOnlySpan<byte> Value => newestFirst[_current].Value;

    public override bool IsRemoved => newestFirst[_current].IsRemoved;

    public override bool Seek(ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < newestFirst.Count; i++)
            _isLive[i] = newestFirst[i].Seek(key);
        return Choose();
    }

    public override bool MoveNext()
    {
        Step();
        return Choose();
    }

    public override void Dispose()
    {
        foreach (var cursor in newestFirst)
            cursor.Dispose();
    }

    private bool Choose()
    {
        while (true)
        {
            _current = -1;
            for (int i = 0; i < newestFirst.Count; i++)
            {
                if (_isLive[i] && (_current < 0 || newestFirst[i].Key.SequenceCompareTo(newestFirst[_current].Key) < 0))
                    _current = i;
            }

            if (_current < 0 || showsRemoved || !IsRemoved)
                return _current >= 0;
            Step();
        }
    }

    // Older entries of the same key go first, while the key of the current one can still be compared with.
    private void Step()
    {
        for (int i = _current + 1; i < newestFirst.Count; i++)
        {
            if (_isLive[i] && newestFirst[i].Key.SequenceEqual(Key))
                _isLive[i] = newestFirst[i].MoveNext();
        }

        _isLive[_current] = newestFirst[_current].MoveNext();
    }
}
