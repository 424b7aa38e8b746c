using System.Buffers;
using System.Text.Json;
using Tarn.Access.Trails;

namespace Tarn.Access.Auditing;

/// <summary>
/// An event as one line of JSON, every field always there, so that the files can be read as a table:
/// <c>{"time":"…Z","kind":"decision","principal":"arn:…","access_key":"…","action":"s3:GetObject","resource":"arn:…","source":"10.0.0.7","allowed":true,"reason":"…","request_id":"…"}</c>.
/// </summary>
internal static class AuditJson
{
    public static void Write(IBufferWriter<byte> target, AuditEvent line) => TrailJson.WriteLine(target, line, line.Time, WriteFields);

    /// <summary>Reads a line; null for one that is torn or of another make.</summary>
    public static AuditEvent? TryRead(string line) => TrailJson.TryRead(line, ReadFields);

    /// <summary>The kind as written.</summary>
    public static string NameOf(AuditKind kind) => kind switch
    {
        AuditKind.Decision => "decision",
        AuditKind.Authentication => "authentication",
        AuditKind.Administration => "administration",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of audit event has no name."),
    };

    private static void WriteFields(Utf8JsonWriter json, AuditEvent line)
    {
        json.WriteString("kind", NameOf(line.Kind));
        json.WriteString("principal", line.Principal);
        json.WriteString("access_key", line.AccessKeyId);
        json.WriteString("action", line.Action);
        json.WriteString("resource", line.Resource);
        json.WriteString("source", line.Source);
        json.WriteBoolean("allowed", line.IsAllowed);
        json.WriteString("reason", line.Reason);
        json.WriteString("request_id", line.RequestId);
    }

    private static AuditEvent ReadFields(DateTimeOffset time, JsonElement json) => new(
        time,
        Enum.Parse<AuditKind>(json.GetProperty("kind").GetString()!, ignoreCase: true),
        json.GetProperty("principal").GetString()!,
        json.GetProperty("access_key").GetString(),
        json.GetProperty("action").GetString()!,
        json.GetProperty("resource").GetString()!,
        json.GetProperty("source").GetString(),
        json.GetProperty("allowed").GetBoolean(),
        json.GetProperty("reason").GetString()!,
        json.GetProperty("request_id").GetString());
}
