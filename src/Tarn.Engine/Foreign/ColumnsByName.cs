using Tarn.Core.Errors;
using Tarn.Engine.Parquet;
using Tarn.Engine.Relations;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Foreign;

/// <summary>
/// Which columns of a Parquet file are those of a table without field ids: those of the same name without regard to case. Ids that a file carries say nothing
/// here. A column whose type cannot be converted without loss is refused.
/// </summary>
/// <param name="location">The file, for messages.</param>
internal sealed class ColumnsByName(string location)
{
    private static readonly string[] s_whole = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"];

    /// <summary>The mapping of a file.</summary>
    /// <param name="columns">The columns of the table, without partition keys.</param>
    /// <param name="footer">The file's footer.</param>
    /// <exception cref="TarnException">Unsupported: a name fits two columns, or a type fits not.</exception>
    public NameMapping Map(IReadOnlyList<NestedField> columns, ParquetFooter footer) => new(Fields(columns, FileColumn.ByFieldIds(footer), ""));

    private List<MappedField> Fields(IReadOnlyList<NestedField> fields, IReadOnlyList<FileColumn> columns, string within)
    {
        var mapped = new List<MappedField>();
        foreach (var field in fields)
        {
            FileColumn[] same = [.. columns.Where(c => c.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase))];
            if (same.Length > 1)
                throw TarnException.Unsupported($"File '{location}' has columns {string.Join(" and ", same.Select(c => $"'{within}{c.Name}'"))}, and names of the table do not differ in case only. Write the file again with one of them.");
            if (same.Length == 1)
                mapped.Add(Field(field, same[0], same[0].Name, within + field.Name));
        }

        return mapped;
    }

    private MappedField Field(NestedField field, FileColumn column, string name, string path) => new(field.Id, [name], (field.Type, column.Kind) switch
    {
        (StructType record, TypeId.Struct) => Fields(record.Fields, column.Children, $"{path}."),
        (ListType list, TypeId.List) => [Field(list.Element, column.Children[0], "element", $"{path}.element")],
        (MapType map, TypeId.Map) => [Field(map.Key, column.Children[0], "key", $"{path}.key"), Field(map.Value, column.Children[1], "value", $"{path}.value")],
        ({ IsNested: false }, null) when Fits(field.Type, ColumnProjection.EngineTypeOf(column.Leaf!), column.Leaf!) => [],
        _ => throw TarnException.Unsupported(
            $"Column '{path}' is a {field.Type} in the table and {(column.Leaf is { } leaf ? ColumnProjection.EngineTypeOf(leaf) : $"a {column.Kind}".ToLowerInvariant())} in file '{location}', which is not converted without loss. Change the type of the table's column."),
    });

    // What the engine converts exactly, or refuses value by value.
    private static bool Fits(IcebergType target, string actual, ParquetColumn leaf) => target switch
    {
        { Id: TypeId.Boolean } => actual == "BOOLEAN",
        { Id: TypeId.Int or TypeId.Long } => s_whole.Contains(actual),
        { Id: TypeId.Float } => actual == "FLOAT",
        { Id: TypeId.Double } => actual is "FLOAT" or "DOUBLE" or "TINYINT" or "SMALLINT" or "INTEGER",
        { Id: TypeId.String } => actual is "VARCHAR" or "BLOB" || s_whole.Contains(actual),
        { Id: TypeId.Binary } => actual is "BLOB" or "VARCHAR",
        { Id: TypeId.Date } => actual == "DATE",
        { Id: TypeId.Timestamp or TypeId.TimestampTz } => actual == "TIMESTAMP" || (actual == "TIMESTAMPTZ" && leaf.Annotation != ParquetAnnotation.TimestampNanos),
        DecimalType number => leaf.Annotation == ParquetAnnotation.Decimal ? leaf.Scale <= number.Scale : s_whole.Contains(actual),
        _ => false,
    };
}
