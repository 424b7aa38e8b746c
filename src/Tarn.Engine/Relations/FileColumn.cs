using Tarn.Core.Errors;
using Tarn.Engine.Avro;
using Tarn.Engine.Parquet;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Relations;

/// <summary>A node of a data file's schema in Iceberg's shape: three-level lists and maps are folded, ids come from the file or the name mapping.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="FieldId">Id, or null when neither file nor mapping gives one.</param>
/// <param name="Kind">Struct, List, Map, or null for a leaf.</param>
/// <param name="Leaf">The Parquet column of a leaf.</param>
/// <param name="Children">Fields of a struct; element of a list; key and value of a map.</param>
internal sealed record FileColumn(string Name, int? FieldId, TypeId? Kind, ParquetColumn? Leaf, IReadOnlyList<FileColumn> Children)
{
    /// <summary>The columns of a data file, by its ids or else by the mapping.</summary>
    /// <exception cref="TarnException">Unsupported: there is neither.</exception>
    public static IReadOnlyList<FileColumn> Of(ScanFile file, NameMapping? mapping)
    {
        mapping = file.Mapping ?? mapping;
        if (!file.HasFieldIds && mapping is null)
            throw TarnException.Unsupported(
                $"Data file '{file.File.FilePath}' has no field ids and the table has no property {NameMapping.PropertyName} that says which column is which. Set that property.");
        if (file.Lines is { } lines)
            return [.. lines.Columns.Select(c => new FileColumn(c.Name, c.Id, null, null, []))];
        if (file.Footer is not { } footer)
            return OfAvro(file.Avro!, AvroFields.Of(file, mapping));
        return file.HasFieldIds ? ByFieldIds(footer) : ByNameMapping(footer, mapping!);
    }

    /// <summary>The columns of a file by the ids it carries.</summary>
    public static IReadOnlyList<FileColumn> ByFieldIds(ParquetFooter footer) => [.. footer.Root.Children.Select(c => Fold(c, null, mapped: false))];

    /// <summary>The columns of a file without ids, by a name mapping ("Column Projection", rule 2).</summary>
    public static IReadOnlyList<FileColumn> ByNameMapping(ParquetFooter footer, NameMapping mapping) =>
        [.. footer.Root.Children.Select(c => Fold(c, Find(mapping.Fields, c.Name), mapped: true))];

    // The reader of such a file gives columns as the table has them: only their ids count.
    private static IReadOnlyList<FileColumn> OfAvro(AvroFile file, AvroFields fields) =>
        file.Schema is AvroRecord record ? [.. record.Fields.Select(f => new FileColumn(f.Name, fields.IdOf(f), null, null, []))] : [];

    private static FileColumn Fold(ParquetColumn column, MappedField? mapping, bool mapped)
    {
        int? id = mapped ? mapping?.FieldId : column.FieldId;
        if (column.IsRepeated && column.Annotation != ParquetAnnotation.Map)
            return new(column.Name, null, TypeId.List, null, [Element(column with { IsRepeated = false }, mapping, mapped, id)]);
        if (!column.IsGroup)
            return new(column.Name, id, null, column, []);
        if (column.Annotation == ParquetAnnotation.List && column.Children is [{ IsRepeated: true } repeated])
            return new(column.Name, id, TypeId.List, null, [ListElement(column, repeated, mapping, mapped)]);
        if (column.Annotation == ParquetAnnotation.Map && column.Children is [{ IsRepeated: true, Children: [var key, var value] }])
            return new(column.Name, id, TypeId.Map, null, [Element(key, Child(mapping, "key"), mapped, key.FieldId), Element(value, Child(mapping, "value"), mapped, value.FieldId)]);
        return new(column.Name, id, TypeId.Struct, null, [.. column.Children.Select(c => Fold(c, Child(mapping, c.Name), mapped))]);
    }

    // parquet-format, LogicalTypes.md, "Lists": a repeated group of one child is the standard form, unless it is named array or <list>_tuple.
    private static FileColumn ListElement(ParquetColumn list, ParquetColumn repeated, MappedField? mapping, bool mapped)
    {
        bool standard = repeated.IsGroup && repeated.Children.Count == 1 && repeated.Name != "array" && repeated.Name != $"{list.Name}_tuple";
        var element = standard ? repeated.Children[0] : repeated with { IsRepeated = false };
        return Element(element, Child(mapping, "element"), mapped, element.FieldId);
    }

    private static FileColumn Element(ParquetColumn column, MappedField? mapping, bool mapped, int? id) =>
        Fold(column, mapping, mapped) with { FieldId = mapped ? mapping?.FieldId : id };

    private static MappedField? Child(MappedField? mapping, string name) => mapping is null ? null : Find(mapping.Fields, name);

    private static MappedField? Find(IReadOnlyList<MappedField> fields, string name) => fields.FirstOrDefault(f => f.Names.Contains(name));
}
