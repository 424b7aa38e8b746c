using System.Text.Json;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning;

/// <summary>
/// Which results can be given names without changing anything else of a query. Where a result ends is read from its tokens; whether that is right, the
/// engine's parser says: the query with the names must have the tree that it had without them.
/// </summary>
/// <param name="text">The query.</param>
/// <param name="statements">Its parse tree.</param>
/// <param name="parse">Parses another text.</param>
internal sealed class ResultNames(string text, JsonElement statements, Func<string, JsonDocument> parse)
{
    // Each result is tried by parsing the query again, so behind so many the engine gives the names.
    private const int MaxDoubtful = 32;

    /// <summary>Those of the results that a name can be written behind.</summary>
    public IReadOnlyList<(int Start, int End)> Nameable(IReadOnlyList<(int Start, int End)> results)
    {
        if (results.Count == 0 || LeavesTree(results))
            return results;
        var nameable = new List<(int, int)>();
        foreach (var result in results.Take(MaxDoubtful))
        {
            if (LeavesTree([.. nameable, result]))
                nameable.Add(result);
        }

        return nameable;
    }

    private bool LeavesTree(IReadOnlyList<(int Start, int End)> results)
    {
        var edits = new TextEdits(text);
        foreach (var (start, end) in results)
            edits.Insert(end, $" AS {EngineSql.Identifier(text[start..end])}");
        using var named = parse(edits.Apply().Text);
        var names = results.Select(r => text[r.Start..r.End]).ToList();
        return named.RootElement.TryGetProperty("statements", out var other) && IsSame(statements, other, isResult: false, names) && names.Count == 0;
    }

    // What differs may be names of results, each of them once, and places.
    private static bool IsSame(JsonElement before, JsonElement after, bool isResult, List<string> names)
    {
        EngineJson.RequireStack();
        if (before.ValueKind != after.ValueKind)
            return false;
        return before.ValueKind switch
        {
            JsonValueKind.Array => before.GetArrayLength() == after.GetArrayLength() && before.EnumerateArray().Zip(after.EnumerateArray()).All(p => IsSame(p.First, p.Second, isResult, names)),
            JsonValueKind.Object => before.EnumerateObject().Count() == after.EnumerateObject().Count() && before.EnumerateObject().Zip(after.EnumerateObject()).All(p => IsSame(p.First, p.Second, isResult, names)),
            _ => before.GetRawText() == after.GetRawText(),
        };
    }

    private static bool IsSame(JsonProperty before, JsonProperty after, bool isResult, List<string> names)
    {
        if (before.Name != after.Name)
            return false;
        if (before.Name == "query_location")
            return true;
        if (isResult && before.Name == "alias" && before.Value.GetString() is null or "" && after.Value.GetString() is { Length: > 0 } name)
            return names.Remove(name);
        return IsSame(before.Value, after.Value, before.Name == "select_list", names);
    }
}
