using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Inspection;

/// <summary>Builds schemas of metadata tables: ids are given out in order, every field is optional.</summary>
internal sealed class ColumnList
{
    private readonly List<NestedField> fields = [];
    private int lastId;

    public Schema ToSchema() => new(0, fields);

    public ColumnList Add(string name, IcebergType type)
    {
        fields.Add(Field(name, type));
        return this;
    }

    public ColumnList AddAll(IEnumerable<(string Name, IcebergType Type)> columns)
    {
        foreach (var (name, type) in columns)
            Add(name, type);
        return this;
    }

    public IcebergType Struct(IEnumerable<(string Name, IcebergType Type)> children) => new StructType([.. children.Select(c => Field(c.Name, c.Type))]);

    public IcebergType List(IcebergType element) => ListType.Of(++lastId, element);

    public IcebergType Map(IcebergType key, IcebergType value) => MapType.Of(++lastId, key, ++lastId, value);

    private NestedField Field(string name, IcebergType type) => new(++lastId, name, false, type);
}
