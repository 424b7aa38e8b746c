using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transactions;

/// <summary>Keeps a table's name mapping in step with its schema: new names are added, old ones stay because old files use them.</summary>
internal static class NameMappingUpdate
{
    /// <summary>The mapping property after a schema change, or null when the table has none or it stays as it is.</summary>
    public static string? Of(TableMetadata current, Schema changed)
    {
        if (!current.Properties.TryGetValue(NameMapping.PropertyName, out string? text))
            return null;
        var mapping = NameMappingJson.Read(text, $"Property '{NameMapping.PropertyName}' of table at '{current.Location}'");
        var fields = Update(mapping.Fields, changed.Struct.Fields, current.CurrentSchema);
        string updated = NameMappingJson.Write(new NameMapping(fields));
        return updated == NameMappingJson.Write(mapping) ? null : updated;
    }

    private static IReadOnlyList<MappedField> Update(IReadOnlyList<MappedField> mapped, IReadOnlyList<NestedField> fields, Schema old)
    {
        // A name that a new column took no longer means a dropped one.
        var taken = fields.Where(f => old.FindField(f.Id) is null || old.FindField(f.Id)!.Name != f.Name).ToDictionary(f => f.Name, f => f.Id, StringComparer.Ordinal);
        var result = new List<MappedField>();
        foreach (var entry in mapped)
        {
            var field = fields.FirstOrDefault(f => f.Id == entry.FieldId);
            var names = entry.Names.Where(n => !taken.TryGetValue(n, out int id) || id == entry.FieldId);
            result.Add(field is null
                ? entry with { Names = [.. names] }
                : new MappedField(entry.FieldId, [.. names.Append(field.Name).Distinct(StringComparer.Ordinal)], Update(entry.Fields, field.Type.Children(), old)));
        }

        result.AddRange(fields.Where(f => old.FindField(f.Id) is null).Select(New));
        return result;
    }

    private static MappedField New(NestedField field) => new(field.Id, [field.Name], [.. field.Type.Children().Select(New)]);
}
