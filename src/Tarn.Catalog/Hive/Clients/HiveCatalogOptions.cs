namespace Tarn.Catalog.Hive.Clients;

/// <summary>Which Hive Metastore stands in the place of a catalog. A class and not a record: its text never tells a secret.</summary>
public sealed class HiveCatalogOptions
{
    /// <summary>Where it is, and who asks.</summary>
    public required HiveMetastoreAddress Address { get; init; }

    /// <summary>Name of the catalog in SQL.</summary>
    public string Name { get; init; } = "hive";

    /// <summary>Where databases that are made go, as <c>WAREHOUSE/NAME.db</c>; null leaves it to the metastore.</summary>
    public string? WarehouseLocation { get; init; }

    /// <summary>
    /// Whether commits take the metastore's lock of the table. Without it the comparison in <c>alter_table</c> alone keeps two writers apart, which a metastore
    /// has since version 4, and which older ones silently leave out.
    /// </summary>
    public bool TakesLocks { get; init; } = true;
}
