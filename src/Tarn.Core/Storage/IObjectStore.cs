namespace Tarn.Core.Storage;

/// <summary>
/// Immutable objects under locations. A location is the text that Iceberg metadata records (<c>s3://lake/ns/t/data/f.parquet</c>,
/// <c>file:///…</c>, <c>/…</c>): implementations map it to where the bytes lie and never URL-decode it.
/// Every method throws <see cref="Errors.TarnException"/> naming the location: NotFound for a missing object, PermissionDenied,
/// ResourceExhausted (disk full), Unavailable, DataCorrupted.
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// One text for one place, however its location is written: those of what lies in a folder begin with the folder's. For comparing only; a location that leads
    /// nowhere stays as it is.
    /// </summary>
    string PlaceOf(string location);

    /// <summary>The bucket of a location where it is known not to be there, so that nothing can be stored below the location; else null, also where nobody can tell.</summary>
    /// <exception cref="Errors.TarnException">InvalidRequest or Unsupported for a location that the store has no place for.</exception>
    string? FindMissingBucket(string location) => null;

    /// <summary>Size and identity of an object, or null when there is none.</summary>
    ValueTask<ObjectStat?> HeadAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>All bytes of an object. Meant for metadata; data files are leased.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>Exactly <paramref name="length"/> bytes from <paramref name="offset"/>; DataCorrupted when the object is shorter.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadRangeAsync(string location, long offset, int length, CancellationToken cancellationToken = default);

    /// <summary>Stores an object. When the call returns, the object survives a power cut; before, it is not visible at all.</summary>
    /// <exception cref="Errors.TarnException">AlreadyExists when <paramref name="condition"/> is <see cref="PutCondition.IfAbsent"/> and the object exists.</exception>
    ValueTask<ObjectStat> PutAsync(string location, ReadOnlyMemory<byte> content, PutCondition condition = PutCondition.IfAbsent, CancellationToken cancellationToken = default);

    /// <summary>Removes an object; removing what is not there is success.</summary>
    ValueTask DeleteAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>Objects whose location starts with <paramref name="prefix"/>, in ordinal order of their location. A prefix need not end at a slash.</summary>
    IAsyncEnumerable<ObjectStat> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>
    /// A local path under which the object can be read in place until the lease is disposed.
    /// Completes synchronously on a local store: a query leases thousands.
    /// </summary>
    ValueTask<LocalLease> LeaseAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>A fresh local path in the staging area, to be written by anyone and then adopted or disposed.</summary>
    /// <param name="extension">File name ending with its dot, e.g. <c>.parquet</c>.</param>
    StagedFile Stage(string extension);

    /// <summary>
    /// Makes finished staged files objects: sync of each file, atomic rename, sync of each folder once.
    /// Durable when it returns. The staged files are consumed.
    /// </summary>
    ValueTask<IReadOnlyList<ObjectStat>> AdoptAsync(IReadOnlyList<(StagedFile File, string Location)> files, CancellationToken cancellationToken = default);
}

/// <summary>When <see cref="IObjectStore.PutAsync"/> may store.</summary>
public enum PutCondition
{
    /// <summary>Only when no object is there; else AlreadyExists.</summary>
    IfAbsent,

    /// <summary>Always; an existing object is replaced atomically.</summary>
    Overwrite,
}

/// <summary>An object as listed.</summary>
/// <param name="Location">The location, in the form in which it was asked for.</param>
/// <param name="SizeBytes">Length in bytes.</param>
/// <param name="LastModified">When it was stored, UTC.</param>
public sealed record ObjectStat(string Location, long SizeBytes, DateTimeOffset LastModified);

/// <summary>The right to read an object at a local path until disposed.</summary>
public readonly struct LocalLease(string path, IDisposable? owner = null) : IDisposable
{
    /// <summary>Absolute local path; never write to it.</summary>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public void Dispose() => owner?.Dispose();
}

/// <summary>A file in the staging area. Disposing removes it unless it was adopted.</summary>
public abstract class StagedFile : IDisposable
{
    /// <summary>Absolute local path; the file itself does not exist until someone writes it.</summary>
    public abstract string Path { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
