using System.Collections.Immutable;
using System.Globalization;
using Tarn.Core.Caching;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// Reads and writes metadata files. Files never change, so what was read or written once is kept, decoded and as text, up to a size: a table that
/// is in use is loaded without touching a file.
/// </summary>
internal sealed class MetadataFiles(IObjectStore store)
{
    /// <summary>Most bytes kept.</summary>
    public const long CapacityBytes = 256L << 20;

    // The text, and what it becomes in memory: objects and UTF-16 take some three times as much. Once more for the text of a part of the snapshots,
    // which doors keep as long as the metadata.
    private const int WeightPerByte = 5;
    private const long LeastWeightBytes = 4096;
    private const int VersionDigits = 5;

    // A group of appends makes a file of some size longer by less than this part of it.
    private const int GrowthDivisor = 16;

    private readonly WeighedCache<string, Known> _cache = new(CapacityBytes);
    private readonly SnapshotTexts _snapshots = new();

    /// <summary>What everything kept weighs.</summary>
    public long WeightBytes => _cache.WeightBytes;

    /// <summary>The metadata, and the file's content as UTF-8 JSON, decompressed.</summary>
    public async ValueTask<(TableMetadata Metadata, ReadOnlyMemory<byte> Content)> ReadTableAsync(string location, CancellationToken cancellationToken)
    {
        if (_cache.Find(location) is { } known)
            return (known.Metadata, known.Content);
        var content = MetadataCompression.Expand(await store.ReadAsync(location, cancellationToken).ConfigureAwait(false), location);
        var metadata = TableMetadataJson.Read(content, location);
        Keep(location, metadata, content);
        return (metadata, content);
    }

    /// <summary>The same of a file that a name is to lead to: it must be in the storage, where what is kept in memory may have been deleted meanwhile.</summary>
    /// <exception cref="TarnException">NotFound.</exception>
    public async ValueTask<(TableMetadata Metadata, ReadOnlyMemory<byte> Content)> ReadStoredTableAsync(string location, CancellationToken cancellationToken)
    {
        if (_cache.Find(location) is not null && await store.HeadAsync(location, cancellationToken).ConfigureAwait(false) is null)
        {
            Forget(location);
            throw TarnException.NotFound($"There is no metadata file '{location}' any more; the table can be had by one that is there.");
        }

        return await ReadTableAsync(location, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The metadata, for somebody who goes through all tables: a file that is not known is not kept, and those in use keep their places.</summary>
    public async ValueTask<TableMetadata> ReadTableOnceAsync(string location, CancellationToken cancellationToken) => _cache.Find(location) is { } known
        ? known.Metadata
        : TableMetadataJson.Read(MetadataCompression.Expand(await store.ReadAsync(location, cancellationToken).ConfigureAwait(false), location), location);

    /// <summary>Stores new metadata durably under a name that was never used.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="previousLocation">The file before, whose number goes on; null for the first.</param>
    /// <param name="written">Gets the location before it is written.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Its location, and its content as UTF-8 JSON.</returns>
    public async ValueTask<(string Location, ReadOnlyMemory<byte> Content)> WriteTableAsync(
        TableMetadata metadata, string? previousLocation, List<string> written, CancellationToken cancellationToken)
    {
        int before = previousLocation is null ? 0 : _cache.Find(previousLocation)?.Content.Length ?? 0;
        byte[] json = TableMetadataJson.Write(metadata, _snapshots.Write, before + (before / GrowthDivisor) + (int)LeastWeightBytes);
        var (content, suffix) = TableMetadataJson.ToFile(metadata, json);
        string location = $"{FolderOf(metadata)}/{NextName(previousLocation)}{suffix}";
        written.Add(location);
        await store.PutAsync(location, content, PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        Keep(location, metadata, json);
        return (location, json);
    }

    /// <summary>Lets go of a file that hardly anybody will ask for again: its table has gone on.</summary>
    public void Forget(string location) => _cache.Forget(location);

    public async ValueTask<string> WriteViewAsync(ViewMetadata metadata, string? previousLocation, CancellationToken cancellationToken)
    {
        string location = $"{FolderOf(metadata.Location, metadata.Properties)}/{NextName(previousLocation)}.metadata.json";
        await store.PutAsync(location, ViewMetadataJson.Write(metadata), PutCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        return location;
    }

    public async ValueTask<ViewMetadata> ReadViewAsync(string location, CancellationToken cancellationToken) =>
        ViewMetadataJson.Read(await store.ReadAsync(location, cancellationToken).ConfigureAwait(false), location);

    /// <summary>Where metadata files have their place: in the table, unless the table says where ("Path Construction").</summary>
    public static string FolderOf(TableMetadata metadata) => FolderOf(metadata.Location, metadata.Properties);

    private static string FolderOf(string location, ImmutableSortedDictionary<string, string> properties)
    {
        string? path = properties.GetValueOrDefault("write.metadata.path")?.TrimEnd('/');
        return string.IsNullOrEmpty(path) ? location + "/metadata"
            : path.StartsWith('/') || path.Contains(":/", StringComparison.Ordinal) ? path
            : $"{location}/{path}";
    }

    // "00003-uuid" or, from file system tables, "v3": the number only helps people, the uuid makes the name unique.
    private static string NextName(string? previousLocation)
    {
        string name = previousLocation is null ? "" : previousLocation[(previousLocation.LastIndexOf('/') + 1)..].TrimStart('v');
        int digits = name.TakeWhile(char.IsAsciiDigit).Count();
        int next = int.TryParse(name.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version + 1 : 0;
        return $"{next.ToString("D" + VersionDigits, CultureInfo.InvariantCulture)}-{Guid.NewGuid()}";
    }

    private void Keep(string location, TableMetadata metadata, ReadOnlyMemory<byte> content) =>
        _cache.Keep(location, new Known(metadata, content), LeastWeightBytes + ((long)content.Length * WeightPerByte));

    private sealed record Known(TableMetadata Metadata, ReadOnlyMemory<byte> Content);
}
