using System.Text.Json;
using Tarn.Testing;

namespace Tarn.Catalog.Tests.Hive.Recordings;

/// <summary>A recorded call: what a real client sent and what a real metastore answered.</summary>
/// <param name="Scenario">What the client did.</param>
/// <param name="Method">The call.</param>
/// <param name="Connection">Number of the TCP connection.</param>
/// <param name="Request">Bytes of the call.</param>
/// <param name="Response">Bytes of the answer.</param>
internal sealed record RecordedCall(int Number, string Scenario, string Method, int Connection, byte[] Request, byte[] Response);

/// <summary>Recordings of <c>shared/recordings/hive-metastore</c>.</summary>
internal static class Recording
{
    /// <summary>All files.</summary>
    public static readonly string[] Names = ["trino-iceberg", "trino-hive", "spark-iceberg", "spark-iceberg-nolock", "spark-on-4.0.1", "pyiceberg", "probe-3.1.3", "probe-4.0.1"];

    /// <summary>The calls of a file in order; empty (said loudly) when the recordings are not there.</summary>
    public static IReadOnlyList<RecordedCall> Load(string name)
    {
        if (SharedFolder.TryGet("recordings", "hive-metastore", name + ".ndjson") is not { } path)
            return [];
        return [.. File.ReadLines(path).Select(Parse)];
    }

    private static RecordedCall Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new RecordedCall(
            root.GetProperty("n").GetInt32(),
            root.GetProperty("scenario").GetString()!,
            root.GetProperty("method").GetString()!,
            root.GetProperty("conn").GetInt32(),
            Convert.FromHexString(root.GetProperty("request_hex").GetString()!),
            root.TryGetProperty("response_hex", out var response) && response.GetString() is { } hex ? Convert.FromHexString(hex) : []);
    }
}
