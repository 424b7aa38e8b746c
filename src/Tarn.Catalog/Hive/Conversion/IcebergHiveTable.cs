using System.Collections.Immutable;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;

namespace Tarn.Catalog.Hive.Conversion;

/// <summary>Iceberg tables and views as tables of the metastore: derived from their metadata, and beside it what clients stored themselves.</summary>
internal static class IcebergHiveTable
{
    private const string InputFormat = "org.apache.hadoop.mapred.FileInputFormat";
    private const string OutputFormat = "org.apache.hadoop.mapred.FileOutputFormat";
    private const string SerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

    private const string PreviousKey = HiveProperties.Parameters + IcebergParameters.PreviousMetadataLocation, PreviousOfKey = "previousOf";

    /// <summary>A table.</summary>
    public static HiveTable Of(TableHandle table)
    {
        var stored = HiveProperties.ToTable(table.Annotations, table.Identifier.Namespace.Levels[0], table.Identifier.Name);
        return stored with
        {
            TableType = HiveTable.ExternalTable,
            Owner = OwnerOf(table.Metadata.Properties, table.Annotations),
            Parameters = Merge(stored.Parameters, IcebergParameters.Of(table)),
            PartitionKeys = [],
            Storage = Complete(stored.Storage, HiveTypes.Columns(table.Metadata.CurrentSchema), table.Metadata.Location),
        };
    }

    /// <summary>A view. Its text is the one for Hive, else the first there is.</summary>
    public static HiveTable Of(ViewHandle view)
    {
        bool knowsPrevious = view.Annotations.GetValueOrDefault(PreviousOfKey) == view.MetadataLocation;
        var stored = HiveProperties.ToTable(knowsPrevious ? view.Annotations : view.Annotations.Remove(PreviousKey), view.Identifier.Namespace.Levels[0], view.Identifier.Name);
        var (metadata, version) = (view.Metadata, view.Metadata.CurrentVersion);
        string? sql = (version.Representations.Find(r => string.Equals(r.Dialect, "hive", StringComparison.OrdinalIgnoreCase) && r.Sql is not null)
            ?? version.Representations.Find(r => r.Sql is not null))?.Sql;
        var columns = metadata.Schemas.Find(s => s.SchemaId == version.SchemaId) is { } schema ? HiveTypes.Columns(schema) : [];
        return stored with
        {
            TableType = HiveTable.VirtualView,
            Owner = OwnerOf(metadata.Properties, view.Annotations),
            Parameters = Merge(stored.Parameters, IcebergParameters.Of(view)),
            PartitionKeys = [],
            ViewOriginalText = sql,
            ViewExpandedText = sql,
            Storage = Complete(stored.Storage, columns, metadata.Location),
        };
    }

    /// <summary>
    /// What is to be kept of a client's view beside the metadata. The metadata of a view does not name the file before it, so the client's word is kept,
    /// together with the file that it is true of.
    /// </summary>
    public static ImmutableSortedDictionary<string, string> Annotations(HiveTable view, string location, IReadOnlyDictionary<string, string> properties, params IReadOnlyList<IEnumerable<string>> before)
    {
        var kept = Annotations(view, properties, before);
        return view.Parameters.TryGetValue(IcebergParameters.PreviousMetadataLocation, out string? previous)
            ? kept.Add(PreviousKey, previous).Add(PreviousOfKey, location)
            : kept;
    }

    /// <summary>What is to be kept of a client's table beside the metadata: everything that the metadata does not tell.</summary>
    /// <param name="table">As the client sent it.</param>
    /// <param name="properties">Properties of the metadata.</param>
    /// <param name="before">Names of those of the metadata before: a client may send back what it has read.</param>
    public static ImmutableSortedDictionary<string, string> Annotations(HiveTable table, IReadOnlyDictionary<string, string> properties, params IReadOnlyList<IEnumerable<string>> before)
    {
        var known = before.Append(properties.Keys).SelectMany(k => k).ToHashSet(StringComparer.Ordinal);
        string? owner = properties.GetValueOrDefault(GovernanceProperties.Owner);
        var kept = table with
        {
            TableType = HiveTable.ExternalTable,
            ViewOriginalText = null,
            ViewExpandedText = null,
            PartitionKeys = [],
            Owner = table.Owner == owner ? null : table.Owner,
            Parameters = table.Parameters.Where(p => !IcebergParameters.IsDerived(p.Key) && !known.Contains(p.Key)).ToDictionary(),
            Storage = Reduce(table.Storage),
        };
        var annotations = HiveProperties.Of(kept).Remove("tableType");
        return kept.Owner is null || owner is null ? annotations : annotations.Add(GovernanceProperties.OwnerOver, owner);
    }

    /// <summary>The owner that the metadata and what is kept beside it tell.</summary>
    public static string? OwnerOf(IReadOnlyDictionary<string, string> properties, IReadOnlyDictionary<string, string> annotations) =>
        GovernanceProperties.OwnerOf(properties.GetValueOrDefault(GovernanceProperties.Owner), annotations);

    private static StorageDescriptor Complete(StorageDescriptor stored, IReadOnlyList<FieldSchema> columns, string location) => stored with
    {
        Columns = columns,
        Location = location,
        InputFormat = stored.InputFormat ?? InputFormat,
        OutputFormat = stored.OutputFormat ?? OutputFormat,
        SerDe = stored.SerDe with { SerializationLib = stored.SerDe.SerializationLib ?? SerDe },
    };

    private static StorageDescriptor Reduce(StorageDescriptor sent) => sent with
    {
        Columns = [],
        Location = null,
        InputFormat = sent.InputFormat == InputFormat ? null : sent.InputFormat,
        OutputFormat = sent.OutputFormat == OutputFormat ? null : sent.OutputFormat,
        SerDe = sent.SerDe with { SerializationLib = sent.SerDe.SerializationLib == SerDe ? null : sent.SerDe.SerializationLib },
    };

    private static SortedDictionary<string, string> Merge(IReadOnlyDictionary<string, string> stored, SortedDictionary<string, string> derived)
    {
        foreach (var (key, value) in stored)
            derived.TryAdd(key, value);
        return derived;
    }
}
