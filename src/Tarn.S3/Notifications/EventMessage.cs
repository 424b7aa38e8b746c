using System.Globalization;
using System.Text.Json;
using Tarn.Core.Text;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;
using Tarn.Storage.Buckets.Events;

namespace Tarn.S3.Notifications;

/// <summary>An event as JSON ("Event message structure", version 2.2).</summary>
internal static class EventMessage
{
    private const string Scheme = "s3:";

    /// <summary>Writes one.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="bucket">Where.</param>
    /// <param name="rule">The rule that sends it.</param>
    /// <param name="region">The server's region.</param>
    public static byte[] Write(ObjectEvent happened, BucketRecord bucket, NotificationRule rule, string region)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("Records");
            json.WriteStartObject();
            json.WriteString("eventVersion", "2.2");
            json.WriteString("eventSource", "aws:s3");
            json.WriteString("awsRegion", region);
            json.WriteString("eventTime", IsoTime.Milliseconds(happened.Time));
            json.WriteString("eventName", EventNames.Of(happened.Kind)[Scheme.Length..]);
            json.WriteStartObject("userIdentity");
            json.WriteString("principalId", happened.Record.Owner);
            json.WriteEndObject();
            WriteS3(json, happened, bucket, rule);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteS3(Utf8JsonWriter json, ObjectEvent happened, BucketRecord bucket, NotificationRule rule)
    {
        var record = happened.Record;
        json.WriteStartObject("s3");
        json.WriteString("s3SchemaVersion", "1.0");
        json.WriteString("configurationId", rule.Id);
        json.WriteStartObject("bucket");
        json.WriteString("name", bucket.Name);
        json.WriteStartObject("ownerIdentity");
        json.WriteString("principalId", bucket.Owner);
        json.WriteEndObject();
        json.WriteString("arn", "arn:aws:s3:::" + bucket.Name);
        json.WriteEndObject();
        json.WriteStartObject("object");
        json.WriteString("key", PercentCoding.Encode(record.Key, true).Replace("%20", "+", StringComparison.Ordinal));
        if (happened.Kind is not (ObjectEventKind.Delete or ObjectEventKind.DeleteMarkerCreated))
        {
            json.WriteNumber("size", record.SizeBytes);
            json.WriteString("eTag", record.ETag);
        }

        if (record.VersionId != ObjectRecord.NullVersionId)
            json.WriteString("versionId", record.VersionId);
        // Greater for what happened later to a key.
        json.WriteString("sequencer", happened.Time.UtcTicks.ToString("X16", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
