namespace Tarn.Storage.Buckets.Index;

/// <summary>
/// A place in a sorted sequence of entries, keys compared as bytes. Before the first seek, and after a seek or move that gave false, there is no entry.
/// Spans are valid until the cursor moves.
/// </summary>
internal abstract class IndexCursor : IDisposable
{
    public abstract ReadOnlySpan<byte> Key { get; }

    /// <summary>The value; without meaning when <see cref="IsRemoved"/>.</summary>
    public abstract ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether the entry says that older entries of its key do not count.</summary>
    public abstract bool IsRemoved { get; }

    /// <summary>Goes to the first entry whose key is not less.</summary>
    public abstract bool Seek(ReadOnlySpan<byte> key);

    /// <summary>Goes to the next entry.</summary>
    public abstract bool MoveNext();

    public virtual void Dispose()
    {
    }
}
