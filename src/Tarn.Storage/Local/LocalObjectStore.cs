using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Core.Storage;
using Tarn.Storage.Buckets.Keys;
using Tarn.Storage.Buckets.Outside;

namespace Tarn.Storage.Local;

/// <summary>
/// Objects as files: <c>s3://bucket/key</c> is <c>bucket/key</c> in the data folder, with other names for segments that no file can have, <c>file:///…</c> and absolute paths are the local disk.
/// A stored object is whole and durable or not there at all. Any number of stores and processes may use one data folder.
/// Nothing is created on disk before the first write, and the staging folder goes away when the store is disposed.
/// </summary>
public sealed partial class LocalObjectStore : IObjectStore, IDisposable
{
    /// <summary>The bucket that every data folder has; other buckets must exist as folders before anything is stored in them.</summary>
    public const string LakeBucket = "lake";

    private readonly IFileSystem _files;
    private readonly string? _dataFolder;
    private readonly LocationResolver _resolver;
    private readonly string _stagingRoot;
    private readonly StagingArea _staging;
    private readonly DurableFolders _folders;
    private readonly OutsideChanges? _outside;

    /// <summary>Opens a store; touches nothing.</summary>
    /// <param name="dataFolder">The data folder; null for a store of mapped and local locations only, which stages in the user's temporary folder.</param>
    /// <param name="map">Prefixes of locations that lie elsewhere; null for none.</param>
    /// <param name="files">The disk; null for the operating system's.</param>
    /// <param name="baseFolder">Where relative paths start; null to refuse those that no mapping produced.</param>
    /// <param name="hasBuckets">False to refuse locations in buckets that no mapping leads elsewhere: where the tables of a catalog elsewhere lie is not the data folder.</param>
    public LocalObjectStore(string? dataFolder, LocationMap? map = null, IFileSystem? files = null, string? baseFolder = null, bool hasBuckets = true)
    {
        _files = files ?? PhysicalFileSystem.Instance;
        _dataFolder = dataFolder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder));
        _resolver = new LocationResolver(_dataFolder, map ?? LocationMap.Empty, baseFolder is null ? null : Path.GetFullPath(baseFolder), hasBuckets);
        _stagingRoot = _dataFolder is null ? Path.Join(Path.GetTempPath(), "tarn-staging-" + Environment.UserName) : Path.Join(_dataFolder, StagingArea.FolderName);
        _staging = new StagingArea(_files, _stagingRoot);
        _folders = new DurableFolders(_files);
        _outside = _dataFolder is null ? null : new OutsideChanges(_files, _dataFolder);
    }

    /// <summary>Where a location lies on this machine, whether or not something is there.</summary>
    /// <exception cref="TarnException">InvalidRequest or Unsupported for a location without a place here.</exception>
    public string ResolvePath(string location)
    {
        var place = _resolver.Resolve(location);
        try
        {
            return place.Unescaped is { } unescaped && KeyPaths.IsUnescaped(_files, place.Path, unescaped) ? unescaped : place.Path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot look at '{location}'", place.Path);
        }
    }

    /// <inheritdoc/>
    public string PlaceOf(string location)
    {
        try
        {
            return _resolver.Resolve(location).Path;
        }
        catch (TarnException)
        {
            return LocationMap.NormalizeScheme(location);
        }
    }

    /// <inheritdoc/>
    public string? FindMissingBucket(string location) => MissingBucket(_resolver.Resolve(location));

    // The lake's own is made with its first object.
    private string? MissingBucket(LocalPlace place) =>
        place.BucketFolder is { } folder && Path.GetFileName(folder) is var bucket && bucket != LakeBucket && _files.Stat(folder) is null ? bucket : null;

    /// <summary>Removes staged files whose process is dead. Call once at start of a command that writes.</summary>
    /// <returns>Number of staging folders removed.</returns>
    public int RemoveDeadStaging()
    {
        try
        {
            return _staging.RemoveDead();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot clean the staging area", _stagingRoot);
        }
    }

    /// <summary>Removes the own staged files.</summary>
    public void Dispose() => _staging.Dispose();

    /// <inheritdoc/>
    public ValueTask<ObjectStat?> HeadAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = ResolvePath(location);
        try
        {
            return ValueTask.FromResult(HeadFile(location, path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot look at '{location}'", path);
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = ResolvePath(location);
        try
        {
            if (HeadFile(location, path) is not null)
            {
                _files.DeleteFile(path);
                TellIndex([path]);
            }

            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot delete '{location}'", path);
        }
    }

    /// <inheritdoc/>
    public ValueTask<LocalLease> LeaseAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = ResolvePath(location);
        try
        {
            // A leased file needs no protection yet: objects are immutable, and an open file outlives its name.
            return HeadFile(location, path) is not null
                ? ValueTask.FromResult(new LocalLease(path))
                : throw Missing(location, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, $"Cannot read '{location}'", path);
        }
    }

    // An object index in the data folder, which another process may own, must hear of what is not done through it.
    private void TellIndex(IEnumerable<string> paths)
    {
        if (_outside is null)
            return;
        string root = _dataFolder + Path.DirectorySeparatorChar;
        string[] inside = [.. paths.Where(p => p.StartsWith(root, StringComparison.Ordinal)).Select(p => p[root.Length..].Replace(Path.DirectorySeparatorChar, '/'))];
        if (inside.Length > 0)
            _outside.Leave(inside);
    }

    private static TarnException Missing(string location, string path) =>
        FileErrors.Translate(new FileNotFoundException(null, path), $"Cannot read '{location}'", path);

    private ObjectStat? HeadFile(string location, string path) =>
        !Path.EndsInDirectorySeparator(path) && _files.Stat(path) is { IsFolder: false } stat
            ? new ObjectStat(location, stat.SizeBytes, stat.LastModified)
            : null;
}
