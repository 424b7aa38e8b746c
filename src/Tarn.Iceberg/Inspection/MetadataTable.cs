using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Scanning;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Inspection;

/// <summary>
/// A table about a table: what metadata and manifests say, as rows. Column names and types are Trino's; <c>readable_metrics</c> is JSON text.
/// </summary>
/// <param name="Kind">Which one.</param>
/// <param name="Schema">Its columns.</param>
/// <param name="Rows">
/// Its rows, made while they are enumerated: values in the order of the columns, held as <see cref="LiteralValue"/> says. Throws
/// <see cref="Core.Errors.TarnException"/> NotFound or DataCorrupted for missing or damaged manifests.
/// </param>
public sealed record MetadataTable(MetadataTableKind Kind, Schema Schema, IAsyncEnumerable<object?[]> Rows)
{
    /// <summary>A metadata table of a loaded table.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="table">The table.</param>
    /// <param name="store">Where its manifests lie.</param>
    /// <param name="scan">The state whose files are wanted; null is the present one.</param>
    public static MetadataTable Create(MetadataTableKind kind, TableHandle table, IObjectStore store, TableScan? scan = null) =>
        Create(kind, table.Metadata, table.MetadataLocation, store, scan);

    /// <summary>A metadata table of metadata from anywhere.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="metadata">The table.</param>
    /// <param name="metadataLocation">The file that the metadata came from.</param>
    /// <param name="store">Where its manifests lie.</param>
    /// <param name="scan">The state whose files are wanted; null is the present one.</param>
    public static MetadataTable Create(MetadataTableKind kind, TableMetadata metadata, string metadataLocation, IObjectStore store, TableScan? scan = null)
    {
        scan ??= TableScan.Of(metadata);
        var files = new FileTables(metadata, scan, new ManifestSource(store, null));
        return kind switch
        {
            MetadataTableKind.Snapshots => new(kind, SnapshotTables.SnapshotsSchema, FromMetadata(() => SnapshotTables.Snapshots(metadata))),
            MetadataTableKind.History => new(kind, SnapshotTables.HistorySchema, FromMetadata(() => SnapshotTables.History(metadata))),
            MetadataTableKind.Refs => new(kind, SnapshotTables.RefsSchema, FromMetadata(() => SnapshotTables.Refs(metadata))),
            MetadataTableKind.Properties => new(kind, SnapshotTables.PropertiesSchema, FromMetadata(() => SnapshotTables.Properties(metadata))),
            MetadataTableKind.MetadataLogEntries => new(kind, SnapshotTables.MetadataLogSchema, FromMetadata(() => SnapshotTables.MetadataLog(metadata, metadataLocation))),
            MetadataTableKind.Manifests => new(kind, FileTables.ManifestsSchema, files.ManifestsAsync()),
            MetadataTableKind.Files => new(kind, files.FilesSchema, files.FilesAsync()),
            MetadataTableKind.Entries => new(kind, files.EntriesSchema, files.EntriesAsync()),
            MetadataTableKind.Partitions => PartitionsTable.Create(metadata, scan, files),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static async IAsyncEnumerable<object?[]> FromMetadata(Func<IEnumerable<object?[]>> rows)
    {
        foreach (object?[] row in rows())
            yield return await ValueTask.FromResult(row).ConfigureAwait(false);
    }
}
