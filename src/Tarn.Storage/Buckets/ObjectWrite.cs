namespace Tarn.Storage.Buckets;

/// <summary>
/// The bytes of an object or part that is being written. Small ones stay in memory, larger ones go to a staged file. Used by one caller at a
/// time; consumed by a commit, and disposing it otherwise leaves nothing behind.
/// </summary>
public abstract class ObjectWrite : IDisposable
{
    /// <summary>Where it will be stored.</summary>
    public abstract string Bucket { get; }

    /// <summary>Bytes written so far.</summary>
    public abstract long SizeBytes { get; }

    /// <summary>Appends bytes; the memory may be reused when the call returns.</summary>
    /// <exception cref="Core.Errors.TarnException">ResourceExhausted on a full disk; a <see cref="BucketStoreException"/> when the object gets too large.</exception>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Appends bytes of another object, shared with it on disk or copied by the kernel where that is possible.</summary>
    /// <param name="source">The object to copy from.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes; all of them must exist.</param>
    /// <param name="cancellationToken">Checked between pieces.</param>
    public abstract ValueTask CopyAsync(ObjectReader source, long offset, long length, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what was written unless it was committed.</summary>
    protected abstract void Dispose(bool isDisposing);
}
