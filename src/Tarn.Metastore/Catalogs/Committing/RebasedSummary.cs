using System.Collections.Immutable;
using System.Globalization;

namespace Tarn.Metastore.Catalogs.Committing;

/// <summary>The summary of an append on another parent: what it adds stays, totals go on from the parent's ("Optional Snapshot Summary Fields").</summary>
internal static class RebasedSummary
{
    /// <summary>Names the manifest list that the client wrote, so that the commit is known again when it is repeated.</summary>
    public const string RebasedFrom = "tarn.rebased-from";

    private const string Kept = "manifests-kept";

    private static readonly (string Total, string Added)[] Totals =
    [
        ("total-records", "added-records"), ("total-files-size", "added-files-size"), ("total-data-files", "added-data-files"),
        ("total-delete-files", "added-delete-files"), ("total-position-deletes", "added-position-deletes"), ("total-equality-deletes", "added-equality-deletes"),
    ];

    /// <param name="summary">As the client made it.</param>
    /// <param name="parent">Summary of the new parent; null when there is none, and totals start at 0.</param>
    /// <param name="keptManifests">Manifests taken over from the parent.</param>
    /// <param name="manifestList">The manifest list that the client wrote.</param>
    public static ImmutableSortedDictionary<string, string> Of(
        ImmutableSortedDictionary<string, string> summary, IReadOnlyDictionary<string, string>? parent, int keptManifests, string manifestList)
    {
        var rebased = summary.ToBuilder();
        foreach (var (total, added) in Totals)
        {
            long before = 0;
            // A parent without the total says nothing about it, and so does this snapshot.
            if (parent is null || TryNumber(parent, total, out before))
                rebased[total] = (before + (TryNumber(summary, added, out long more) ? more : 0)).ToString(CultureInfo.InvariantCulture);
            else
                rebased.Remove(total);
        }

        if (summary.ContainsKey(Kept))
            rebased[Kept] = keptManifests.ToString(CultureInfo.InvariantCulture);
        rebased[RebasedFrom] = manifestList;
        return rebased.ToImmutable();
    }

    private static bool TryNumber(IReadOnlyDictionary<string, string> summary, string key, out long number)
    {
        number = 0;
        return summary.TryGetValue(key, out string? text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
