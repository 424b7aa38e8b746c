using System.Text.Json;
using Tarn.Engine.Functions;

namespace Tarn.Engine.Planning;

/// <summary>
/// The filters of an engine's plan over relations that stand for tables: those directly above such a relation, in the names of its columns, and all others
/// with the tables below them. The engine keeps a filter further up when it joins tables, may fail on a row, or works on groups.
/// </summary>
internal sealed class PlanFilters
{
    private readonly IReadOnlyList<ScanReference> scans;
    private readonly Dictionary<string, HashSet<ScanReference>> expressions = [];
    private readonly List<string> near = [];
    private readonly List<(string Text, HashSet<ScanReference> Scans)> far = [];

    private PlanFilters(IReadOnlyList<ScanReference> scans) => this.scans = scans;

    /// <summary>Conditions directly above a relation, which name its columns: they hold for every row of the table that counts.</summary>
    public IReadOnlyList<string> Near => near;

    /// <summary>Reads the plan.</summary>
    public static PlanFilters Of(JsonElement plan, IReadOnlyList<ScanReference> scans)
    {
        var filters = new PlanFilters(scans);
        foreach (var node in plan.EnumerateArray())
            filters.Walk(node);
        return filters;
    }

    /// <summary>Conditions further up that the rows of the table have to pass, each once.</summary>
    public IEnumerable<string> FarAbove(ScanReference scan) => far.Where(f => f.Scans.Contains(scan)).Select(f => f.Text).Distinct();

    /// <summary>The condition with the names of columns as users know them.</summary>
    public string Readable(string text) =>
        scans.SelectMany(s => s.Schema.Fields.OrderByDescending(f => f.Id).Select(f => (Stands: $"{s.ColumnPrefix}{f.Id}", f.Name)))
            .Aggregate(text, (t, f) => t.Replace(f.Stands, f.Name, StringComparison.Ordinal));

    // The tables below the node, itself included.
    private HashSet<ScanReference> Walk(JsonElement node)
    {
        EngineJson.RequireStack();
        string name = Name(node);
        var extra = node.GetProperty("extra_info");
        if (IsScan(name))
            return Scan(extra);
        if (name == "CTE_SCAN")
            return expressions.GetValueOrDefault(Text(extra, "CTE Index"), []);
        var below = new HashSet<ScanReference>();
        var children = node.GetProperty("children");
        foreach (var (i, child) in children.EnumerateArray().Index())
        {
            var found = Walk(child);
            // The first child of a common table expression says what it is, the second reads it.
            if (i == 0 && name is ("CTE" or "REC_CTE"))
                expressions[Text(extra, "Table Index")] = found;
            below.UnionWith(found);
        }

        if (name == "FILTER" && extra.TryGetProperty("Expression", out var expression))
            Sort(Texts(expression), below, directly: children.GetArrayLength() == 1 && IsScan(Name(children[0])));
        return below;
    }

    // Further up a column's name may stand for its values before a LIMIT or a window: only directly above a relation it is safe to prune by it.
    private void Sort(IEnumerable<string> texts, HashSet<ScanReference> below, bool directly)
    {
        foreach (string text in texts)
        {
            if (directly && below.Any(s => text.Contains(s.ColumnPrefix, StringComparison.Ordinal)))
                near.Add(text);
            else
                far.Add((text, below));
        }
    }

    // A relation of which no column is read is known only when there is no other.
    private HashSet<ScanReference> Scan(JsonElement extra)
    {
        string text = extra.GetRawText();
        return [.. scans.Where(s => scans.Count == 1 || text.Contains(s.ColumnPrefix, StringComparison.Ordinal))];
    }

    private static bool IsScan(string name) => name.Equals(RelationRegistry.FunctionName, StringComparison.OrdinalIgnoreCase);

    private static string Name(JsonElement node) => node.GetProperty("name").GetString()!.Trim();

    private static IEnumerable<string> Texts(JsonElement expression) =>
        expression.ValueKind == JsonValueKind.Array ? expression.EnumerateArray().Select(e => e.GetString()!) : [expression.GetString()!];

    private static string Text(JsonElement extra, string property) => extra.TryGetProperty(property, out var value) ? value.ToString() : "";
}
