using System.Text.Json;

namespace Tarn.Catalog.Tests.Recordings;

/// <summary>What a catalog makes up (identities, locations, tags), and what Tarn made up in its place: a replayed request says the latter.</summary>
internal sealed class ReplayedNames
{
    private readonly Dictionary<string, string> _actual = new(StringComparer.Ordinal);

    /// <summary>Whether the recorded tag has one of Tarn's.</summary>
    public bool Knows(string recorded) => _actual.ContainsKey(recorded);

    /// <summary>A text with everything made up replaced.</summary>
    public string Apply(string text)
    {
        foreach (var (recorded, actual) in _actual.OrderByDescending(p => p.Key.Length))
            text = text.Replace(recorded, actual, StringComparison.Ordinal);
        return text;
    }

    /// <summary>Learns from two answers to one request.</summary>
    public void Learn(JsonElement recorded, JsonElement actual)
    {
        Pair(recorded, actual, "metadata-location");
        if (!recorded.TryGetProperty("metadata", out var old) || !actual.TryGetProperty("metadata", out var now))
            return;
        foreach (string name in new[] { "table-uuid", "view-uuid", "location" })
            Pair(old, now, name);
    }

    /// <summary>Learns one pair.</summary>
    public void Learn(string? recorded, string? actual)
    {
        if (recorded is { Length: > 0 } && actual is not null && recorded != actual)
            _actual[recorded] = actual;
    }

    private void Pair(JsonElement recorded, JsonElement actual, string name)
    {
        if (recorded.TryGetProperty(name, out var old) && old.ValueKind == JsonValueKind.String && actual.TryGetProperty(name, out var now))
            Learn(old.GetString(), now.GetString());
    }
}
