using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tarn.Access.Auditing;

/// <summary>
/// An event as one line of JSON, every field always there, so that the files can be read as a table:
/// <c>{"time":"…Z","kind":"decision","principal":"arn:…","access_key":"…","action":"s3:GetObject","resource":"arn:…","source":"10.0.0.7","allowed":true,"reason":"…","request_id":"…"}</c>.
/// </summary>
internal static class AuditJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> target, AuditEvent line)
    {
        using (var json = new Utf8JsonWriter(target, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", line.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WriteString("kind", NameOf(line.Kind));
            json.WriteString("principal", line.Principal);
            json.WriteString("access_key", line.AccessKeyId);
            json.WriteString("action", line.Action);
            json.WriteString("resource", line.Resource);
            json.WriteString("source", line.Source);
            json.WriteBoolean("allowed", line.IsAllowed);
            json.WriteString("reason", line.Reason);
            json.WriteString("request_id", line.RequestId);
            json.WriteEndObject();
        }

        target.Write("\n"u8);
    }

    /// <summary>Reads a line; null for one that is torn or of another make.</summary>
    public static AuditEvent? TryRead(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return new AuditEvent(
                json.GetProperty("time").GetDateTimeOffset(),
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
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The kind as written.</summary>
    public static string NameOf(AuditKind kind) => kind switch
    {
        AuditKind.Decision => "decision",
        AuditKind.Authentication => "authentication",
        AuditKind.Administration => "administration",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of audit event has no name."),
    };
}
