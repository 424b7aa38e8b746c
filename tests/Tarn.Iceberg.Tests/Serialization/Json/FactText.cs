using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Tests.Serialization.Json;

/// <summary>Schemas, specs and orders in the text form of the fixtures' expectations.</summary>
internal static class FactText
{
    public static string Schema(Schema schema) => "table {\n" + string.Concat(schema.Fields.Select(f =>
        $"  {f.Id}: {f.Name}: {(f.Required ? "required" : "optional")} {f.Type}{Default(f)}{(f.Doc is null ? "" : $" ({f.Doc})")}{(schema.IdentifierFieldIds.Contains(f.Id) ? " (id)" : "")}\n")) + "}";

    public static string Spec(PartitionSpec spec) => List(spec.Fields.Select(f => $"{f.FieldId}: {f.Name}: {f.Transform}({f.SourceId})"));

    public static string SortOrder(SortOrder order) => List(order.Fields.Select(f =>
        $"{f.Transform}({f.SourceId}) {(f.Direction == SortDirection.Ascending ? "ASC" : "DESC")} NULLS {(f.NullOrder == NullOrder.NullsFirst ? "FIRST" : "LAST")}"));

    private static string Default(NestedField field) => "";

    private static string List(IEnumerable<string> lines)
    {
        string[] all = [.. lines.Select(l => $"\n  {l}")];
        return all.Length == 0 ? "[]" : $"[{string.Concat(all)}\n]";
    }
}
