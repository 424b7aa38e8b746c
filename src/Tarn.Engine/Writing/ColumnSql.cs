using Tarn.Core.Errors;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Writing;

/// <summary>Finds a field, also one inside structs, as an expression over columns written under given names.</summary>
internal static class ColumnSql
{
    /// <summary>Expression and type of the field.</summary>
    public static (string Sql, IcebergType Type) Of(Schema schema, IReadOnlyList<string> names, int fieldId)
    {
        var field = schema.FindField(fieldId)
            ?? throw TarnException.Invalid($"The table partitions or sorts by field {fieldId}, which its schema no longer has. Change the partitioning or sort order first.");
        var path = new List<NestedField> { field };
        for (int parent = schema.ParentId(fieldId); parent != 0; parent = schema.ParentId(parent))
            path.Insert(0, schema.FindField(parent)!);
        int column = schema.Fields.Index().First(c => c.Item.Id == path[0].Id).Index;
        return (string.Join('.', path.Skip(1).Select(f => EngineSql.Identifier(f.Name)).Prepend(EngineSql.Identifier(names[column]))), field.Type);
    }
}
