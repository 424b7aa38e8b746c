using Tarn.Engine.Parquet;
using Tarn.Engine.Relations;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Foreign;

/// <summary>
/// Which columns of a Parquet file are those of a table without field ids: those of the same name without regard to case. Ids that a file carries say nothing
/// here. A column of several names or of a type that cannot be converted without loss is unreadable.
/// </summary>
/// <param name="location">The file, for messages.</param>
internal sealed class ColumnsByName(string location)
{
    private static readonly string[] s_whole = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"];

    // Why the column that is being mapped cannot be read.
    private string? reason;

    /// <summary>The mapping of a file, and the columns that cannot be read out of it, by field id, with the reason.</summary>
    /// <param name="columns">The columns of the table, without partition keys.</param>
    /// <param name="footer">The file's footer.</param>
    public (NameMapping Mapping, IReadOnlyDictionary<int, string> Unreadable) Map(IReadOnlyList<NestedField> columns, ParquetFooter footer)
    {
        var found = FileColumn.ByFieldIds(footer);
        var mapped = new List<MappedField>();
        var unreadable = new Dictionary<int, string>();
        foreach (var column in columns)
        {
            reason = null;
            var fields = Fields([column], found, "");
            if (reason is null)
                mapped.AddRange(fields);
            else
                unreadable[column.Id] = reason;
        }

        return (new NameMapping(mapped), unreadable);
    }

    private List<MappedField> Fields(IReadOnlyList<NestedField> fields, IReadOnlyList<FileColumn> columns, string within)
    {
        var mapped = new List<MappedField>();
        foreach (var field in fields)
        {
            FileColumn[] same = [.. columns.Where(c => c.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase))];
            if (same.Length > 1)
                reason ??= $"File '{location}' has columns {string.Join(" and ", same.Select(c => $"'{within}{c.Name}'"))}, and names of the table do not differ in case only. Write the file again with one of them.";
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
        _ => Misfit(field, column, path),
    });

    private List<MappedField> Misfit(NestedField field, FileColumn column, string path)
    {
        string actual = column.Leaf is { } leaf ? ColumnProjection.EngineTypeOf(leaf) : $"a {column.Kind}".ToLowerInvariant();
        reason ??= $"Column '{path}' is a {field.Type} in the table and {actual} in file '{location}', which is not converted without loss. Change the type of the table's column.";
        return [];
    }

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
