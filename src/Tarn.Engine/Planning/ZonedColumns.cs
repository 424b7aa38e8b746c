using System.Globalization;
using System.Text.Json;
using Tarn.DuckDb;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Planning;

/// <summary>
/// Finds result columns that are columns of type <c>timestamptz_ns</c>, passed on as they are: the engine holds them as TIMESTAMP_NS and has forgotten
/// the zone. Joins, subqueries and views pass columns on; expressions, set operations, common table expressions and names that may mean another column do not.
/// </summary>
internal sealed class ZonedColumns
{
    private readonly IReadOnlyList<ScanReference> scans;

    private ZonedColumns(IReadOnlyList<ScanReference> scans) => this.scans = scans;

    /// <summary>Names of such result columns, without regard to case; empty for most queries, which costs nothing.</summary>
    /// <param name="query">A bound query whose tables are still marks.</param>
    /// <param name="connection">Parses it.</param>
    public static IReadOnlySet<string> Of(BoundQuery query, DuckDbConnection connection)
    {
        var none = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (query.IsPivot || !query.Scans.Any(s => s.IsData && s.Schema.Fields.Any(f => f.Type.Id == TypeId.TimestampTzNs)))
            return none;
        using var tree = ParseTree.Serialize(query.Sql, connection);
        if (tree.RootElement.GetProperty("error").GetBoolean() || new ZonedColumns(query.Scans).OfQuery(tree.RootElement.GetProperty("statements")[0].GetProperty("node")) is not { } columns)
            return none;
        none.UnionWith(columns.Where(c => c.Value).Select(c => c.Key));
        return none;
    }

    // Columns by name and whether they are zoned; null when it cannot be told.
    private Dictionary<string, bool>? OfQuery(JsonElement node)
    {
        EngineJson.RequireStack();
        if (Text(node, "type") != "SELECT_NODE" || Sources(node.GetProperty("from_table")) is not { } sources)
            return null;
        var columns = New();
        foreach (var item in node.GetProperty("select_list").EnumerateArray())
        {
            if (Text(item, "type") == "STAR")
            {
                if (!IsPlain(item))
                    return null;
                foreach (var (name, zoned) in sources.Where(s => Text(item, "relation_name") is "" or null || Same(s.Name, Text(item, "relation_name"))).SelectMany(s => s.Columns))
                    Add(columns, name, zoned);
            }
            else
            {
                var path = Text(item, "type") == "COLUMN_REF" ? Path(item) : null;
                string name = Text(item, "alias") is { Length: > 0 } alias ? alias : path?[^1] ?? "";
                Add(columns, name, path is not null && IsZoned(path, sources));
            }
        }

        return columns;
    }

    private static bool IsZoned(string[] path, List<Source> sources)
    {
        bool[] found = [.. sources.Where(s => path.Length == 1 || (path.Length == 2 && Same(s.Name, path[0]))).Where(s => s.Columns.ContainsKey(path[^1])).Select(s => s.Columns[path[^1]])];
        return found.Length > 0 && Array.TrueForAll(found, z => z);
    }

    private List<Source>? Sources(JsonElement from)
    {
        EngineJson.RequireStack();
        return Text(from, "type") switch
        {
            "JOIN" => Sources(from.GetProperty("left")) is { } left && Sources(from.GetProperty("right")) is { } right ? [.. left, .. right] : null,
            "BASE_TABLE" => ScanOf(Text(from, "table_name")!) is { } scan ? Named(from, scan.Table.Handle.Identifier.Name, OfScan(scan)) : null,
            "SUBQUERY" => OfQuery(from.GetProperty("subquery").GetProperty("node")) is { } columns ? Named(from, "", columns) : null,
            _ => null,
        };
    }

    private static List<Source>? Named(JsonElement from, string name, Dictionary<string, bool> columns)
    {
        var renamed = from.GetProperty("column_name_alias");
        if (renamed.GetArrayLength() > 0)
        {
            if (renamed.GetArrayLength() != columns.Count)
                return null;
            var positions = columns.Values.ToArray();
            columns = New();
            foreach (var (i, column) in renamed.EnumerateArray().Index())
                Add(columns, column.GetString()!, positions[i]);
        }

        return [new Source(Text(from, "alias") is { Length: > 0 } alias ? alias : name, columns)];
    }

    private static Dictionary<string, bool> OfScan(ScanReference scan)
    {
        var columns = New();
        var names = Relations.ColumnNames.Deduplicate([.. scan.Schema.Fields.Select(f => f.Name)]);
        foreach (var (i, field) in scan.Schema.Fields.Index())
            Add(columns, names[i], scan.IsData && field.Type.Id == TypeId.TimestampTzNs);
        return columns;
    }

    private ScanReference? ScanOf(string table) =>
        table.StartsWith(BoundQuery.MarkPrefix, StringComparison.Ordinal) && int.TryParse(table.AsSpan(BoundQuery.MarkPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal)
            ? scans.FirstOrDefault(s => s.Ordinal == ordinal && s.IsData)
            : null;

    // EXCLUDE only takes away; REPLACE, RENAME and COLUMNS make other columns.
    private static bool IsPlain(JsonElement star) =>
        IsEmpty(star, "replace_list") && IsEmpty(star, "rename_list") && (!star.TryGetProperty("columns", out var columns) || columns.ValueKind == JsonValueKind.False)
        && (!star.TryGetProperty("expr", out var expression) || expression.ValueKind == JsonValueKind.Null);

    private static bool IsEmpty(JsonElement node, string property) => !node.TryGetProperty(property, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0;

    private static void Add(Dictionary<string, bool> columns, string name, bool zoned) => columns[name] = zoned && columns.GetValueOrDefault(name, true);

    private static Dictionary<string, bool> New() => new(StringComparer.OrdinalIgnoreCase);

    private static string[] Path(JsonElement column) => [.. column.GetProperty("column_names").EnumerateArray().Select(n => n.GetString()!)];

    private static string? Text(JsonElement node, string property) => node.TryGetProperty(property, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static bool Same(string name, string? other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private readonly record struct Source(string Name, Dictionary<string, bool> Columns);
}
