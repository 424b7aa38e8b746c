using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of <see cref="TableRequirement"/> (REST specification, <c>TableRequirement</c>).</summary>
public static class TableRequirementJson
{
    /// <summary>Reads a requirement.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static TableRequirement Read(JsonElement json, string document, ErrorKind kind = ErrorKind.InvalidRequest) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Reads requirements from UTF-8 text: an array.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static IReadOnlyList<TableRequirement> ReadAll(ReadOnlyMemory<byte> utf8, string document, ErrorKind kind = ErrorKind.InvalidRequest) =>
        JsonText.Read(utf8, document, kind, json => json.AsList(Read));

    /// <summary>Writes requirements as UTF-8 text: an array.</summary>
    public static byte[] WriteAll(IEnumerable<TableRequirement> requirements) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var requirement in requirements)
            Write(writer, requirement);
        writer.WriteEndArray();
    });

    /// <summary>Writes a requirement as an object.</summary>
    public static void Write(Utf8JsonWriter writer, TableRequirement requirement)
    {
        writer.WriteStartObject();
        switch (requirement)
        {
            case TableRequirement.AssertCreate:
                writer.WriteString("type", "assert-create");
                break;
            case TableRequirement.AssertTableUuid r:
                writer.WriteString("type", "assert-table-uuid");
                writer.WriteString("uuid", r.Uuid);
                break;
            case TableRequirement.AssertRefSnapshotId r:
                writer.WriteString("type", "assert-ref-snapshot-id");
                writer.WriteString("ref", r.Ref);
                if (r.SnapshotId is { } id)
                    writer.WriteNumber("snapshot-id", id);
                else
                    writer.WriteNull("snapshot-id");
                break;
            case TableRequirement.AssertLastAssignedFieldId r:
                Number(writer, "assert-last-assigned-field-id", "last-assigned-field-id", r.LastAssignedFieldId);
                break;
            case TableRequirement.AssertCurrentSchemaId r:
                Number(writer, "assert-current-schema-id", "current-schema-id", r.CurrentSchemaId);
                break;
            case TableRequirement.AssertLastAssignedPartitionId r:
                Number(writer, "assert-last-assigned-partition-id", "last-assigned-partition-id", r.LastAssignedPartitionId);
                break;
            case TableRequirement.AssertDefaultSpecId r:
                Number(writer, "assert-default-spec-id", "default-spec-id", r.DefaultSpecId);
                break;
            case TableRequirement.AssertDefaultSortOrderId r:
                Number(writer, "assert-default-sort-order-id", "default-sort-order-id", r.DefaultSortOrderId);
                break;
        }

        writer.WriteEndObject();
    }

    internal static TableRequirement Read(JsonCursor json) => json.AsObject().String("type").ToLowerInvariant() switch
    {
        "assert-create" => new TableRequirement.AssertCreate(),
        "assert-table-uuid" => new TableRequirement.AssertTableUuid(json.Guid("uuid")),
        "assert-ref-snapshot-id" => new TableRequirement.AssertRefSnapshotId(json.String("ref"), json.OptionalLong("snapshot-id")),
        "assert-last-assigned-field-id" => new TableRequirement.AssertLastAssignedFieldId(json.Int("last-assigned-field-id")),
        "assert-current-schema-id" => new TableRequirement.AssertCurrentSchemaId(json.Int("current-schema-id")),
        "assert-last-assigned-partition-id" => new TableRequirement.AssertLastAssignedPartitionId(json.Int("last-assigned-partition-id")),
        "assert-default-spec-id" => new TableRequirement.AssertDefaultSpecId(json.Int("default-spec-id")),
        "assert-default-sort-order-id" => new TableRequirement.AssertDefaultSortOrderId(json.Int("default-sort-order-id")),
        _ => throw json.Required("type").Expected("the name of a table requirement"),
    };

    private static void Number(Utf8JsonWriter writer, string type, string property, int value)
    {
        writer.WriteString("type", type);
        writer.WriteNumber(property, value);
    }
}
