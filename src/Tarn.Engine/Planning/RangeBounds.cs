using System.Text.Json;

namespace Tarn.Engine.Planning;

/// <summary>
/// Whether the ends of ranges belong to them. The engine's optimizer joins <c>x &gt;= a AND x &lt; b</c> to one range and prints every range as BETWEEN;
/// only its serialized plan says which ends are open. An open end matters: the file that begins where the wanted day ends is not read.
/// </summary>
internal static class RangeBounds
{
    /// <summary>The ends that every range over a column has closed or open, by column; columns that are not named have closed ends.</summary>
    public static IReadOnlyDictionary<string, RangeEnds> Find(JsonElement plan)
    {
        var found = new Dictionary<string, RangeEnds>(StringComparer.Ordinal);
        Collect(plan, found);
        return found;
    }

    private static void Collect(JsonElement node, Dictionary<string, RangeEnds> found)
    {
        EngineJson.RequireStack();
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                Collect(item, found);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            if (node.TryGetProperty("expression_class", out var kind) && kind.ValueEquals("BOUND_BETWEEN"))
                Add(node, found);
            foreach (var property in node.EnumerateObject())
                Collect(property.Value, found);
        }
    }

    // Of several ranges over a column nobody knows which one a filter is: an end is open when it is open in all of them.
    private static void Add(JsonElement between, Dictionary<string, RangeEnds> found)
    {
        if (!between.GetProperty("input").TryGetProperty("alias", out var alias) || alias.GetString() is not { Length: > 0 } column)
            return;
        var ends = new RangeEnds(!between.GetProperty("lower_inclusive").GetBoolean(), !between.GetProperty("upper_inclusive").GetBoolean());
        found[column] = found.TryGetValue(column, out var others) ? new(others.LowerOpen && ends.LowerOpen, others.UpperOpen && ends.UpperOpen) : ends;
    }
}

/// <summary>Which ends a range leaves out.</summary>
/// <param name="LowerOpen">The lower bound itself is not in the range.</param>
/// <param name="UpperOpen">The upper bound itself is not in the range.</param>
internal readonly record struct RangeEnds(bool LowerOpen, bool UpperOpen);
