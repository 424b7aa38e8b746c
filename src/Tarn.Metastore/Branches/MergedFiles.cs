using System.Collections.Concurrent;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Branches;

/// <summary>The metadata files that one merge moves its target to: they must be in the storage, as those that are registered must.</summary>
/// <param name="store">The store of files.</param>
/// <param name="source">The branch whose changes are taken.</param>
/// <param name="target">The branch that gets them.</param>
internal sealed class MergedFiles(IObjectStore store, CatalogAddress source, CatalogAddress target)
{
    private const int NamedFiles = 20;

    // What was there once is not asked for again by another try.
    private readonly ConcurrentDictionary<string, bool> _found = new(StringComparer.Ordinal);

    /// <summary>Asks for those that no try has asked for yet.</summary>
    /// <exception cref="TarnException">NotFound: some are not there, and their tables, whole until now, could not be read on the target any more.</exception>
    public async ValueTask RequireAsync(BranchMerge merge, CancellationToken cancellationToken)
    {
        CatalogObject[] moved = [.. merge.Moved().Where(o => !_found.ContainsKey(o.MetadataLocation!))];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = CommitGround.ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(moved.Select(o => o.MetadataLocation!).Distinct(StringComparer.Ordinal), parallel, async (location, token) =>
        {
            if (await store.HeadAsync(location, token).ConfigureAwait(false) is not null)
                _found.TryAdd(location, true);
        }).ConfigureAwait(false);
        if (moved.Where(o => !_found.ContainsKey(o.MetadataLocation!)).ToList() is { Count: > 0 } missing)
            throw Refusal(missing);
    }

    private TarnException Refusal(List<CatalogObject> missing)
    {
        string files = string.Join("; ", missing.Take(NamedFiles).Select(o => $"that of {o.Kind} '{o.Name}' ('{o.MetadataLocation}'; {WayOut(o)})"));
        string more = missing.Count > NamedFiles ? $"; and {missing.Count - NamedFiles} more" : "";
        return TarnException.NotFound(
            $"Branch '{source.Branch}' cannot be merged into '{target.Branch}', and nothing was changed: metadata files that it has are not in the storage any more: {files}{more}. "
            + $"Restore them from a backup; or take their names from '{source.Branch}' as named, register there a metadata file that is in the storage, such as the one that '{target.Branch}' has, and merge again: "
            + $"a name that is left without one is dropped on '{target.Branch}', too.");
    }

    // A table is dropped with a look at its metadata, which is gone.
    private string WayOut(CatalogObject missing) => missing.IsView ? $"DROP VIEW on '{source.Branch}'" : UnregisterCall.Of(source, missing.Name);
}
