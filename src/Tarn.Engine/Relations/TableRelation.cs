using System.Globalization;
using Tarn.Engine.Deletes;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Relations;

/// <summary>A table, or what pruning left of it, as SQL text: a union of its file groups, those with equality deletes behind anti joins.</summary>
internal static class TableRelation
{
    /// <summary>A query over the files whose columns are those of the schema, under names without collisions.</summary>
    /// <param name="table">The files.</param>
    /// <param name="schemas">All schemas of the table.</param>
    public static string ToSql(TableFiles table, IReadOnlyList<Schema> schemas)
    {
        var names = ColumnNames.Deduplicate([.. table.Schema.Fields.Select(f => f.Name)]);
        if (table.Files.Count == 0)
            return Empty(table.Schema, names);
        var parts = new List<string>();
        foreach (var alike in table.Files.GroupBy(f => Concerned(table, f)).OrderByDescending(g => g.Sum(f => f.RowCount)))
        {
            var same = table with { Files = [.. alike] };
            if (alike.Key.Length == 0)
                parts.AddRange(FileGroup.Of(same).Select(g => g.ToSql(table.Schema, names)));
            else
                parts.Add(new EqualityDeleteSql(table.Schema, names, schemas).ToSql(same, Sets(table, alike.First())));
        }

        return string.Join(" UNION ALL ", parts);
    }

    private static string Concerned(TableFiles table, ScanFile file) =>
        table.Equality.Count == 0 ? "" : string.Join(',', table.Equality.Index().Where(s => s.Item.DataFiles.Contains(file.File.FilePath)).Select(s => s.Index.ToString(CultureInfo.InvariantCulture)));

    private static IReadOnlyList<EqualityDeleteSet> Sets(TableFiles table, ScanFile file) => [.. table.Equality.Where(s => s.DataFiles.Contains(file.File.FilePath))];

    private static string Empty(Schema schema, IReadOnlyList<string> names) =>
        schema.Fields.Count == 0 ? "SELECT 1 AS nothing WHERE false" : $"SELECT {string.Join(", ", schema.Fields.Select((f, i) => $"NULL::{EngineType.Of(f.Type)} AS {EngineSql.Identifier(names[i])}"))} WHERE false";
}
