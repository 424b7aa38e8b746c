using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// The folders that a table had before and has files in still. Its metadata names only those that new files go to; without the others nobody could be given what the rows of its
/// snapshots lie in, and somebody else could be given the place. Its location is one of them as long as its metadata files go elsewhere: by those alone, and without reading them, it is known where tables lie,
/// and which states are of one table.
/// </summary>
/// <param name="ground">What commits stand on.</param>
/// <param name="placement">Where everything lies.</param>
internal sealed class FormerFolders(CommitGround ground, Placement placement)
{
    /// <summary>Most of one table: keys carry the names of all their folders, in each request.</summary>
    public const int MaxCount = 8;

    /// <summary>Those of a table after a change.</summary>
    /// <param name="table">The table.</param>
    /// <param name="former">Those before.</param>
    /// <param name="before">The table before the change; null when it is new.</param>
    /// <param name="after">The table after it.</param>
    /// <param name="presentFile">A metadata file of the table before; null when it is new.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">InvalidRequest when they are too many.</exception>
    public async ValueTask<IReadOnlyList<string>> AfterAsync(
        TableIdentifier table, IReadOnlyList<string> former, TableMetadata? before, TableMetadata after, string? presentFile, CancellationToken cancellationToken)
    {
        // Without snapshots there are no files to come back to.
        if (before is null || after.Snapshots.Count == 0)
            return WithLocation([], after);
        var now = TableFolders.Of(after);
        var left = (before.Snapshots.Count == 0 ? [] : TableFolders.Of(before)).Where(f => !IsIn(f, now)).ToList();
        if (left.Count == 0 && former.All(f => !IsIn(f, now)))
            return WithLocation(former, after);
        const string wayOut = "Rewrite its data files, which puts them into its folders of now, expire the snapshots before that, and change its folders then.";
        return WithLocation(await KeptAsync(table, former.Concat(WithoutNamespaces(left)), now, presentFile, wayOut, cancellationToken).ConfigureAwait(false), after);
    }

    /// <summary>Those of a table that is registered: all that entries of the same table know, whose files it has too.</summary>
    /// <param name="table">The name that it gets.</param>
    /// <param name="metadataLocation">Its metadata file.</param>
    /// <param name="registered">What that says.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">InvalidRequest when they are too many.</exception>
    public async ValueTask<IReadOnlyList<string>> InheritedAsync(TableIdentifier table, string metadataLocation, TableMetadata registered, CancellationToken cancellationToken)
    {
        if (registered.Snapshots.Count == 0)
            return WithLocation([], registered);
        const string wayOut = "Where it is, or after it was brought back, rewrite its data files, which puts them into its folders of now, expire the snapshots before that, and register it then.";
        var known = WithoutNamespaces(placement.FormerFoldersOf(new CatalogPointer(table, false, registered.TableUuid, metadataLocation)));
        return WithLocation(await KeptAsync(table, known, TableFolders.Of(registered), metadataLocation, wayOut, cancellationToken).ConfigureAwait(false), registered);
    }

    private static IReadOnlyList<string> WithLocation(IReadOnlyList<string> former, TableMetadata table) =>
        TableFolders.Normalize(table.Location) is var location && (former.Contains(location) || TableFolders.IsIn(MetadataFiles.FolderOf(table), location)) ? former : [.. former, location];

    // Of a folder with those of namespaces in it not all is the table's.
    private IEnumerable<string> WithoutNamespaces(IEnumerable<string> folders) => folders.Where(f => !placement.NamespacesIn(f).Any());

    private async ValueTask<IReadOnlyList<string>> KeptAsync(
        TableIdentifier table, IEnumerable<string> folders, IReadOnlyList<string> now, string? metadataLocation, string wayOut, CancellationToken cancellationToken)
    {
        var all = folders.Where(f => !IsIn(f, now)).Distinct(StringComparer.Ordinal).ToList();
        all.RemoveAll(f => all.Exists(other => other != f && TableFolders.IsIn(f, other)));
        if (all.Count > MaxCount && metadataLocation is not null && await ground.ReachedPlaces.FindAsync(metadataLocation, cancellationToken).ConfigureAwait(false) is { } files)
            all.RemoveAll(f => ground.PlaceOfFolder(f) is var place && !files.Any(file => TableFolders.IsIn(file, place)));
        return all.Count <= MaxCount ? all : throw TarnException.Invalid(
            $"Table '{table}' has files in {all.Count} folders that it would not name any more, and {MaxCount} is the most. {wayOut} The folders are: {string.Join(", ", all)}.");
    }

    private static bool IsIn(string folder, IReadOnlyList<string> folders) => folders.Any(f => TableFolders.IsIn(folder, f));
}
