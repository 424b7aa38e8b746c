using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Serialization.Json;

/// <summary>Schemas, specs and orders in the text form of the fixtures' expectations.</summary>
internal static class FactText
{
    public static string Schema(Schema schema) => "table {\n" + string.Concat(schema.Fields.Select(f =>
        $"  {f.Id}: {f.Name}: {(f.Required ? "required" : "optional")} {f.Type}{(f.Doc is null ? "" : $" ({f.Doc})")}{(schema.IdentifierFieldIds.Contains(f.Id) ? " (id)" : "")}\n")) + "}";

    public static string Spec(PartitionSpec spec) => List(spec.Fields.Select(f => $"{f.FieldId}: {f.Name}: {f.Transform}({f.SourceId})"));

    public static string SortOrder(SortOrder order) => List(order.Fields.Select(f =>
        $"{f.Transform}({f.SourceId}) {(f.Direction == SortDirection.Ascending ? "ASC" : "DESC")} NULLS {(f.NullOrder == NullOrder.NullsFirst ? "FIRST" : "LAST")}"));

    /// <summary>A field with the ids of everything below it.</summary>
    public static string Field(NestedField field) => $"{field.Id}: {field.Name}: {Presence(field)} {Type(field.Type)}";

    private static string Type(IcebergType type) => type switch
    {
        StructType s => $"struct<{string.Join(", ", s.Fields.Select(Field))}>",
        ListType l => $"list<{l.Element.Id}: {Presence(l.Element)} {Type(l.Element.Type)}>",
        MapType m => $"map<{m.Key.Id}: {Type(m.Key.Type)}, {m.Value.Id}: {Presence(m.Value)} {Type(m.Value.Type)}>",
        _ => type.ToString(),
    };

    private static string Presence(NestedField field) => field.Required ? "required" : "optional";

    private static string List(IEnumerable<string> lines)
    {
        string[] all = [.. lines.Select(l => $"\n  {l}")];
        return all.Length == 0 ? "[]" : $"[{string.Concat(all)}\n]";
    }
}
