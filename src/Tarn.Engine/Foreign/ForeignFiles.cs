using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Engine.Foreign;

/// <summary>The files of partitions: all in a folder but hidden ones and empty ones, as Hive reads it.</summary>
/// <param name="store">Where they are.</param>
/// <param name="locations">Locations that lie elsewhere.</param>
internal sealed class ForeignFiles(IObjectStore store, LocationMap locations)
{
    // Each listing may be some requests to a remote store.
    private const int MaxConcurrentListings = 32;

    /// <summary>Lists partitions.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>For each the files, in ordinal order.</returns>
    /// <exception cref="TarnException">Unsupported: a folder has folders with files in it, or two partitions have one folder. NotFound: a folder on a local disk is not there.</exception>
    public async ValueTask<IReadOnlyList<IReadOnlyList<ObjectStat>>> ListAsync(IReadOnlyList<ForeignPartition> partitions, CancellationToken cancellationToken)
    {
        foreach (var same in partitions.GroupBy(p => Folder(p), StringComparer.Ordinal).Where(g => g.Count() > 1))
            throw TarnException.Unsupported($"Partitions {string.Join(" and ", same.Take(2).Select(p => $"'{p.Name}'"))} both lie at '{same.Key}', so the rows there have two values. Give each partition a folder of its own.");
        var found = new IReadOnlyList<ObjectStat>[partitions.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentListings, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, partitions.Count), options, async (i, cancelled) => found[i] = await ListAsync(partitions[i], cancelled).ConfigureAwait(false)).ConfigureAwait(false);
        return found;
    }

    private async ValueTask<IReadOnlyList<ObjectStat>> ListAsync(ForeignPartition partition, CancellationToken cancellationToken)
    {
        string folder = Folder(partition);
        bool isThere = false;
        var files = new List<ObjectStat>();
        await foreach (var file in store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            isThere = true;
            string below = file.Location[folder.Length..];
            if (file.SizeBytes == 0 || below.Length == 0 || below.Split('/').Any(IsHidden))
                continue;
            if (below.Contains('/', StringComparison.Ordinal))
                throw TarnException.Unsupported($"Folder '{folder}' has a folder with files in it ('{below}'), which Hive does not read as rows of the table. Move them up, or register the folder as a partition.");
            files.Add(file);
        }

        if (!isThere && LocalPath(locations.Map(folder)) is { } path && !Directory.Exists(path))
            throw TarnException.NotFound($"Folder '{folder}' of {(partition.Name.Length == 0 ? "the table" : $"partition '{partition.Name}'")} is not there. Bring it back, create it empty if there are no rows, or {(partition.Name.Length == 0 ? "drop the table" : "drop the partition")} where it was registered.");
        return files;
    }

    // An object store has no folders: there, no objects are an empty one. Null for such a place.
    private static string? LocalPath(string location)
    {
        if (!location.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            return Path.IsPathFullyQualified(location) ? location : null;
        string path = location["file:".Length..].TrimStart('/');
        return path is [_, ':', ..] ? path : "/" + path;
    }

    private static bool IsHidden(string name) => name.StartsWith('_') || name.StartsWith('.');

    private static string Folder(ForeignPartition partition) => LocationMap.NormalizeScheme(partition.Storage.Location!.TrimEnd('/')) + "/";
}
