using System.Text.Json;
using Tarn.Testing;

namespace Tarn.Catalog.Tests.Recordings;

/// <summary>One line of a recording: what a real client sent to another catalog, and what that answered.</summary>
internal sealed record RecordedCall(string Scenario, JsonElement Json)
{
    public int Number => Json.GetProperty("n").GetInt32();

    public string Method => Json.GetProperty("method").GetString()!;

    public string Path => Json.GetProperty("path").GetString()!;

    public string Query => Json.GetProperty("query").GetString() ?? "";

    public string? Body => Text("request_body");

    public int Status => Json.GetProperty("status").GetInt32();

    public string Answer => Text("response_body") ?? "";

    /// <summary>What the recording proxy did: <c>before 503</c>, <c>after 500</c>, <c>drop</c>; empty for nothing.</summary>
    public string Injected => Json.TryGetProperty("injected", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Whether the request never reached the catalog.</summary>
    public bool WasHeldBack => Injected.StartsWith("before", StringComparison.Ordinal);

    /// <summary>Whether the catalog did the work and somebody else answered.</summary>
    public bool WasAnsweredByAnother => Injected.Length > 0 && !WasHeldBack;

    /// <summary>The answer as JSON; null when it has no body or its bytes are not the catalog's.</summary>
    public JsonElement? AnswerJson => Answer.StartsWith('{') && !WasAnsweredByAnother ? JsonDocument.Parse(Answer).RootElement : null;

    /// <summary>Levels of the namespace in the path; null when there is none.</summary>
    public string[]? Namespace => Segment(3) is { Length: > 0 } text && Segment(2) == "namespaces" ? [.. text.Split("%2E").Select(Uri.UnescapeDataString)] : null;

    /// <summary>Name of the table in the path; null when there is none.</summary>
    public string? Table => Segment(4) == "tables" && Segment(5) is { Length: > 0 } name ? Uri.UnescapeDataString(name) : null;

    /// <summary>Whether the path is that of the table itself.</summary>
    public bool IsOnTable => Table is not null && Path.Split('/').Length == 6;

    public override string ToString() => $"{Scenario} {Number} {Method} {Path}";

    public string? Header(string name) => Pair("request_headers", name);

    public string? AnswerHeader(string name) => Pair("response_headers", name);

    /// <summary>All recorded calls, in order within their scenario.</summary>
    public static IEnumerable<RecordedCall> All()
    {
        if (SharedFolder.TryGet("recordings", "iceberg-rest") is not { } folder)
            yield break;
        foreach (string file in Directory.EnumerateFiles(folder, "*.ndjson", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string scenario = $"{System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(file))}/{System.IO.Path.GetFileNameWithoutExtension(file)}";
            foreach (string line in File.ReadLines(file))
                yield return new RecordedCall(scenario, JsonDocument.Parse(line).RootElement);
        }
    }

    private string? Segment(int index) => Path.Split('/') is var parts && parts.Length > index ? parts[index] : null;

    private string? Text(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private string? Pair(string list, string name) =>
        Json.GetProperty(list).EnumerateArray().Where(p => p[0].GetString()!.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(p => p[1].GetString()).FirstOrDefault();
}
