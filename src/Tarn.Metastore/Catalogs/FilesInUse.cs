using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Catalogs;

/// <summary>
/// What counts as in use: every file that a table or view of any warehouse leads to, on any branch, from any snapshot, branch or tag of its own, and everything
/// that leads from what was dropped and can still be brought back. Whoever deletes files asks here first. Manifests are read when their files may be among those
/// asked for; of the others it is known once where their files lie. As long as one of them cannot be read, every file is in use: metadata may name files anywhere.
/// </summary>
internal sealed class FilesInUse(LogState state, CommitGround ground)
{
    /// <summary>Those of some files that are not in use.</summary>
    /// <exception cref="TarnException">When a table cannot be read: then nobody knows what it needs. The message names it.</exception>
    public async ValueTask<IReadOnlySet<string>> ExceptAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        // One place may be written in several ways.
        var left = files.ToLookup(ground.PlaceOf, StringComparer.Ordinal).ToDictionary(f => f.Key, f => f.ToList(), StringComparer.Ordinal);
        string[] asked = [.. left.Keys.Order(StringComparer.Ordinal)];
        var pointers = state.Catalogs.SelectMany(c => c.Value.Pointers.Select(p => new Pointer(c.Key, p.Name, p.MetadataLocation, p.IsView, false)))
            .Concat(state.Dropped.Values.Where(d => !d.IsExpiring).Select(d => new Pointer(d.At, d.Name, d.MetadataLocation, d.IsView, true)));
        // Branches share most of their metadata, and tables of one identity most of their manifests: each is read once.
        var visited = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pointer in pointers.DistinctBy(p => (p.MetadataLocation, p.IsView)))
        {
            if (left.Count == 0)
                break;
            left.Remove(ground.PlaceOf(pointer.MetadataLocation));
            if (pointer.IsView)
                continue;
            foreach (string used in await FindAsync(pointer, asked, visited, cancellationToken).ConfigureAwait(false))
                left.Remove(ground.PlaceOf(used));
        }

        return left.Values.SelectMany(f => f).ToHashSet(StringComparer.Ordinal);
    }

    private async ValueTask<IReadOnlyCollection<string>> FindAsync(Pointer pointer, string[] asked, HashSet<string> visited, CancellationToken cancellationToken)
    {
        try
        {
            var (table, _) = await ground.Metadata.ReadTableAsync(pointer.MetadataLocation, cancellationToken).ConfigureAwait(false);
            await SkipElsewhereAsync(table, asked, visited, cancellationToken).ConfigureAwait(false);
            return await ReachableFiles.FindAsync(ground.Store, pointer.MetadataLocation, table, visited: visited, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException error) when (error.IsOfOneThing)
        {
            throw new TarnException(
                error.Kind,
                $"Table '{pointer.Name}' of '{pointer.At}' cannot be read, so nobody knows which files it needs, and none was deleted: {error.Message.TrimEnd('.')}. {WayToRead(error)}, or {(pointer.IsDropped ? "" : $"unregister the table ({UnregisterCall.Of(pointer.At, pointer.Name)}) and ")}wait until it cannot be brought back.",
                error);
        }
    }

    /// <summary>What makes a file readable, as the beginning of a sentence.</summary>
    public static string WayToRead(TarnException error) => error.Kind == ErrorKind.PermissionDenied ? "Allow Tarn to read the file" : "Restore the file";

    // A list that leads to none of the files asked for is as good as looked into.
    private async ValueTask SkipElsewhereAsync(TableMetadata table, string[] asked, HashSet<string> visited, CancellationToken cancellationToken)
    {
        foreach (string list in table.Snapshots.Select(s => s.ManifestList).OfType<string>())
        {
            if (visited.Contains(list))
                continue;
            var prefixes = await ground.Reached.OfAsync(list, cancellationToken).ConfigureAwait(false);
            if (!prefixes.Any(prefix => HasAny(asked, prefix)))
                visited.Add(list);
        }
    }

    private sealed record Pointer(CatalogAddress At, TableIdentifier Name, string MetadataLocation, bool IsView, bool IsDropped);

    private static bool HasAny(string[] ordered, string prefix)
    {
        int at = Array.BinarySearch(ordered, prefix, StringComparer.Ordinal);
        return at >= 0 || (~at < ordered.Length && ordered[~at].StartsWith(prefix, StringComparison.Ordinal));
    }
}
