using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Core.Storage;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Catalog.Tests.Hive.Recordings;

/// <summary>Writes the metadata files that a recorded client wrote, as far as the table that it sent tells what is in them.</summary>
internal static class ClientFiles
{
    public static async Task WriteAsync(IObjectStore store, HiveTable table)
    {
        string? type = table.Parameters.GetValueOrDefault("table_type")?.ToUpperInvariant();
        if (type is not ("ICEBERG" or "ICEBERG-VIEW") || table.Parameters.GetValueOrDefault("metadata_location") is not { } location || await store.HeadAsync(location) is not null)
            return;
        byte[] content = type == "ICEBERG" ? TableMetadataJson.Write(Table(table)) : ViewMetadataJson.Write(View(table));
        await store.PutAsync(location, content, PutCondition.IfAbsent);
    }

    private static TableMetadata Table(HiveTable table)
    {
        var parameters = table.Parameters;
        var properties = parameters.Where(p => !IcebergParameters.IsDerived(p.Key) && p.Key is not ("DO_NOT_UPDATE_STATS" or "trino_query_id" or "trino_version"))
            .ToImmutableSortedDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        var uuid = Guid.TryParse(parameters.GetValueOrDefault("uuid"), out var known) ? known : new Guid(0, 0, 0, Encoding.UTF8.GetBytes(table.TableName.PadRight(8)[..8]));
        var metadata = TableMetadata.New(Schema(table), Spec(parameters), SortOrder.Unsorted, table.Storage.Location!, properties, 2, uuid, DateTimeOffset.UnixEpoch.AddSeconds(1_795_261_203));
        metadata = metadata with { Schemas = [Schema(table)], CurrentSchemaId = Schema(table).SchemaId };
        if (parameters.GetValueOrDefault("previous_metadata_location") is { } previous)
            metadata = metadata with { MetadataLog = [new MetadataLogEntry(metadata.LastUpdatedMs - 1, previous)] };
        if (!long.TryParse(parameters.GetValueOrDefault("current-snapshot-id"), CultureInfo.InvariantCulture, out long id))
            return metadata;
        var snapshot = new Snapshot
        {
            SnapshotId = id,
            SequenceNumber = 1,
            TimestampMs = long.Parse(parameters["current-snapshot-timestamp-ms"], CultureInfo.InvariantCulture),
            ManifestList = table.Storage.Location + "/metadata/snap.avro",
            Summary = Summary(parameters.GetValueOrDefault("current-snapshot-summary")),
            SchemaId = metadata.CurrentSchemaId,
        };
        return metadata with
        {
            CurrentSnapshotId = id,
            LastSequenceNumber = 1,
            LastUpdatedMs = snapshot.TimestampMs,
            Snapshots = [snapshot],
            SnapshotLog = [new SnapshotLogEntry(snapshot.TimestampMs, id)],
            Refs = metadata.Refs.SetItem(Snapshot.MainBranch, new SnapshotRef(id, SnapshotRefType.Branch)),
        };
    }

    private static ViewMetadata View(HiveTable table) => new()
    {
        ViewUuid = Guid.Parse(table.Parameters["uuid"]),
        FormatVersion = 1,
        Location = table.Storage.Location!,
        Schemas = [Schema(table)],
        CurrentVersionId = 1,
        Versions = [new ViewVersion { VersionId = 1, SchemaId = Schema(table).SchemaId, TimestampMs = 1_795_261_203_000, Representations = [new ViewRepresentation("sql", table.ViewOriginalText, "spark")], DefaultNamespace = [table.DatabaseName] }],
        VersionLog = [new ViewHistoryEntry(1_795_261_203_000, 1)],
        Properties = table.Parameters.Where(p => !IcebergParameters.IsDerived(p.Key)).ToImmutableSortedDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal),
    };

    private static Schema Schema(HiveTable table) => table.Parameters.GetValueOrDefault("current-schema") is { } json
        ? SchemaJson.Read(Encoding.UTF8.GetBytes(json), "current-schema")
        : new Schema(0, [.. table.Storage.Columns.Select((c, i) => new NestedField(i + 1, c.Name, false, OfHive(c.Type)) { Doc = c.Comment is { Length: > 0 } comment ? comment : null })]);

    private static PartitionSpec Spec(IReadOnlyDictionary<string, string> parameters)
    {
        if (parameters.GetValueOrDefault("default-partition-spec") is not { } json)
            return PartitionSpec.Unpartitioned;
        using var document = JsonDocument.Parse(json);
        return PartitionSpecJson.Read(document.RootElement, "default-partition-spec");
    }

    private static IcebergType OfHive(string type) => type switch
    {
        "boolean" => SimpleType.Boolean,
        "int" => SimpleType.Int,
        "bigint" => SimpleType.Long,
        "double" => SimpleType.Double,
        "float" => SimpleType.Float,
        "date" => SimpleType.Date,
        "timestamp" => SimpleType.Timestamp,
        "timestamp with local time zone" => SimpleType.TimestampTz,
        "decimal(10,2)" => new DecimalType(10, 2),
        _ => SimpleType.String,
    };

    private static ImmutableSortedDictionary<string, string> Summary(string? json)
    {
        var summary = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("operation", "append");
        if (json is null)
            return summary;
        using var document = JsonDocument.Parse(json);
        return summary.SetItems(document.RootElement.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!)));
    }
}
