using System.Buffers;
using System.Text.Json;
using Tarn.Access.Trails;
using Tarn.Iceberg.Lineage;

namespace Tarn.Metastore.Lineage;

/// <summary>
/// An event as one line of JSON, every field always there, so that the files can be read as a table:
/// <c>{"time":"…Z","principal":"ada","engine":"tarn","operation":"INSERT","status":"succeeded","duration_ms":12.5,"statement":"INSERT INTO …","statement_hash":"…","inputs":[{"kind":"table","name":"lake/sales.orders","snapshot":1,"columns":[]}],"outputs":[…]}</c>.
/// </summary>
internal static class LineageJson
{
    public static void Write(IBufferWriter<byte> target, LineageEvent line) => TrailJson.WriteLine(target, line, line.Time, WriteFields);

    /// <summary>Reads a line; null for one that is torn or of another make.</summary>
    public static LineageEvent? TryRead(string line) => TrailJson.TryRead(line, ReadFields);

    /// <summary>The status as written.</summary>
    public static string NameOf(LineageStatus status) => status switch
    {
        LineageStatus.Succeeded => "succeeded",
        LineageStatus.Failed => "failed",
        LineageStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This status has no name."),
    };

    private static void WriteFields(Utf8JsonWriter json, LineageEvent line)
    {
        json.WriteString("principal", line.Principal);
        json.WriteString("engine", line.Engine);
        json.WriteString("operation", line.Operation);
        json.WriteString("status", NameOf(line.Status));
        if (line.Duration is { } duration)
            json.WriteNumber("duration_ms", Math.Round(duration.TotalMilliseconds, 3));
        else
            json.WriteNull("duration_ms");
        json.WriteString("statement", line.Statement);
        json.WriteString("statement_hash", line.StatementHash);
        Write(json, "inputs", line.Inputs);
        Write(json, "outputs", line.Outputs);
    }

    private static LineageEvent ReadFields(DateTimeOffset time, JsonElement json) => new()
    {
        Time = time,
        Principal = json.GetProperty("principal").GetString()!,
        Engine = json.GetProperty("engine").GetString()!,
        Operation = json.GetProperty("operation").GetString()!,
        Status = Enum.Parse<LineageStatus>(json.GetProperty("status").GetString()!, ignoreCase: true),
        Duration = json.GetProperty("duration_ms") is { ValueKind: JsonValueKind.Number } duration ? TimeSpan.FromMilliseconds(duration.GetDouble()) : null,
        Statement = json.GetProperty("statement").GetString(),
        StatementHash = json.GetProperty("statement_hash").GetString(),
        Inputs = Read(json.GetProperty("inputs")),
        Outputs = Read(json.GetProperty("outputs")),
    };

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<LineageObject> objects)
    {
        json.WriteStartArray(name);
        foreach (var item in objects)
        {
            json.WriteStartObject();
            json.WriteString("kind", item.Kind);
            json.WriteString("name", item.Name);
            if (item.SnapshotId is { } id)
                json.WriteNumber("snapshot", id);
            else
                json.WriteNull("snapshot");
            json.WriteStartArray("columns");
            foreach (string column in item.Columns ?? [])
                json.WriteStringValue(column);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IReadOnlyList<LineageObject> Read(JsonElement objects) => [.. objects.EnumerateArray().Select(item => new LineageObject(
        item.GetProperty("kind").GetString()!,
        item.GetProperty("name").GetString()!,
        item.GetProperty("snapshot") is { ValueKind: JsonValueKind.Number } id ? id.GetInt64() : null,
        [.. item.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)]))];
}
