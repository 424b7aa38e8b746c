using Tarn.DuckDb;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>
/// Narrows the types that text and JSON seem to have to those of the table, wherever all values fit: a column that was widened stays wide, so it is widened only
/// when a value needs it.
/// </summary>
internal sealed class NeededTypes(DuckDbConnection connection)
{
    /// <summary>The source, whose types are wider than the table's only where a value is.</summary>
    public SourceRelation Narrow(SourceRelation source, Schema table, CancellationToken cancellationToken)
    {
        var read = JsonSource.Fit(source, table);
        (SourceColumn Column, IcebergType Target)[] wider = [.. read.Columns.Where(c => source.TargetOf(c, table) is { } t && SchemaMerge.Evolved(c.Type, t.Type) is not null).Select(c => (c, source.TargetOf(c, table)!.Type))];
        (string Name, string IsBad)[] tests = [.. wider.SelectMany(w => ValueFit.Misfits(w.Column, w.Target).Select(m => (m.Name, $"bool_or({m.SentenceSql} IS NOT NULL)")))];
        if (tests.Length == 0)
            return source;
        string from = source.Dialect?.FromSql(source.File, ", ignore_errors = true") ?? read.FromSql;
        using var result = connection.Query($"SELECT {string.Join(", ", tests.Select(t => t.IsBad))} FROM {from}", cancellationToken);
        object?[] found = result.Rows(cancellationToken).Single();
        HashSet<string> needed = [.. tests.Where((_, i) => found[i] is true).Select(t => t.Name)];
        return source with { Columns = [.. read.Columns.Zip(source.Columns, (r, c) => wider.FirstOrDefault(w => w.Column == r).Target is { } target ? r with { Type = Narrow(c.Type, target, c.Name, needed) } : c)] };
    }

    private static IcebergType Narrow(IcebergType source, IcebergType target, string name, HashSet<string> needed) => (source, target) switch
    {
        (StructType s, StructType t) => new StructType([.. s.Fields.Select(f => t.FieldOfAnyCase(f.Name) is { } other ? f with { Type = Narrow(f.Type, other.Type, $"{name}.{f.Name}", needed) } : f)]),
        (ListType s, ListType t) => new ListType(s.Element with { Type = Narrow(s.Element.Type, t.Element.Type, $"{name}.element", needed) }),
        (MapType s, MapType t) => new MapType(s.Key, s.Value with { Type = Narrow(s.Value.Type, t.Value.Type, $"{name}.value", needed) }),
        _ => source.IsPrimitive && SchemaMerge.Evolved(source, target) is not null && !needed.Contains(name) ? target : source,
    };
}
