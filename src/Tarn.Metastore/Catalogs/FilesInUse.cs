using Tarn.Core.Storage;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// What counts as in use: every file that a table or view of any warehouse leads to, on any branch, from any snapshot, branch or tag of its own, and everything
/// that leads from what was dropped and can still be brought back. Whoever deletes files asks here first. Manifests are read when their files may be among those
/// asked for; of the others it is known once where their files lie.
/// </summary>
internal sealed class FilesInUse(ICommitLog log, CommitGround ground)
{
    /// <summary>Those of some files that are not in use.</summary>
    /// <exception cref="Core.Errors.TarnException">NotFound or DataCorrupted when a table cannot be read: then nobody knows what it needs.</exception>
    public async ValueTask<IReadOnlySet<string>> ExceptAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        // One place may be written in several ways.
        var left = files.ToLookup(ground.PlaceOf, StringComparer.Ordinal).ToDictionary(f => f.Key, f => f.ToList(), StringComparer.Ordinal);
        string[] asked = [.. left.Keys.Order(StringComparer.Ordinal)];
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        var pointers = state.Catalogs.SelectMany(c => c.Value.Pointers).Select(p => (p.MetadataLocation, p.IsView))
            .Concat(state.Dropped.Values.Where(d => !d.IsExpiring).Select(d => (d.MetadataLocation, d.IsView)));
        // Branches share most of their metadata, and tables of one identity most of their manifests: each is read once.
        var visited = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (location, isView) in pointers.Distinct())
        {
            if (left.Count == 0)
                break;
            left.Remove(ground.PlaceOf(location));
            if (isView)
                continue;
            var (table, _) = await ground.Metadata.ReadTableAsync(location, cancellationToken).ConfigureAwait(false);
            await SkipElsewhereAsync(table, asked, visited, cancellationToken).ConfigureAwait(false);
            foreach (string used in await ReachableFiles.FindAsync(ground.Store, location, table, visited: visited, cancellationToken: cancellationToken).ConfigureAwait(false))
                left.Remove(ground.PlaceOf(used));
        }

        return left.Values.SelectMany(f => f).ToHashSet(StringComparer.Ordinal);
    }

    // A list that leads to none of the files asked for is as good as looked into.
    private async ValueTask SkipElsewhereAsync(TableMetadata table, string[] asked, HashSet<string> visited, CancellationToken cancellationToken)
    {
        foreach (string list in table.Snapshots.Select(s => s.ManifestList).OfType<string>())
        {
            if (visited.Contains(list))
                continue;
            var prefixes = await ground.Reached.OfAsync(list, table, cancellationToken).ConfigureAwait(false);
            if (!prefixes.Any(prefix => HasAny(asked, prefix)))
                visited.Add(list);
        }
    }

    private static bool HasAny(string[] ordered, string prefix)
    {
        int at = Array.BinarySearch(ordered, prefix, StringComparer.Ordinal);
        return at >= 0 || (~at < ordered.Length && ordered[~at].StartsWith(prefix, StringComparison.Ordinal));
    }
}
