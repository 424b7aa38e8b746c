using System.Globalization;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Writing;

/// <summary>Field ids as the argument <c>FIELD_IDS</c> of COPY.</summary>
internal static class FieldIdsSql
{
    /// <summary>Ids of all columns, which are written under <paramref name="names"/>.</summary>
    public static string Of(Schema schema, IReadOnlyList<string> names) =>
        $"{{{string.Join(", ", schema.Fields.Select((f, i) => $"{EngineSql.Identifier(names[i])}: {Of(f)}"))}}}";

    private static string Of(NestedField field)
    {
        string id = field.Id.ToString(CultureInfo.InvariantCulture);
        return field.Type switch
        {
            StructType s => $"{{__duckdb_field_id: {id}, {string.Join(", ", s.Fields.Select(f => $"{EngineSql.Identifier(f.Name)}: {Of(f)}"))}}}",
            ListType l => $"{{__duckdb_field_id: {id}, element: {Of(l.Element)}}}",
            MapType m => $"{{__duckdb_field_id: {id}, key: {Of(m.Key)}, value: {Of(m.Value)}}}",
            _ => id,
        };
    }
}
