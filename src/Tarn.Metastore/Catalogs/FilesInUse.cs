using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// What counts as in use: every file that a table or view of any warehouse leads to, on any branch, from any snapshot, branch or tag of its own, and everything
/// that leads from what was dropped and can still be brought back. Whoever deletes files asks here first.
/// </summary>
internal sealed class FilesInUse(ICommitLog log, IObjectStore store, MetadataFiles metadata)
{
    /// <summary>Those of some files that are not in use.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound or DataCorrupted when a table cannot be read: then nobody knows what it needs.</exception>
    public async ValueTask<IReadOnlySet<string>> ExceptAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        // One place may be written in several ways.
        var left = files.ToLookup(TableFolders.Normalize, StringComparer.Ordinal).ToDictionary(f => f.Key, f => f.ToList(), StringComparer.Ordinal);
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        var pointers = state.Catalogs.SelectMany(c => c.Value.Pointers).Select(p => (p.MetadataLocation, p.IsView))
            .Concat(state.Dropped.Values.Where(d => !d.IsExpiring).Select(d => (d.MetadataLocation, d.IsView)));
        // Branches share most of their metadata, and tables of one identity most of their manifests: each is read once.
        var visited = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (location, isView) in pointers.Distinct())
        {
            if (left.Count == 0)
                break;
            left.Remove(TableFolders.Normalize(location));
            if (isView)
                continue;
            var (table, _) = await metadata.ReadTableAsync(location, cancellationToken).ConfigureAwait(false);
            foreach (string used in await ReachableFiles.FindAsync(store, location, table, visited: visited, cancellationToken: cancellationToken).ConfigureAwait(false))
                left.Remove(TableFolders.Normalize(used));
        }

        return left.Values.SelectMany(f => f).ToHashSet(StringComparer.Ordinal);
    }
}
