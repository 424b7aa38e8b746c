using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Tarn.Core.Text;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Catalog.Hive.Conversion;

/// <summary>Parameters of a table that follow from its Iceberg metadata, as Iceberg's HiveTableOperations writes them.</summary>
internal static class IcebergParameters
{
    /// <summary>Where the current metadata is.</summary>
    public const string MetadataLocation = "metadata_location";

    /// <summary>Where the metadata before it is.</summary>
    public const string PreviousMetadataLocation = "previous_metadata_location";

    /// <summary>What the table is; one of the two below.</summary>
    public const string TableType = "table_type";

    /// <summary>Value of <see cref="TableType"/>.</summary>
    public const string Iceberg = "ICEBERG", IcebergView = "ICEBERG-VIEW";

    // HiveTableOperations: what is longer does not fit into the column of the metastore's own database, and clients do not expect it.
    private const int LimitChars = 32_672;

    // Always told by the metadata, or by nobody: a client's copy of them is old as soon as somebody else commits.
    private static readonly FrozenSet<string> s_derived = FrozenSet.ToFrozenSet(
    [
        MetadataLocation, PreviousMetadataLocation, TableType, "EXTERNAL", "uuid", "current-schema", "current-snapshot-id", "current-snapshot-timestamp-ms",
        "current-snapshot-summary", "snapshot-count", "default-partition-spec", "default-sort-order", "numFiles", "numRows", "totalSize",
        "transient_lastDdlTime",
    ]);

    /// <summary>Whether a parameter is derived, so that nobody stores it.</summary>
    public static bool IsDerived(string key) => s_derived.Contains(key);

    /// <summary>The parameters of a table.</summary>
    public static SortedDictionary<string, string> Of(TableHandle table)
    {
        var metadata = table.Metadata;
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata.Properties)
            all[key] = value;
        all["EXTERNAL"] = "TRUE";
        all[TableType] = Iceberg;
        all[MetadataLocation] = table.MetadataLocation;
        if (metadata.MetadataLog is [.., var previous])
            all[PreviousMetadataLocation] = previous.MetadataFile;
        if (metadata.TableUuid is { } uuid)
            all["uuid"] = uuid.ToString();
        PutSeconds(all, metadata.LastUpdatedMs);
        PutJson(all, "current-schema", json => SchemaJson.Write(json, metadata.CurrentSchema));
        if (metadata.DefaultSpec.Fields.Count > 0)
            PutJson(all, "default-partition-spec", json => PartitionSpecJson.Write(json, metadata.DefaultSpec));
        if (metadata.DefaultSortOrder.Fields.Count > 0)
            PutJson(all, "default-sort-order", json => SortOrderJson.Write(json, metadata.DefaultSortOrder));
        all["snapshot-count"] = metadata.Snapshots.Count.ToString(CultureInfo.InvariantCulture);
        if (metadata.CurrentSnapshot is { } snapshot)
            Put(all, snapshot);
        return all;
    }

    /// <summary>The parameters of a view.</summary>
    public static SortedDictionary<string, string> Of(ViewHandle view)
    {
        var metadata = view.Metadata;
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata.Properties)
            all[key] = value;
        all[TableType] = IcebergView;
        all[MetadataLocation] = view.MetadataLocation;
        all["uuid"] = metadata.ViewUuid.ToString();
        PutSeconds(all, metadata.CurrentVersion.TimestampMs);
        if (metadata.Schemas.Find(s => s.SchemaId == metadata.CurrentVersion.SchemaId) is { } schema)
            PutJson(all, "current-schema", json => SchemaJson.Write(json, schema));
        return all;
    }

    private static void Put(SortedDictionary<string, string> all, Snapshot snapshot)
    {
        all["current-snapshot-id"] = snapshot.SnapshotId.ToString(CultureInfo.InvariantCulture);
        all["current-snapshot-timestamp-ms"] = snapshot.TimestampMs.ToString(CultureInfo.InvariantCulture);
        PutJson(all, "current-snapshot-summary", json => WriteSummary(json, snapshot));
        foreach (var (key, total) in (ReadOnlySpan<(string, string)>)[("numFiles", "total-data-files"), ("numRows", "total-records"), ("totalSize", "total-files-size")])
        {
            if (snapshot.Summary.TryGetValue(total, out string? value))
                all[key] = value;
        }
    }

    // HiveTableOperations leaves the operation out.
    private static void WriteSummary(Utf8JsonWriter json, Snapshot snapshot)
    {
        json.WriteStartObject();
        foreach (var (key, value) in snapshot.Summary.Where(s => s.Key != "operation"))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void PutSeconds(SortedDictionary<string, string> all, long milliseconds) =>
        all["transient_lastDdlTime"] = (milliseconds / 1000).ToString(CultureInfo.InvariantCulture);

    private static void PutJson(SortedDictionary<string, string> all, string key, Action<Utf8JsonWriter> write)
    {
        string text = PlainJson.ToText(write);
        if (text.Length <= LimitChars)
            all[key] = text;
    }
}
