using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of <see cref="TableUpdate"/> (REST specification, <c>TableUpdate</c>). The action chooses the update, in any case of letters.</summary>
public static partial class TableUpdateJson
{
    /// <summary>Reads an update.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static TableUpdate Read(JsonElement json, string document, ErrorKind kind = ErrorKind.InvalidRequest) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Reads updates from UTF-8 text: an array.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static IReadOnlyList<TableUpdate> ReadAll(ReadOnlyMemory<byte> utf8, string document, ErrorKind kind = ErrorKind.InvalidRequest) =>
        JsonText.Read(utf8, document, kind, json => json.AsList(Read));

    /// <summary>Writes updates as UTF-8 text: an array.</summary>
    public static byte[] WriteAll(IEnumerable<TableUpdate> updates) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var update in updates)
            Write(writer, update);
        writer.WriteEndArray();
    });

    internal static TableUpdate Read(JsonCursor json) => json.AsObject().String("action").ToLowerInvariant() switch
    {
        "assign-uuid" => new TableUpdate.AssignUuid(json.Guid("uuid")),
        "upgrade-format-version" => new TableUpdate.UpgradeFormatVersion(json.Int("format-version")),
        "add-schema" => new TableUpdate.AddSchema(SchemaJson.Read(json.Required("schema"))),
        "set-current-schema" => new TableUpdate.SetCurrentSchema(json.Int("schema-id")),
        "add-spec" => new TableUpdate.AddPartitionSpec(PartitionSpecJson.ReadUnassigned(json.Required("spec"))),
        "set-default-spec" => new TableUpdate.SetDefaultSpec(json.Int("spec-id")),
        "add-sort-order" => new TableUpdate.AddSortOrder(SortOrderJson.Read(json.Required("sort-order"))),
        "set-default-sort-order" => new TableUpdate.SetDefaultSortOrder(json.Int("sort-order-id")),
        "add-snapshot" => new TableUpdate.AddSnapshot(SnapshotJson.Read(json.Required("snapshot"))),
        "set-snapshot-ref" => new TableUpdate.SetSnapshotRef(json.String("ref-name"), SnapshotJson.ReadRefFields(json)),
        "remove-snapshots" => new TableUpdate.RemoveSnapshots(json.List("snapshot-ids", id => id.AsLong())),
        "remove-snapshot-ref" => new TableUpdate.RemoveSnapshotRef(json.String("ref-name")),
        "set-location" => new TableUpdate.SetLocation(json.String("location")),
        "set-properties" => new TableUpdate.SetProperties(Either(json, "updates", "updated").AsStringMap()),
        "remove-properties" => new TableUpdate.RemoveProperties(Either(json, "removals", "removed").AsList(name => name.AsString())),
        "set-statistics" => new TableUpdate.SetStatistics(StatisticsFileJson.Read(json.Required("statistics"))),
        "remove-statistics" => new TableUpdate.RemoveStatistics(json.Long("snapshot-id")),
        "set-partition-statistics" => new TableUpdate.SetPartitionStatistics(StatisticsFileJson.ReadPartition(json.Required("partition-statistics"))),
        "remove-partition-statistics" => new TableUpdate.RemovePartitionStatistics(json.Long("snapshot-id")),
        "remove-partition-specs" => new TableUpdate.RemovePartitionSpecs(json.List("spec-ids", id => id.AsInt())),
        "remove-schemas" => new TableUpdate.RemoveSchemas(json.List("schema-ids", id => id.AsInt())),
        "add-encryption-key" => new TableUpdate.AddEncryptionKey(StatisticsFileJson.ReadKey(json.Required("encryption-key"))),
        "remove-encryption-key" => new TableUpdate.RemoveEncryptionKey(json.String("key-id")),
        _ => throw json.Required("action").Expected("the name of a table update"),
    };

    /// <summary>The name of the specification, else the one that old clients write.</summary>
    internal static JsonCursor Either(JsonCursor json, string name, string old) => json.Has(old) && !json.Has(name) ? json.Required(old) : json.Required(name);
}
