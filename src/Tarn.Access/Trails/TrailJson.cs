using System.Buffers;
using System.Text.Json;
using Tarn.Core.Text;

namespace Tarn.Access.Trails;

/// <summary>An event of a trail as one line of JSON.</summary>
public static class TrailJson
{
    /// <summary>Writes an event with its end of line.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="line">The event.</param>
    /// <param name="writeFields">Writes its fields behind <c>time</c>.</param>
    /// <param name="time">When it was.</param>
    /// <typeparam name="T">An event.</typeparam>
    public static void WriteLine<T>(IBufferWriter<byte> target, T line, DateTimeOffset time, Action<Utf8JsonWriter, T> writeFields)
    {
        using (var json = new Utf8JsonWriter(target, PlainJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("time", IsoTime.Microseconds(time));
            writeFields(json, line);
            json.WriteEndObject();
        }

        target.Write("\n"u8);
    }

    /// <summary>Reads an event; null for a line that is torn or of another make.</summary>
    /// <param name="line">The line.</param>
    /// <param name="read">Reads its fields; gets the time and the whole.</param>
    /// <typeparam name="T">An event.</typeparam>
    public static T? TryRead<T>(string line, Func<DateTimeOffset, JsonElement, T> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return read(document.RootElement.GetProperty("time").GetDateTimeOffset(), document.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }
}
