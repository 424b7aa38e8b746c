using System.Text.Json;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Serialization.Json;

/// <content>Writing.</content>
public static partial class TableUpdateJson
{
    /// <summary>Writes an update as an object.</summary>
    public static void Write(Utf8JsonWriter writer, TableUpdate update)
    {
        writer.WriteStartObject();
        switch (update)
        {
            case TableUpdate.AddSchema u:
                Start(writer, "add-schema", "schema");
                SchemaJson.Write(writer, u.Schema);
                // Deprecated, and still required by older servers.
                writer.WriteNumber("last-column-id", u.Schema.HighestFieldId);
                break;
            case TableUpdate.AddPartitionSpec u:
                Start(writer, "add-spec", "spec");
                PartitionSpecJson.Write(writer, u.Spec);
                break;
            case TableUpdate.AddSortOrder u:
                Start(writer, "add-sort-order", "sort-order");
                SortOrderJson.Write(writer, u.SortOrder);
                break;
            case TableUpdate.AddSnapshot u:
                Start(writer, "add-snapshot", "snapshot");
                SnapshotJson.Write(writer, u.Snapshot);
                break;
            case TableUpdate.SetSnapshotRef u:
                writer.WriteString("action", "set-snapshot-ref");
                writer.WriteString("ref-name", u.RefName);
                SnapshotJson.WriteRefFields(writer, u.Ref);
                break;
            case TableUpdate.SetStatistics u:
                writer.WriteString("action", "set-statistics");
                writer.WriteNumber("snapshot-id", u.Statistics.SnapshotId);
                writer.WritePropertyName("statistics");
                StatisticsFileJson.Write(writer, u.Statistics);
                break;
            case TableUpdate.SetPartitionStatistics u:
                Start(writer, "set-partition-statistics", "partition-statistics");
                StatisticsFileJson.WritePartition(writer, u.PartitionStatistics);
                break;
            case TableUpdate.AddEncryptionKey u:
                Start(writer, "add-encryption-key", "encryption-key");
                StatisticsFileJson.WriteKey(writer, u.EncryptionKey);
                break;
            default:
                WriteSimple(writer, update);
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteSimple(Utf8JsonWriter writer, TableUpdate update)
    {
        switch (update)
        {
            case TableUpdate.AssignUuid u:
                Start(writer, "assign-uuid", "uuid");
                writer.WriteStringValue(u.Uuid);
                break;
            case TableUpdate.UpgradeFormatVersion u:
                Number(writer, "upgrade-format-version", "format-version", u.FormatVersion);
                break;
            case TableUpdate.SetCurrentSchema u:
                Number(writer, "set-current-schema", "schema-id", u.SchemaId);
                break;
            case TableUpdate.SetDefaultSpec u:
                Number(writer, "set-default-spec", "spec-id", u.SpecId);
                break;
            case TableUpdate.SetDefaultSortOrder u:
                Number(writer, "set-default-sort-order", "sort-order-id", u.SortOrderId);
                break;
            case TableUpdate.RemoveStatistics u:
                Number(writer, "remove-statistics", "snapshot-id", u.SnapshotId);
                break;
            case TableUpdate.RemovePartitionStatistics u:
                Number(writer, "remove-partition-statistics", "snapshot-id", u.SnapshotId);
                break;
            case TableUpdate.RemoveSnapshotRef u:
                Text(writer, "remove-snapshot-ref", "ref-name", u.RefName);
                break;
            case TableUpdate.SetLocation u:
                Text(writer, "set-location", "location", u.Location);
                break;
            case TableUpdate.RemoveEncryptionKey u:
                Text(writer, "remove-encryption-key", "key-id", u.KeyId);
                break;
            default:
                WriteLists(writer, update);
                break;
        }
    }

    private static void WriteLists(Utf8JsonWriter writer, TableUpdate update)
    {
        switch (update)
        {
            case TableUpdate.RemoveSnapshots u:
                writer.WriteString("action", "remove-snapshots");
                writer.WriteList("snapshot-ids", u.SnapshotIds, (w, id) => w.WriteNumberValue(id));
                break;
            case TableUpdate.SetProperties u:
                writer.WriteString("action", "set-properties");
                writer.WriteStringMap("updates", u.Updates.OrderBy(p => p.Key, StringComparer.Ordinal));
                break;
            case TableUpdate.RemoveProperties u:
                writer.WriteString("action", "remove-properties");
                writer.WriteList("removals", u.Removals, (w, name) => w.WriteStringValue(name));
                break;
            case TableUpdate.RemovePartitionSpecs u:
                writer.WriteString("action", "remove-partition-specs");
                writer.WriteInts("spec-ids", u.SpecIds);
                break;
            case TableUpdate.RemoveSchemas u:
                writer.WriteString("action", "remove-schemas");
                writer.WriteInts("schema-ids", u.SchemaIds);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(update), update, "This update is not known.");
        }
    }

    private static void Start(Utf8JsonWriter writer, string action, string property)
    {
        writer.WriteString("action", action);
        writer.WritePropertyName(property);
    }

    private static void Number(Utf8JsonWriter writer, string action, string property, long value)
    {
        writer.WriteString("action", action);
        writer.WriteNumber(property, value);
    }

    private static void Text(Utf8JsonWriter writer, string action, string property, string value)
    {
        writer.WriteString("action", action);
        writer.WriteString(property, value);
    }
}
