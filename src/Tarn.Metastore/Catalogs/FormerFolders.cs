using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// The folders that a table had before and has files in still. Its metadata names only those that new files go to; without the others nobody could be given what the rows of its
/// snapshots lie in, and somebody else could be given the place.
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
            return [];
        var now = TableFolders.Of(after);
        var left = (before.Snapshots.Count == 0 ? [] : TableFolders.Of(before)).Where(IsLeft).ToList();
        if (left.Count == 0 && former.All(f => !IsIn(f, now)))
            return former;
        // Of a folder with those of namespaces in it not all is the table's.
        var all = former.Concat(left.Where(f => !placement.NamespacesIn(f).Any())).Where(IsLeft).Distinct(StringComparer.Ordinal).ToList();
        all.RemoveAll(f => all.Exists(other => other != f && TableFolders.IsIn(f, other)));
        if (all.Count > MaxCount && presentFile is not null && await ground.ReachedPlaces.FindAsync(presentFile, cancellationToken).ConfigureAwait(false) is { } files)
            all.RemoveAll(f => ground.PlaceOfFolder(f) is var place && !files.Any(file => TableFolders.IsIn(file, place)));
        return all.Count <= MaxCount ? all : throw TarnException.Invalid(
            $"Table '{table}' has files in {all.Count} folders that it would not name any more, and {MaxCount} is the most. Rewrite its data files, which puts them into its folders of now, "
            + $"expire the snapshots before that, and change its folders then. The folders are: {string.Join(", ", all)}.");

        bool IsLeft(string folder) => !IsIn(folder, now);
    }

    private static bool IsIn(string folder, IReadOnlyList<string> folders) => folders.Any(f => TableFolders.IsIn(folder, f));
}
