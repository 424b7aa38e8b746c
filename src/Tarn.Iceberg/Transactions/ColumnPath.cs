using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transactions;

/// <summary>Finds columns by dotted path; <c>element</c> of a list and <c>value</c> of a map may be left out (<c>points.x</c> for <c>points.element.x</c>).</summary>
internal static class ColumnPath
{
    /// <summary>The field, exactly first, then ignoring case, then with short names; or null.</summary>
    public static NestedField? Find(Schema schema, string path) =>
        schema.ResolveField(path) ?? schema.FieldsById.Values.FirstOrDefault(f => ShortName(schema, f.Id) is { } name && name.Equals(path, StringComparison.OrdinalIgnoreCase));

    private static string? ShortName(Schema schema, int id)
    {
        int parent = schema.ParentId(id);
        string name = schema.FieldsById[id].Name;
        if (parent == 0)
            return name;
        string? above = ShortName(schema, parent);
        return schema.FieldsById[parent].Type switch
        {
            ListType => above,
            MapType m when m.Value.Id == id => above,
            _ => $"{above}.{name}",
        };
    }
}
