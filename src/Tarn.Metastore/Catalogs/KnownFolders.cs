using System.Runtime.CompilerServices;
using Tarn.Core.Caching;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// The folders of tables and views. Metadata files never change, so the folders that one names are known for good, and those of a namespace as long as
/// nothing in it changes.
/// </summary>
/// <param name="files">Reads metadata files.</param>
/// <param name="placeOf">One text for one place.</param>
internal sealed class KnownFolders(MetadataFiles files, Func<string, string> placeOf)
{
    /// <summary>The property that says where a table of another format, or a partition of one, lies.</summary>
    public const string ForeignLocation = "sd.location";

    /// <summary>Most bytes of the names of folders that are kept: those of a hundred thousand tables.</summary>
    private const long CapacityBytes = 32L << 20;

    private const string MetadataFolder = "/metadata";

    private readonly WeighedCache<string, IReadOnlyList<string>> _ofFiles = new(CapacityBytes);
    private readonly ConditionalWeakTable<NamespaceEntry, IReadOnlyList<HeldFolders>> _ofNamespaces = [];
    private readonly ConditionalWeakTable<NamespaceEntry, ILookup<string, KeyValuePair<string, TableEntry>>> _seeming = [];

    /// <summary>What is in a namespace, with its folders.</summary>
    public async ValueTask<IReadOnlyList<HeldFolders>> OfAsync(NamespaceEntry entry, CancellationToken cancellationToken)
    {
        if (!_ofNamespaces.TryGetValue(entry, out var known))
        {
            await LearnAsync([entry], cancellationToken).ConfigureAwait(false);
            _ofNamespaces.TryGetValue(entry, out known);
        }

        return known!;
    }

    /// <summary>Finds out about many namespaces: their tables are read at once, in however many they are.</summary>
    public async ValueTask LearnAsync(IEnumerable<NamespaceEntry> entries, CancellationToken cancellationToken)
    {
        // 1. Tables, whose files may have to be read.
        var unknown = entries.Where(e => !_ofNamespaces.TryGetValue(e, out _)).Select(e => (Entry: e, OfTables: new HeldFolders[e.Tables.Count])).ToList();
        var tables = unknown.SelectMany(u => u.Entry.Tables.Select((table, i) => (table.Key, table.Value, u.OfTables, i))).ToList();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = CommitGround.ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, tables.Count, parallel, async (next, token) =>
        {
            var (name, table, ofTables, i) = tables[next];
            ofTables[i] = new HeldFolders(name, table.Uuid?.ToString() ?? table.MetadataLocation, await OfTableAsync(table.MetadataLocation, table.FormerFolders, token).ConfigureAwait(false));
        }).ConfigureAwait(false);

        // 2. All else.
        foreach (var (entry, ofTables) in unknown)
        {
            _ofNamespaces.AddOrUpdate(
                entry,
                [
                    .. ofTables,
                    .. entry.Views.Select(v => new HeldFolders(v.Key, v.Value.Uuid.ToString(), OfView(v.Value.MetadataLocation), IsView: true)),
                    .. entry.ForeignTables.Select(t => new HeldFolders(t.Key, $"foreign {t.Key}", OfForeign(t.Value), IsForeign: true)),
                ]);
        }
    }

    /// <summary>The folders of a table, its location first, that of its metadata file among them.</summary>
    public async ValueTask<IReadOnlyList<string>> OfTableAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        if (_ofFiles.Find(metadataLocation) is { } known)
            return known;
        var folders = await ReadAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        _ofFiles.Keep(metadataLocation, folders, metadataLocation.Length + folders.Sum(f => f.Length));
        return folders;
    }

    /// <summary>The same with former folders among them.</summary>
    public async ValueTask<IReadOnlyList<string>> OfTableAsync(string metadataLocation, IReadOnlyList<string> former, CancellationToken cancellationToken)
    {
        var folders = await OfTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        // The last one stays that of the metadata file, which is the only one of a table that cannot be read.
        return former.Count == 0 ? folders : [folders[0], .. former.Select(placeOf), .. folders.Skip(folders.Count == 1 ? 0 : 1)];
    }

    /// <summary>The same of metadata that is at hand.</summary>
    public IReadOnlyList<string> Of(TableMetadata metadata, string metadataLocation)
    {
        IReadOnlyList<string> folders = [.. TableFolders.Of(metadata).Select(placeOf), FolderOf(metadataLocation)];
        _ofFiles.Keep(metadataLocation, folders, metadataLocation.Length + folders.Sum(f => f.Length));
        return folders;
    }

    /// <summary>Whether two metadata files certainly name the same folders, as far as is known without reading.</summary>
    public bool AreSame(string metadataLocation, string other) =>
        metadataLocation == other || (_ofFiles.Find(metadataLocation) is { } folders && _ofFiles.Find(other) is { } others && folders.SequenceEqual(others));

    /// <summary>The folders of a view: it has no other files than those of its metadata.</summary>
    public IReadOnlyList<string> OfView(string metadataLocation) => [AboveMetadata(metadataLocation)];

    // Partitions may lie anywhere.
    private List<string> OfForeign(ForeignEntry table) =>
        [.. table.Partitions.Values.Prepend(table.Properties)
            .Select(p => p.GetValueOrDefault(ForeignLocation)).OfType<string>().Where(l => l.Length > 0).Select(placeOf).Distinct(StringComparer.Ordinal)];

    private async ValueTask<IReadOnlyList<string>> ReadAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        try
        {
            return Of((await files.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false)).Metadata, metadataLocation);
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted or ErrorKind.Unsupported or ErrorKind.InvalidRequest)
        {
            // A table that cannot be loaded still has its files, which lie where its metadata does.
            return [AboveMetadata(metadataLocation)];
        }
    }

    /// <summary>The tables of a namespace by where they seem to lie, see <see cref="AboveMetadata"/>.</summary>
    public ILookup<string, KeyValuePair<string, TableEntry>> SeemingOf(NamespaceEntry entry) =>
        _seeming.GetValue(entry, e => e.Tables.ToLookup(t => AboveMetadata(t.Value.MetadataLocation), StringComparer.Ordinal));

    /// <summary>Where a table seems to lie by the place of its metadata file: that is mostly in the folder <c>metadata</c> of its location.</summary>
    private string AboveMetadata(string metadataLocation)
    {
        string folder = FolderOf(metadataLocation);
        return folder.EndsWith(MetadataFolder, StringComparison.Ordinal) ? folder[..^MetadataFolder.Length] : folder;
    }

    private string FolderOf(string metadataLocation) => placeOf(TableFolders.FolderOf(metadataLocation));
}

/// <summary>A table or view and its folders.</summary>
/// <param name="Name">Name in its namespace.</param>
/// <param name="Identity">The same on every branch, and under every name: the uuid where there is one.</param>
/// <param name="Folders">The places of its folders, that of its location first.</param>
/// <param name="IsForeign">Whether it is a table of another format.</param>
/// <param name="IsView">Whether it is a view.</param>
internal sealed record HeldFolders(string Name, string Identity, IReadOnlyList<string> Folders, bool IsForeign = false, bool IsView = false)
{
    /// <summary>The folders that are its own with all that comes to lie in them; its metadata file, whose folder is the last of a table, may lie in one of many.</summary>
    public IReadOnlyList<string> Roofs { get; } = IsForeign || IsView || Folders.Count == 1 ? Folders : [.. Folders.SkipLast(1)];
}
