using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Relations;

/// <summary>A table, or what pruning left of it, as SQL text: a union of its file groups.</summary>
internal static class TableRelation
{
    /// <summary>A query over the files whose columns are those of the schema, under names without collisions.</summary>
    public static string ToSql(Schema schema, NameMapping? mapping, IReadOnlyList<ScanFile> files)
    {
        var names = ColumnNames.Deduplicate([.. schema.Fields.Select(f => f.Name)]);
        if (files.Count == 0)
            return Empty(schema, names);
        return string.Join(" UNION ALL ", FileGroup.Of(schema, mapping, files).Select(g => g.ToSql(schema, names)));
    }

    private static string Empty(Schema schema, IReadOnlyList<string> names) =>
        schema.Fields.Count == 0 ? "SELECT 1 AS nothing WHERE false" : $"SELECT {string.Join(", ", schema.Fields.Select((f, i) => $"NULL::{EngineType.Of(f.Type)} AS {EngineSql.Identifier(names[i])}"))} WHERE false";
}
