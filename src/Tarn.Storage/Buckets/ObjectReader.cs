namespace Tarn.Storage.Buckets;

/// <summary>An open version of an object: its record and its bytes belong together whatever happens to the key meanwhile.</summary>
public abstract class ObjectReader : IDisposable
{
    /// <summary>The version; for a delete marker there are no bytes.</summary>
    public abstract ObjectRecord Record { get; }

    /// <summary>Reads up to the length of <paramref name="buffer"/> from <paramref name="offset"/> of the object. Several threads may read at once.</summary>
    /// <returns>Bytes read: fewer than asked for only at the end of the object.</returns>
    /// <exception cref="Core.Errors.TarnException">DataCorrupted when the file is shorter than the object.</exception>
    public abstract int Read(Span<byte> buffer, long offset);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    protected abstract void Dispose(bool isDisposing);
}
