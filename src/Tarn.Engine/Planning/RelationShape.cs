using Tarn.Engine.Relations;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Planning;

/// <summary>Names and types of a relation's columns as a query, for what is to be found out without reading it.</summary>
internal static class RelationShape
{
    /// <summary>A query that gives these columns.</summary>
    public static string Of(IReadOnlyList<NestedField> columns)
    {
        var names = ColumnNames.Deduplicate([.. columns.Select(c => c.Name)]);
        return $"SELECT {string.Join(", ", columns.Select((c, i) => $"NULL::{EngineType.Of(c.Type)} AS {EngineSql.Identifier(names[i])}"))}";
    }
}
