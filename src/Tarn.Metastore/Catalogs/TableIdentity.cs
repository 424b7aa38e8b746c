using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs;

/// <summary>Whether metadata is a state of a table, or is another table.</summary>
internal static class TableIdentity
{
    /// <summary>
    /// Whether both are states of one table: their uuids say so ("Table Metadata Fields"). Where version 1 left one out, so do their locations, or the log of the one
    /// that comes later.
    /// </summary>
    public static bool AreSame(TableHandle present, TableMetadata next) => present.Metadata.TableUuid is { } one && next.TableUuid is { } other
        ? one == other
        : TableFolders.Normalize(present.Metadata.Location) == TableFolders.Normalize(next.Location) || next.MetadataLog.Any(e => e.MetadataFile == present.MetadataLocation);
}
