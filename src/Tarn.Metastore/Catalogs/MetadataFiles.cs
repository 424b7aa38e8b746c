using System.Globalization;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs;

/// <summary>Reads and writes metadata files. Files never change, so what was read once is kept, up to a number of files.</summary>
internal sealed class MetadataFiles(IObjectStore store)
{
    private const int CachedFiles = 256;
    private const int VersionDigits = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Location, TableMetadata Metadata)>> _byLocation = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Location, TableMetadata Metadata)> _recent = new();

    public async ValueTask<TableMetadata> ReadTableAsync(string location, CancellationToken cancellationToken)
    {
        if (Find(location) is { } known)
            return known;
        var content = await store.ReadAsync(location, cancellationToken).ConfigureAwait(false);
        var metadata = TableMetadataJson.Read(content, location);
        Keep(location, metadata);
        return metadata;
    }

    /// <summary>Stores new metadata durably under a name that was never used.</summary>
    /// <returns>Its location.</returns>
    public async ValueTask<string> WriteTableAsync(TableMetadata metadata, string? previousLocation, CancellationToken cancellationToken)
    {
        string folder = metadata.Properties.GetValueOrDefault("write.metadata.path") is { Length: > 0 } path ? path.TrimEnd('/') : metadata.Location + "/metadata";
        var (content, suffix) = TableMetadataJson.WriteFile(metadata);
        string location = $"{folder}/{NextName(previousLocation)}{suffix}";
        await store.PutAsync(location, content, PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        Keep(location, metadata);
        return location;
    }

    public async ValueTask<string> WriteViewAsync(ViewMetadata metadata, string? previousLocation, CancellationToken cancellationToken)
    {
        string location = $"{metadata.Location}/metadata/{NextName(previousLocation)}.metadata.json";
        await store.PutAsync(location, ViewMetadataJson.Write(metadata), PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        return location;
    }

    public async ValueTask<ViewMetadata> ReadViewAsync(string location, CancellationToken cancellationToken) =>
        ViewMetadataJson.Read(await store.ReadAsync(location, cancellationToken).ConfigureAwait(false), location);

    // "00003-uuid" or, from file system tables, "v3": the number only helps people, the uuid makes the name unique.
    private static string NextName(string? previousLocation)
    {
        string name = previousLocation is null ? "" : previousLocation[(previousLocation.LastIndexOf('/') + 1)..].TrimStart('v');
        int digits = name.TakeWhile(char.IsAsciiDigit).Count();
        int next = int.TryParse(name.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version + 1 : 0;
        return $"{next.ToString("D" + VersionDigits, CultureInfo.InvariantCulture)}-{Guid.NewGuid()}";
    }

    private TableMetadata? Find(string location)
    {
        lock (_gate)
        {
            if (!_byLocation.TryGetValue(location, out var node))
                return null;
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Metadata;
        }
    }

    private void Keep(string location, TableMetadata metadata)
    {
        lock (_gate)
        {
            if (_byLocation.ContainsKey(location))
                return;
            _byLocation[location] = _recent.AddFirst((location, metadata));
            if (_recent.Count <= CachedFiles)
                return;
            _byLocation.Remove(_recent.Last!.Value.Location);
            _recent.RemoveLast();
        }
    }
}
