using System.Collections.Frozen;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>JSON of sort orders (Appendix C, "Sort Orders").</summary>
public static class SortOrderJson
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(["order-id", "fields"]);
    private static readonly FrozenSet<string> KnownOfField = FrozenSet.ToFrozenSet(["source-id", "source-ids", "transform", "direction", "null-order"]);

    /// <summary>Reads a sort order.</summary>
    /// <exception cref="TarnException">Of <paramref name="kind"/>, naming <paramref name="document"/>, field and value.</exception>
    public static SortOrder Read(JsonElement json, string document, ErrorKind kind = ErrorKind.DataCorrupted) => Read(JsonText.Cursor(json, document, kind));

    /// <summary>Writes a sort order.</summary>
    public static void Write(Utf8JsonWriter writer, SortOrder order)
    {
        writer.WriteStartObject();
        writer.WriteNumber("order-id", order.OrderId);
        writer.WriteList("fields", order.Fields, WriteField);
        writer.WriteUnknown(order.UnknownFields);
        writer.WriteEndObject();
    }

    internal static SortOrder Read(JsonCursor json) =>
        new(json.AsObject().Int("order-id"), json.List("fields", ReadField)) { UnknownFields = json.Unknown(Known) };

    private static SortField ReadField(JsonCursor json)
    {
        var direction = json.AsObject().String("direction").ToLowerInvariant() switch
        {
            "asc" => SortDirection.Ascending,
            "desc" => SortDirection.Descending,
            _ => throw json.Required("direction").Expected("'asc' or 'desc'"),
        };
        var nulls = json.String("null-order").ToLowerInvariant() switch
        {
            "nulls-first" => NullOrder.NullsFirst,
            "nulls-last" => NullOrder.NullsLast,
            _ => throw json.Required("null-order").Expected("'nulls-first' or 'nulls-last'"),
        };
        return new SortField(PartitionSpecJson.SourceIds(json), Transform.Parse(json.String("transform")), direction, nulls)
        {
            UnknownFields = json.Unknown(KnownOfField),
        };
    }

    private static void WriteField(Utf8JsonWriter writer, SortField field)
    {
        writer.WriteStartObject();
        writer.WriteString("transform", field.Transform.Text);
        PartitionSpecJson.WriteSourceIds(writer, field.SourceIds);
        writer.WriteString("direction", field.Direction == SortDirection.Ascending ? "asc" : "desc");
        writer.WriteString("null-order", field.NullOrder == NullOrder.NullsFirst ? "nulls-first" : "nulls-last");
        writer.WriteUnknown(field.UnknownFields);
        writer.WriteEndObject();
    }
}
