using System.Text.Json;
using Tarn.Testing;

namespace Tarn.S3.Tests.Recordings;

/// <summary>One line of a recording: what a real client sent, and what a server answered.</summary>
public sealed record RecordedRequest(string Scenario, JsonElement Json)
{
    public int Number => Json.GetProperty("n").GetInt32();

    public string Method => Text("method");

    public string Path => Text("path");

    public string Query => Text("query");

    public IEnumerable<(string Name, string Value)> Headers => Pairs("request_headers");

    public IEnumerable<(string Name, string Value)> AnswerHeaders => Pairs("response_headers");

    public int Status => Json.GetProperty("status").GetInt32();

    public JsonElement Body => Json.GetProperty("request_body");

    public JsonElement AnswerBody => Json.GetProperty("response_body");

    /// <summary>True when the answer was made or replaced by the recording proxy.</summary>
    public bool IsInjected => Json.TryGetProperty("injected", out var injected) && injected.ValueKind == JsonValueKind.String;

    /// <summary>The aws-chunked framing, or null.</summary>
    public JsonElement? AwsChunked
        => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("aws_chunked", out var framing) ? framing : null;

    /// <summary>The body with its framing, where the record holds all of it.</summary>
    public byte[]? WholeBody
    {
        get
        {
            if (Body.ValueKind == JsonValueKind.Null)
                return [];
            if (Body.ValueKind == JsonValueKind.String)
                return System.Text.Encoding.UTF8.GetBytes(Body.GetString()!);
            if (Body.TryGetProperty("whole_base64", out var whole))
                return whole.GetBytesFromBase64();
            return Body.GetProperty("length").GetInt64() <= 512 && Body.TryGetProperty("first512_base64", out var first) ? first.GetBytesFromBase64() : null;
        }
    }

    public string? Header(string name)
    {
        var values = Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        return values.Count == 0 ? null : string.Join(",", values);
    }

    public override string ToString() => $"{Scenario} #{Number} {Method} {Path}?{Query}";

    /// <summary>All recorded requests to S3; empty (said loudly) when the recordings are not there.</summary>
    public static IReadOnlyList<RecordedRequest> All()
    {
        if (SharedFolder.TryGet("recordings", "s3") is not { } folder)
            return [];
        return [.. from file in Directory.EnumerateFiles(folder, "*.ndjson", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                   from line in File.ReadLines(file)
                   select new RecordedRequest(System.IO.Path.GetRelativePath(folder, file)[..^".ndjson".Length], JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>Secrets of the recorded keys.</summary>
    public static IReadOnlyDictionary<string, string> Keys()
        => SharedFolder.TryGet("recordings", "s3", "keys.json") is { } file
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!
            : new Dictionary<string, string>();

    private string Text(string name) => Json.GetProperty(name).GetString()!;

    private IEnumerable<(string Name, string Value)> Pairs(string name)
        => Json.GetProperty(name).EnumerateArray().Select(p => (p[0].GetString()!, p[1].GetString()!));
}
