using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <content>Tables by where their files lie.</content>
public sealed partial class EmbeddedCatalog
{
    private const string MetadataFolder = "/metadata", ForeignLocation = "sd.location";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TableIdentifier>> FindTablesAtAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken = default)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        List<TableIdentifier> found = [];
        foreach (var (name, entry) in state.Namespaces)
        {
            foreach (var (table, pointer) in entry.Tables)
            {
                var own = await FoldersAsync(pointer, cancellationToken).ConfigureAwait(false);
                if (own.Any(o => folders.Any(f => TableFolders.Overlap(o, f))))
                    found.Add(new TableIdentifier(name, table));
            }

            found.AddRange(entry.ForeignTables
                .Where(t => LocationsOf(t.Value).Any(own => folders.Any(f => TableFolders.Overlap(own, f))))
                .Select(t => new TableIdentifier(name, t.Key)));
        }

        return found;
    }

    // Partitions may lie anywhere.
    private static IEnumerable<string> LocationsOf(ForeignEntry table) =>
        table.Partitions.Values.Prepend(table.Properties)
            .Select(p => p.GetValueOrDefault(ForeignLocation))
            .OfType<string>().Where(l => l.Length > 0).Select(TableFolders.Normalize);

    // Metadata files never change, so the folders that one names are known for good.
    private async ValueTask<IReadOnlyList<string>> FoldersAsync(TableEntry entry, CancellationToken cancellationToken)
    {
        if (Ground.Folders.Find(entry.MetadataLocation) is { } known)
            return known;
        var folders = await ReadFoldersAsync(entry.MetadataLocation, cancellationToken).ConfigureAwait(false);
        Ground.Folders.Keep(entry.MetadataLocation, folders, entry.MetadataLocation.Length + folders.Sum(f => f.Length));
        return folders;
    }

    private async ValueTask<IReadOnlyList<string>> ReadFoldersAsync(string metadataLocation, CancellationToken cancellationToken)
    {
        string folder = TableFolders.Normalize(metadataLocation[..Math.Max(0, metadataLocation.LastIndexOf('/'))]);
        string above = folder.EndsWith(MetadataFolder, StringComparison.Ordinal) ? folder[..^MetadataFolder.Length] : folder;
        try
        {
            var (metadata, _) = await Ground.Metadata.ReadTableAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
            return [.. TableFolders.Of(metadata), folder];
        }
        catch (TarnException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted or ErrorKind.Unsupported or ErrorKind.InvalidRequest)
        {
            // A table that cannot be loaded still has its files, which lie where its metadata does.
            return [above];
        }
    }
}
