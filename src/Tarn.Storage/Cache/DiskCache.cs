using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Core.Storage;

namespace Tarn.Storage.Cache;

/// <summary>
/// Whole objects of a remote store on the local disk, known by location and ETag. Survives restarts. An object that many ask for at once
/// is fetched once. Least recently used objects are removed first; those in use never are.
/// </summary>
public sealed partial class DiskCache : IDisposable
{
    /// <summary>Name of the cache's folder in a data folder; may be deleted while no program runs.</summary>
    public const string FolderName = ".cache";

    private readonly string _root;
    private readonly DiskCacheOptions _options;
    private readonly IFileSystem _files;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Known>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Known> _byUse = new();

    // Replaced or forgotten while leased, by path: the last lease removes the file.
    private readonly Dictionary<string, CacheEntry> _leaving = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<CacheEntry>> _fetching = new(StringComparer.Ordinal);
    private CacheSlot? _slot;
    private long _sizeBytes;
    private long _next;

    /// <summary>Opens a cache; touches the disk when first used.</summary>
    /// <param name="folder">Its folder, <see cref="FolderName"/> in a data folder.</param>
    /// <param name="options">Its limit.</param>
    /// <param name="files">The disk; null for the operating system's.</param>
    public DiskCache(string folder, DiskCacheOptions options, IFileSystem? files = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.SizeBytes);
        _root = Path.GetFullPath(folder);
        _options = options;
        _files = files ?? PhysicalFileSystem.Instance;
    }

    /// <summary>Bytes kept at the moment.</summary>
    public long SizeBytes
    {
        get
        {
            lock (_gate)
                return _sizeBytes;
        }
    }

    /// <summary>The object if its bytes are here; null when they must be fetched.</summary>
    public LocalLease? TryLease(string location, string etag)
    {
        lock (_gate)
        {
            Open();
            return Find(location) is { } entry && entry.ETagHash == CachedObject.Hash(etag) ? Lease(location, entry) : null;
        }
    }

    /// <summary>The object if it is here with any ETag: for locations under which no other content can ever have been.</summary>
    public LocalLease? TryLease(string location)
    {
        lock (_gate)
        {
            Open();
            return Find(location) is { } entry ? Lease(location, entry) : null;
        }
    }

    /// <summary>The object, fetched if need be.</summary>
    /// <param name="wanted">What the remote store has.</param>
    /// <param name="fetch">Writes all bytes to a new file of the given path; called at most once at a time for a location.</param>
    /// <param name="cancellationToken">Ends the waiting; a fetch that others wait for goes on.</param>
    /// <exception cref="TarnException">Of the fetch; errors of the local disk.</exception>
    public async ValueTask<LocalLease> LeaseAsync(CachedObject wanted, Func<string, CancellationToken, Task> fetch, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task<CacheEntry> fetching;
            lock (_gate)
            {
                Open();
                if (Find(wanted.Location) is { } entry && entry.ETagHash == CachedObject.Hash(wanted.ETag))
                    return Lease(wanted.Location, entry);
                if (!_fetching.TryGetValue(wanted.FileName, out fetching!))
                    _fetching[wanted.FileName] = fetching = FetchAsync(wanted, fetch);
            }

            var fetched = await fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                // Between its arrival and this moment others may have pushed it out again.
                if (ReferenceEquals(Find(wanted.Location), fetched))
                    return Lease(wanted.Location, fetched);
            }
        }
    }

    /// <summary>Drops what is kept of a location, because it was written or deleted.</summary>
    public void Forget(string location)
    {
        lock (_gate)
        {
            if (_slot is not null && _entries.TryGetValue(CachedObject.Hash(location), out var node))
                Drop(node);
        }
    }

    /// <summary>Gives the folder back; what is cached stays.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _slot?.Dispose();
            _slot = null;
        }
    }

    private CacheEntry? Find(string location) => _entries.GetValueOrDefault(CachedObject.Hash(location))?.Value.Entry;

    private LocalLease Lease(string location, CacheEntry entry)
    {
        entry.Leases++;
        var node = _entries[CachedObject.Hash(location)];
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return new LocalLease(entry.Path, new Held(this, entry));
    }

    private void Return(CacheEntry entry)
    {
        lock (_gate)
        {
            entry.Leases--;
            if (entry.Leases == 0 && _leaving.Remove(entry.Path))
                Delete(entry.Path);
            else
                MakeRoom();
        }
    }

    private sealed record Known(string LocationHash, CacheEntry Entry);

    private sealed class Held(DiskCache cache, CacheEntry entry) : IDisposable
    {
        private int _isReturned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReturned, 1) == 0)
                cache.Return(entry);
        }
    }
}
