using System.Collections.Immutable;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Metastore.Authorization;

/// <summary>The locations that a change of a table or view names.</summary>
/// <param name="Folders">Folders for files, with what they are for.</param>
/// <param name="Files">Single files, with what they are.</param>
internal sealed record NamedPlaces(IReadOnlyList<(string Location, string What)> Folders, IReadOnlyList<(string Location, string What)> Files)
{
    /// <summary>The uuid of the table or view that names them, where it was one before: whoever has the same one in the warehouse is the same table on another branch.</summary>
    public string? Identity { get; init; }

    /// <summary>What the updates of a commit name.</summary>
    /// <param name="updates">The updates.</param>
    /// <param name="location">Where the table is; null when the updates have to say.</param>
    public static NamedPlaces Of(IReadOnlyList<TableUpdate> updates, string? location)
    {
        List<(string, string)> folders = [];
        List<(string, string)> files = [];
        string at = updates.OfType<TableUpdate.SetLocation>().LastOrDefault()?.Location ?? location ?? "";
        foreach (var update in updates)
        {
            switch (update)
            {
                case TableUpdate.SetLocation u:
                    folders.Add((u.Location, "The location of the table"));
                    break;
                case TableUpdate.SetProperties u:
                    folders.AddRange(Paths(u.Updates, at));
                    break;
                case TableUpdate.AddSnapshot u:
                    files.AddRange(FilesOf(u.Snapshot));
                    break;
                case TableUpdate.SetStatistics u:
                    files.Add((u.Statistics.StatisticsPath, "The statistics file"));
                    break;
                case TableUpdate.SetPartitionStatistics u:
                    files.Add((u.PartitionStatistics.StatisticsPath, "The partition statistics file"));
                    break;
            }
        }

        return new(folders, files);
    }

    /// <summary>
    /// What the updates of a commit name that the table has not. A commit that is repeated names nothing new, whoever else has come to the folder since: its client must learn that it stands, or would delete the files of
    /// its snapshot.
    /// </summary>
    /// <param name="updates">The updates.</param>
    /// <param name="present">The table.</param>
    public static NamedPlaces Of(IReadOnlyList<TableUpdate> updates, TableMetadata present)
    {
        // Whatever list one of these ids came with: the table keeps its own.
        var named = Of([.. updates.Where(u => u is not TableUpdate.AddSnapshot added || present.FindSnapshot(added.Snapshot.SnapshotId) is null)], present.Location);
        var has = FoldersOf(present.Location, present.Properties, "table").Concat(StatisticsOf(present)).Select(p => p.Item1).ToHashSet(StringComparer.Ordinal);
        return new([.. named.Folders.Where(f => !has.Contains(f.Location))], [.. named.Files.Where(f => !has.Contains(f.Location))]);
    }

    /// <summary>What a metadata file names that another one, which the table has now, does not.</summary>
    /// <param name="metadataLocation">The file.</param>
    /// <param name="metadata">Its content.</param>
    /// <param name="present">The other one; null when there is none.</param>
    public static NamedPlaces Of(string metadataLocation, TableMetadata metadata, TableMetadata? present)
    {
        var known = present?.Snapshots.ToDictionary(s => s.SnapshotId) ?? [];
        var statistics = (present is null ? [] : StatisticsOf(present)).ToHashSet();
        return new(
            [.. FoldersOf(metadata.Location, metadata.Properties, "table")],
            [
                (metadataLocation, "The metadata file"),
                .. metadata.Snapshots.Where(s => known.GetValueOrDefault(s.SnapshotId)?.ManifestList != s.ManifestList || s.ManifestList is null).SelectMany(FilesOf),
                .. StatisticsOf(metadata).Where(s => !statistics.Contains(s)),
            ]) { Identity = metadata.TableUuid?.ToString() };
    }

    /// <summary>What a view names.</summary>
    /// <param name="metadata">The view.</param>
    /// <param name="metadataLocation">Its metadata file; null when the catalog writes it.</param>
    public static NamedPlaces Of(ViewMetadata metadata, string? metadataLocation) =>
        new([.. FoldersOf(metadata.Location, metadata.Properties, "view")], metadataLocation is null ? [] : [(metadataLocation, "The metadata file")]) { Identity = metadataLocation is null ? null : metadata.ViewUuid.ToString() };

    private static IEnumerable<(string, string)> FoldersOf(string location, ImmutableSortedDictionary<string, string> properties, string kind) =>
        Paths(properties, location).Prepend((location, $"The location of the {kind}"));

    private static IEnumerable<(string, string)> Paths(IReadOnlyDictionary<string, string> properties, string location) =>
        from name in TableFolders.PathProperties
        let path = properties.GetValueOrDefault(name)
        where path is { Length: > 0 }
        select (TableFolders.Resolve(location, path), $"The property {name}");

    private static IEnumerable<(string, string)> FilesOf(Snapshot snapshot) => snapshot.ManifestList is { } list
        ? [(list, $"The manifest list of snapshot {snapshot.SnapshotId}")]
        : (snapshot.Manifests ?? []).Select(m => (m, $"A manifest of snapshot {snapshot.SnapshotId}"));

    private static IEnumerable<(string, string)> StatisticsOf(TableMetadata metadata) =>
        metadata.Statistics.Select(s => (s.StatisticsPath, "The statistics file")).Concat(metadata.PartitionStatistics.Select(s => (s.StatisticsPath, "The partition statistics file")));
}
