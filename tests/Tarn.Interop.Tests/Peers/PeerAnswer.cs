using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.Interop.Tests.Lake;

namespace Tarn.Interop.Tests.Peers;

/// <summary>What a foreign reader made of a state of a table.</summary>
/// <param name="Key">The state, as <see cref="Reading.Key"/>.</param>
/// <param name="Rows">Canonical rows in ordinal order; empty with an error.</param>
/// <param name="Error">What it could not do, or null.</param>
internal sealed record PeerAnswer(string Key, IReadOnlyList<string> Rows, string? Error)
{
    /// <summary>Reads lines of <c>{"key":…,"rows":[…]}</c> or <c>{"key":…,"error":…}</c>.</summary>
    public static IReadOnlyList<PeerAnswer> Parse(IEnumerable<string> lines) => [.. lines.Select(line =>
    {
        var answer = JsonNode.Parse(line)!.AsObject();
        var rows = answer["rows"]?.AsArray().Select(CanonicalRow.Text) ?? [];
        return new PeerAnswer(answer["key"]!.GetValue<string>(), [.. rows.Order(StringComparer.Ordinal)], answer["error"]?.GetValue<string>());
    })];

    /// <summary>A request line of the Python readers.</summary>
    public static string Request(Reading reading, string metadata, string? filter = null)
        => JsonSerializer.Serialize(new { key = filter is null ? reading.Key : $"{reading.Key} where {filter}", metadata, snapshot = reading.Snapshot, filter });
}
