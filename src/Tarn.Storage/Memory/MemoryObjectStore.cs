using System.Runtime.CompilerServices;
using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Storage.Memory;

/// <summary>
/// Objects in memory, for tests and for reading what was fetched. Leases and staged files are real files in a temporary folder, which is
/// created when first needed and removed with the store.
/// </summary>
public sealed class MemoryObjectStore(LocationMap? map = null, TimeProvider? time = null) : IObjectStore, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Stored> _objects = new(StringComparer.Ordinal);
    private readonly LocationMap _map = map ?? LocationMap.Empty;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private DirectoryInfo? _folder;
    private long _next;

    /// <summary>Number of objects stored.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _objects.Count;
        }
    }

    /// <inheritdoc/>
    public string PlaceOf(string location) => _map.Map(location);

    /// <inheritdoc/>
    public ValueTask<ObjectStat?> HeadAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Find(location)?.ToStat(location));
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Require(location).Content);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadRangeAsync(string location, long offset, int length, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var content = Require(location).Content;
        return offset + length <= content.Length
            ? ValueTask.FromResult(content.Slice((int)offset, length))
            : throw TarnException.Corrupted($"'{location}' is {content.Length} bytes long, and {length} bytes from offset {offset} were needed: it is truncated.");
    }

    /// <inheritdoc/>
    public ValueTask<ObjectStat> PutAsync(string location, ReadOnlyMemory<byte> content, PutCondition condition = PutCondition.IfAbsent, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Store(location, content.ToArray(), condition));
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            _objects.Remove(_map.Map(location));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectStat> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        string mapped = _map.Map(prefix);
        KeyValuePair<string, Stored>[] found;
        lock (_gate)
            found = [.. _objects.Where(o => o.Key.StartsWith(mapped, StringComparison.Ordinal))];
        foreach (var (key, stored) in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return stored.ToStat(prefix + key[mapped.Length..]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<LocalLease> LeaseAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var content = Require(location).Content;
        string path = NextPath(Path.GetExtension(location));
        File.WriteAllBytes(path, content.Span);
        return ValueTask.FromResult(new LocalLease(path, new TemporaryFile(path)));
    }

    /// <inheritdoc/>
    public StagedFile Stage(string extension) => new TemporaryFile.Staged(NextPath(extension));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ObjectStat>> AdoptAsync(IReadOnlyList<(StagedFile File, string Location)> files, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var adopted = new List<ObjectStat>(files.Count);
        foreach (var (file, location) in files)
        {
            if (!File.Exists(file.Path))
                throw TarnException.NotFound($"Cannot store '{location}' from its staged file: '{file.Path}' does not exist.");
            adopted.Add(Store(location, File.ReadAllBytes(file.Path), PutCondition.IfAbsent));
        }

        foreach (var (file, _) in files)
            file.Dispose();
        return ValueTask.FromResult<IReadOnlyList<ObjectStat>>(adopted);
    }

    /// <summary>Removes the temporary folder, if there is one.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_folder is { Exists: true })
                _folder.Delete(recursive: true);
            _folder = null;
        }
    }

    private ObjectStat Store(string location, byte[] content, PutCondition condition)
    {
        if (location.EndsWith('/'))
            throw TarnException.Invalid($"Location '{location}' names a folder; an object needs a name that does not end with a slash.");
        var stored = new Stored(content, _time.GetUtcNow());
        lock (_gate)
        {
            string key = _map.Map(location);
            if (condition == PutCondition.IfAbsent && _objects.ContainsKey(key))
                throw TarnException.AlreadyExists($"'{location}' exists already; objects are never overwritten in place.");
            _objects[key] = stored;
        }

        return stored.ToStat(location);
    }

    private Stored? Find(string location)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(_map.Map(location));
    }

    private Stored Require(string location) =>
        Find(location) ?? throw TarnException.NotFound($"Cannot read '{location}': there is no such object.");

    private string NextPath(string extension)
    {
        lock (_gate)
        {
            _folder ??= Directory.CreateTempSubdirectory("tarn-memory-");
            return Path.Join(_folder.FullName, $"{_next++:D6}{extension}");
        }
    }

    private sealed record Stored(ReadOnlyMemory<byte> Content, DateTimeOffset LastModified)
    {
        public ObjectStat ToStat(string location) => new(location, Content.Length, LastModified);
    }
}
