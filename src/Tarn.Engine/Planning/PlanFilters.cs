using System.Text.Json;
using Tarn.Engine.Functions;

namespace Tarn.Engine.Planning;

/// <summary>
/// The filters of an engine's plan over relations that stand for tables: for each place that reads such a relation those directly above it, in the names
/// of its columns, and all others with the tables below them. The engine keeps a filter further up when it joins tables, may fail on a row, or works on groups.
/// It reads a relation in several places when it inlines a common table expression or joins a window with its own input.
/// </summary>
internal sealed class PlanFilters
{
    private readonly IReadOnlyList<ScanReference> scans;
    private readonly Dictionary<string, HashSet<int>> expressions = [];
    private readonly Dictionary<int, List<IReadOnlyList<string>>> places = [];
    private readonly List<FarFilter> far = [];

    private PlanFilters(IReadOnlyList<ScanReference> scans) => this.scans = scans;

    /// <summary>Whether any table has filters that the engine keeps further up for its own reasons, though they are about its rows alone.</summary>
    public bool HasKeptBack => far.Any(f => f.IsAboutRows);

    /// <summary>Reads the plan.</summary>
    public static PlanFilters Of(JsonElement plan, IReadOnlyList<ScanReference> scans)
    {
        var filters = new PlanFilters(scans);
        foreach (var node in plan.EnumerateArray())
            filters.Walk(node);
        return filters;
    }

    /// <summary>The conditions directly above each place that reads the table: a row that fails those of every place is of no use. None when a place may be unknown.</summary>
    public IReadOnlyList<IReadOnlyList<string>> PlacesOf(ScanReference scan) => places.GetValueOrDefault(scan.Ordinal, []);

    /// <summary>Conditions further up that the rows of the table have to pass, each once.</summary>
    public IEnumerable<FarFilter> FarAbove(ScanReference scan) => far.Where(f => f.Scans.Contains(scan.Ordinal)).DistinctBy(f => f.Text);

    /// <summary>The condition with the names of columns as users know them.</summary>
    public string Readable(string text) =>
        scans.SelectMany(s => s.Schema.Fields.OrderByDescending(f => f.Id).Select(f => (Stands: $"{s.ColumnPrefix}{f.Id}", f.Name)))
            .Aggregate(text, (t, f) => t.Replace(f.Stands, f.Name, StringComparison.Ordinal));

    // What lies below the node, itself included.
    private Below Walk(JsonElement node)
    {
        EngineJson.RequireStack();
        string name = Name(node);
        var extra = node.GetProperty("extra_info");
        if (IsScan(name))
            return Read(name, []);
        if (name == "CTE_SCAN")
            return new Below(expressions.GetValueOrDefault(Text(extra, "CTE Index"), []), IsRows: false);
        var children = node.GetProperty("children");
        string[] conditions = name == "FILTER" && extra.TryGetProperty("Expression", out var expression) ? [.. Texts(expression)] : [];
        if (conditions.Length > 0 && children.GetArrayLength() == 1 && IsScan(Name(children[0])))
            return Filtered(Name(children[0]), conditions);
        var below = Under(name, extra, children);
        far.AddRange(conditions.Select(text => new FarFilter(text, below.Scans, below.IsRows)));
        return below;
    }

    private Below Under(string name, JsonElement extra, JsonElement children)
    {
        var scansBelow = new HashSet<int>();
        bool isRows = false;
        foreach (var (i, child) in children.EnumerateArray().Index())
        {
            var found = Walk(child);
            // The first child of a common table expression says what it is, the second reads it.
            if (i == 0 && name is ("CTE" or "REC_CTE"))
                expressions[Text(extra, "Table Index")] = found.Scans;
            isRows |= i == 0 && found.IsRows;
            scansBelow.UnionWith(found.Scans);
        }

        bool keepsRows = name is "PROJECTION" or "FILTER" || (Text(extra, "Join Type") == "MARK" && Name(children[1]) == "COLUMN_DATA_SCAN");
        return new Below(scansBelow, isRows && keepsRows);
    }

    // Further up a column's name may stand for its values before a LIMIT or a window: only directly above a relation it is safe to prune by it.
    private Below Filtered(string name, string[] conditions)
    {
        string[] near = ScansOf(name) is [var scan] ? [.. conditions.Where(c => c.Contains(scan.ColumnPrefix, StringComparison.Ordinal))] : [];
        var below = Read(name, near);
        far.AddRange(conditions.Except(near).Select(text => new FarFilter(text, below.Scans, IsAboutRows: true)));
        return below;
    }

    private Below Read(string name, IReadOnlyList<string> conditions)
    {
        var read = ScansOf(name);
        if (read is [var only])
            (places.TryGetValue(only.Ordinal, out var known) ? known : places[only.Ordinal] = []).Add(conditions);
        return new Below([.. read.Select(s => s.Ordinal)], IsRows: read.Length == 1);
    }

    // Several when there are more than have names of their own.
    private ScanReference[] ScansOf(string name) => [.. scans.Where(s => RelationRegistry.NameOf(s.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase))];

    private static bool IsScan(string name) => name.StartsWith(RelationRegistry.FunctionName, StringComparison.OrdinalIgnoreCase);

    private static string Name(JsonElement node) => node.GetProperty("name").GetString()!.Trim();

    private static IEnumerable<string> Texts(JsonElement expression) =>
        expression.ValueKind == JsonValueKind.Array ? expression.EnumerateArray().Select(e => e.GetString()!) : [expression.GetString()!];

    private static string Text(JsonElement extra, string property) => extra.TryGetProperty(property, out var value) ? value.ToString() : "";

    private readonly record struct Below(HashSet<int> Scans, bool IsRows);
}

/// <summary>A condition that the engine keeps further up.</summary>
/// <param name="Text">As the engine prints it.</param>
/// <param name="Scans">The tables below it, by ordinal.</param>
/// <param name="IsAboutRows">It is about rows of the only table below it as they are, not of a join, a group or a window.</param>
internal sealed record FarFilter(string Text, IReadOnlySet<int> Scans, bool IsAboutRows);
