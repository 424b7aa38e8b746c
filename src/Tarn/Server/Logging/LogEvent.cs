using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tarn.Core.Text;

namespace Tarn.Server.Logging;

/// <summary>One event of the log.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How grave.</param>
/// <param name="Category">The type that says it.</param>
/// <param name="Message">For people.</param>
/// <param name="Values">The values inside of the message, by name.</param>
/// <param name="Error">What was thrown, or null.</param>
/// <param name="Activity">The trace it belongs to, or null.</param>
internal sealed record LogEvent(
    DateTimeOffset Time, LogLevel Level, string Category, string Message, IReadOnlyList<KeyValuePair<string, object?>> Values, Exception? Error, Activity? Activity)
{
    private const string Template = "{OriginalFormat}";

    /// <summary>A line for people. Control characters of values are shown as <c>\uXXXX</c>, so that no value can fake a line.</summary>
    public string ToConsoleLine()
    {
        var line = new StringBuilder();
        line.Append(Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        line.Append(' ').Append(LevelName.PadRight(7)).Append(' ').Append(Category[(Category.LastIndexOf('.') + 1)..]).Append(": ");
        AppendEscaped(line, Message);
        // A TarnException is an expected failure and its message says all; anything else is a defect that needs its place.
        if (Error is not null and not Core.Errors.TarnException)
            AppendEscaped(line.Append(" | "), Error.ToString());
        return line.ToString();
    }

    /// <summary>A line for programs: <c>time</c>, <c>level</c>, <c>category</c>, <c>message</c>, the values under their names in snake_case, <c>error</c>, <c>trace_id</c>, <c>span_id</c>.</summary>
    public string ToJsonLine()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, PlainJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("time", Time.UtcDateTime);
            json.WriteString("level", LevelName);
            json.WriteString("category", Category);
            json.WriteString("message", Message);
            foreach (var (name, value) in Values.Where(pair => pair.Key != Template))
                WriteValue(json, JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value);
            if (Error is not null)
                json.WriteString("error", Error.ToString());
            if (Activity is not null)
            {
                json.WriteString("trace_id", Activity.TraceId.ToHexString());
                json.WriteString("span_id", Activity.SpanId.ToHexString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private string LevelName => Level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        _ => "error",
    };

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case bool truth: json.WriteBoolean(name, truth); break;
            case int or long or short or byte or uint: json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case double number when double.IsFinite(number): json.WriteNumber(name, number); break;
            default: json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (char letter in text)
        {
            if (letter == '\n')
                line.Append("\\n");
            else if (char.IsControl(letter) && letter != '\t')
                line.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            else
                line.Append(letter);
        }
    }
}
