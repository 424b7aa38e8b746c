using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;

namespace Tarn.Metastore.Catalogs;

/// <summary>Whether metadata is a state of a table, or is another table.</summary>
internal static class TableIdentity
{
    /// <summary>
    /// Whether both are states of one table: their uuids say so ("Table Metadata Fields"), and a table that has one keeps it. Where version 1 left it out so far, so do
    /// their locations, or the log of the one that comes later.
    /// </summary>
    public static bool AreSame(TableHandle present, TableMetadata next) => present.Metadata.TableUuid is { } one
        ? one == next.TableUuid
        : TableFolders.Normalize(present.Metadata.Location) == TableFolders.Normalize(next.Location) || next.MetadataLog.Any(e => e.MetadataFile == present.MetadataLocation);
}
