using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Engine.Foreign;

/// <summary>The files of partitions: all in a folder but hidden ones and empty ones, as Hive reads it.</summary>
/// <param name="store">Where they are.</param>
internal sealed class ForeignFiles(IObjectStore store)
{
    // Each listing may be some requests to a remote store.
    private const int MaxConcurrentListings = 32;

    /// <summary>Lists partitions.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>For each the files, in ordinal order.</returns>
    /// <exception cref="TarnException">Unsupported: a folder has folders with files in it, or two partitions have one folder.</exception>
    public async ValueTask<IReadOnlyList<IReadOnlyList<ObjectStat>>> ListAsync(IReadOnlyList<ForeignPartition> partitions, CancellationToken cancellationToken)
    {
        foreach (var same in partitions.GroupBy(p => Folder(p), StringComparer.Ordinal).Where(g => g.Count() > 1))
            throw TarnException.Unsupported($"Partitions {string.Join(" and ", same.Take(2).Select(p => $"'{p.Name}'"))} both lie at '{same.Key}', so the rows there have two values. Give each partition a folder of its own.");
        var found = new IReadOnlyList<ObjectStat>[partitions.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentListings, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, partitions.Count), options, async (i, cancelled) => found[i] = await ListAsync(Folder(partitions[i]), cancelled).ConfigureAwait(false)).ConfigureAwait(false);
        return found;
    }

    private async ValueTask<IReadOnlyList<ObjectStat>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        var files = new List<ObjectStat>();
        await foreach (var file in store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            string below = file.Location[folder.Length..];
            if (file.SizeBytes == 0 || below.Length == 0 || below.Split('/').Any(IsHidden))
                continue;
            if (below.Contains('/', StringComparison.Ordinal))
                throw TarnException.Unsupported($"Folder '{folder}' has a folder with files in it ('{below}'), which Hive does not read as rows of the table. Move them up, or register the folder as a partition.");
            files.Add(file);
        }

        return files;
    }

    private static bool IsHidden(string name) => name.StartsWith('_') || name.StartsWith('.');

    private static string Folder(ForeignPartition partition) => LocationMap.NormalizeScheme(partition.Storage.Location!.TrimEnd('/')) + "/";
}
