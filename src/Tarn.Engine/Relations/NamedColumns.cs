using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Relations;

/// <summary>
/// Columns of files of several schemas that the engine may look up by name, in one scan: whether a sink of the engine can go on on disk is settled when the
/// first branch of a union ends, so a union of large groups needs the memory of all but the first, and one scan does not.
/// </summary>
internal static class NamedColumns
{
    /// <summary>
    /// The columns to read, or null when names may mislead: a column was renamed, or dropped and added again, has a default, or is not everywhere of the type
    /// to read or of one that the engine widens to it by itself.
    /// </summary>
    /// <param name="schema">The schema to read with.</param>
    /// <param name="forms">The columns of each form of file.</param>
    public static IReadOnlyList<FileColumn>? Of(Schema schema, IReadOnlyList<IReadOnlyList<FileColumn>> forms)
    {
        var named = new List<FileColumn>();
        foreach (var field in schema.Fields)
        {
            FileColumn[] found = [.. forms.SelectMany(form => form.Where(c => c.FieldId == field.Id))];
            if (found.Length == 0)
                continue;
            if (forms.Any(form => !IsPlain(form, field, found[0].Name)) || (found.Length < forms.Count && field.InitialDefault is not null))
                return null;
            if (found.Any(c => !MayWiden(field.Type, c)) || (field.Type.IsNested && found.Any(c => !IsSame(c, found[0]))))
                return null;
            named.Add(found.FirstOrDefault(c => c.Leaf is { } leaf && ColumnProjection.EngineTypeOf(leaf) == EngineType.Of(field.Type)) ?? found[0]);
        }

        return named;
    }

    // The name stands for the field, or for nothing.
    private static bool IsPlain(IReadOnlyList<FileColumn> form, NestedField field, string name) =>
        form.Where(c => c.FieldId == field.Id || c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray() is { Length: <= 1 } one
        && Array.TrueForAll(one, c => c.FieldId == field.Id && c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool MayWiden(IcebergType type, FileColumn column)
    {
        if (column.Leaf is not { } leaf || type.IsNested)
            return column.Leaf is null && type.IsNested;
        string target = EngineType.Of(type), actual = ColumnProjection.EngineTypeOf(leaf);
        return actual == target || (actual, target) is ("INTEGER", "BIGINT") or ("FLOAT", "DOUBLE") || (type is DecimalType wanted && actual.StartsWith("DECIMAL", StringComparison.Ordinal) && leaf.Scale == wanted.Scale);
    }

    private static bool IsSame(FileColumn a, FileColumn b) =>
        a.Name == b.Name && a.FieldId == b.FieldId && a.Kind == b.Kind && a.Children.Count == b.Children.Count
        && (a.Leaf, b.Leaf) switch { (null, null) => true, ({ } x, { } y) => ColumnProjection.EngineTypeOf(x) == ColumnProjection.EngineTypeOf(y), _ => false }
        && a.Children.Zip(b.Children).All(pair => IsSame(pair.First, pair.Second));
}
