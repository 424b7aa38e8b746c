namespace Tarn.Iceberg.Lineage;

/// <summary>What tables were made of and what was made of them, as far as events tell.</summary>
public sealed class LineageGraph
{
    private readonly Dictionary<(string From, string To), LineageEdge> _edges = [];

    /// <summary>Adds what an event tells. What failed made nothing.</summary>
    public void Add(LineageEvent found)
    {
        if (found.Status != LineageStatus.Succeeded)
            return;
        foreach (var output in found.Outputs)
        {
            foreach (var input in found.Inputs.Where(i => i.Name != output.Name))
                Add(new LineageEdge(input, output, found, 1));
        }
    }

    /// <summary>Whether anything was made of it, or it of anything.</summary>
    /// <param name="name">As <see cref="LineageObject.NameOf"/> gives it.</param>
    public bool Knows(string name) => _edges.Keys.Any(e => e.From == name || e.To == name);

    /// <summary>Everything that a table or view was made of, directly and through others, the nearest first.</summary>
    /// <param name="name">As <see cref="LineageObject.NameOf"/> gives it.</param>
    /// <param name="depth">How far to go; at least 1.</param>
    public IReadOnlyList<LineageStep> Upstream(string name, int depth) => Walk(name, depth, _edges.Values.ToLookup(e => e.To.Name), e => e.From);

    /// <summary>Everything that was made of a table or view, directly and through others, the nearest first.</summary>
    /// <inheritdoc cref="Upstream"/>
    public IReadOnlyList<LineageStep> Downstream(string name, int depth) => Walk(name, depth, _edges.Values.ToLookup(e => e.From.Name), e => e.To);

    private void Add(LineageEdge edge)
    {
        var key = (edge.From.Name, edge.To.Name);
        if (!_edges.TryGetValue(key, out var known))
            _edges[key] = edge;
        else
            _edges[key] = (edge.Last.Time >= known.Last.Time ? edge : known) with { Count = known.Count + 1 };
    }

    private static List<LineageStep> Walk(string start, int depth, ILookup<string, LineageEdge> next, Func<LineageEdge, LineageObject> other)
    {
        List<LineageStep> steps = [];
        HashSet<string> seen = [start];
        string[] frontier = [start];
        for (int distance = 1; distance <= depth && frontier.Length > 0; distance++)
        {
            var found = frontier.SelectMany(name => next[name]).Where(edge => seen.Add(other(edge).Name)).OrderBy(edge => other(edge).Name, StringComparer.Ordinal).ToList();
            steps.AddRange(found.Select(edge => new LineageStep(distance, other(edge), edge)));
            frontier = [.. found.Select(edge => other(edge).Name)];
        }

        return steps;
    }
}

/// <summary>That one thing was made of another.</summary>
/// <param name="From">What was read.</param>
/// <param name="To">What was written.</param>
/// <param name="Last">The newest event that did so.</param>
/// <param name="Count">How many did.</param>
public sealed record LineageEdge(LineageObject From, LineageObject To, LineageEvent Last, int Count);

/// <summary>A thing on the way up or down.</summary>
/// <param name="Distance">Steps from the start, from 1.</param>
/// <param name="Found">The thing.</param>
/// <param name="Through">What connects it to the one before.</param>
public sealed record LineageStep(int Distance, LineageObject Found, LineageEdge Through);
