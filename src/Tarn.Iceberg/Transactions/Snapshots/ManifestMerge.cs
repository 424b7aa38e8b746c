using System.Globalization;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Transactions.Snapshots;

/// <summary>Merges small manifests into larger ones: <c>commit.manifest-merge.enabled</c>, <c>commit.manifest.min-count-to-merge</c>, <c>commit.manifest.target-size-bytes</c>.</summary>
internal sealed class ManifestMerge(ManifestFiles files)
{
    private const int MinCountDefault = 100;

    // A retry finds the bins without new manifests merged already.
    private readonly Dictionary<string, IReadOnlyList<ManifestFile>> merged = new(StringComparer.Ordinal);

    /// <summary>Merges within each spec and keeps the order of manifests.</summary>
    /// <param name="table">The table.</param>
    /// <param name="content">Content of all manifests.</param>
    /// <param name="snapshotId">The snapshot that is made.</param>
    /// <param name="manifests">All manifests, those of this snapshot first.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The manifests, and how many of earlier snapshots were replaced.</returns>
    public async ValueTask<(List<ManifestFile> Manifests, int Replaced)> RunAsync(
        TableMetadata table, ManifestContent content, long snapshotId, IReadOnlyList<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        if (manifests.Count == 0 || "false".Equals(table.Properties.GetValueOrDefault("commit.manifest-merge.enabled"), StringComparison.OrdinalIgnoreCase))
            return ([.. manifests], 0);
        int minCount = int.TryParse(table.Properties.GetValueOrDefault("commit.manifest.min-count-to-merge"), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : MinCountDefault;
        var first = manifests[0];
        List<ManifestFile> result = [];
        int replaced = 0;
        foreach (var group in manifests.GroupBy(m => m.PartitionSpecId).OrderByDescending(g => g.Key))
        {
            foreach (var bin in Bins([.. group], ManifestFiles.TargetSizeBytes(table)))
            {
                // The bin with the newest manifest grows with each commit until it is worth a rewrite; older bins are full.
                if (bin.Count == 1 || (bin.Contains(first) && bin.Count < minCount))
                {
                    result.AddRange(bin);
                    continue;
                }

                result.AddRange(await MergeAsync(table, content, snapshotId, bin, cancellationToken));
                replaced += bin.Count(m => !files.IsOwn(m));
            }
        }

        return (result, replaced);
    }

    // Packed from the end: the bin that is not full is the first one, which the next commit fills up.
    private static List<List<ManifestFile>> Bins(List<ManifestFile> manifests, long targetSizeBytes)
    {
        List<List<ManifestFile>> bins = [];
        List<ManifestFile> bin = [];
        long size = 0;
        foreach (var manifest in Enumerable.Reverse(manifests))
        {
            if (bin.Count > 0 && size + manifest.ManifestLength > targetSizeBytes)
            {
                bins.Add(bin);
                (bin, size) = ([], 0);
            }

            bin.Add(manifest);
            size += manifest.ManifestLength;
        }

        bins.Add(bin);
        bins.Reverse();
        bins.ForEach(b => b.Reverse());
        return bins;
    }

    private async ValueTask<IReadOnlyList<ManifestFile>> MergeAsync(
        TableMetadata table, ManifestContent content, long snapshotId, List<ManifestFile> bin, CancellationToken cancellationToken)
    {
        string key = string.Join('\n', bin.Select(m => m.ManifestPath));
        if (merged.TryGetValue(key, out var known))
            return known;
        List<ManifestEntry> entries = [];
        foreach (var manifest in bin)
        {
            var read = await files.EntriesAsync(table, manifest, cancellationToken);
            // What earlier snapshots deleted is history; what they added exists.
            entries.AddRange(files.IsOwn(manifest) ? read : read.Where(e => e.IsLive).Select(e => e with { Status = ManifestEntryStatus.Existing }));
        }

        return merged[key] = await files.WriteAsync(table, bin[0].PartitionSpecId, content, snapshotId, entries, cancellationToken);
    }
}
