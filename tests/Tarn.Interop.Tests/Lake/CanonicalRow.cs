using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.DuckDb.Types;
using Tarn.Engine.Sessions;

namespace Tarn.Interop.Tests.Lake;

/// <summary>
/// Rows as canonical JSON, so that readers can be compared: 64-bit integers, decimals, moments and uuids are text, binary is hex, a map is a list of
/// pairs in the order of the key's JSON, NaN and infinities are words.
/// </summary>
internal static class CanonicalRow
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A row that Tarn's engine read.</summary>
    /// <param name="columns">The columns of the result.</param>
    /// <param name="batch">Rows of the result.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="zoned">Columns of nanoseconds with a zone, for which the engine has only a type without.</param>
    public static string Of(IReadOnlyList<ResultColumn> columns, ResultBatch batch, int row, IReadOnlySet<string> zoned)
        => Text(new JsonObject(columns.Select((c, i) => KeyValuePair.Create(c.Name, Node(c.Type, batch.GetValue(i, row) switch
        {
            DuckDbTimestamp t when zoned.Contains(c.Name) => t with { WithTimeZone = true },
            var value => value,
        })))));

    /// <summary>A row that another reader printed, its numbers brought to one spelling.</summary>
    public static string Of(string json) => Text(JsonNode.Parse(json)!);

    /// <summary>The one spelling of a JSON value: members in their order, no blanks, numbers as the shortest double.</summary>
    public static string Text(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject o:
                text.Append('{').AppendJoin(',', o.Select(m => $"{JsonSerializer.Serialize(m.Key, Plain)}:{Text(m.Value)}")).Append('}');
                break;
            case JsonArray a:
                text.Append('[').AppendJoin(',', a.Select(Text)).Append(']');
                break;
            case JsonValue v when v.GetValueKind() == JsonValueKind.Number:
                text.Append(double.Parse(v.ToJsonString(), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(node.ToJsonString(Plain));
                break;
        }
    }

    private static JsonNode? Node(DuckDbType type, object? value) => (type.Id, value) switch
    {
        (_, null) => null,
        (_, bool b) => JsonValue.Create(b),
        (DuckDbTypeId.Date, int days) => JsonValue.Create(Day(days)),
        (DuckDbTypeId.Time, long micros) => JsonValue.Create(Clock(micros, 6)),
        (_, int i) => JsonValue.Create(i),
        (_, long l) => JsonValue.Create(l.ToString(CultureInfo.InvariantCulture)),
        (_, float f) => Number(f),
        (_, double d) => Number(d),
        (_, DuckDbTimestamp t) => JsonValue.Create(Moment(t)),
        (_, string s) => JsonValue.Create(s),
        (_, byte[] b) => JsonValue.Create(Convert.ToHexStringLower(b)),
        (_, KeyValuePair<string, object?>[] fields) => new JsonObject(fields.Select((f, i) => KeyValuePair.Create(f.Key, Node(type.Children[i].Type, f.Value)))),
        (_, KeyValuePair<object, object?>[] entries) => new JsonArray([.. entries
            .Select(e => new JsonArray(Node(type.Children[0].Type, e.Key), Node(type.Children[1].Type, e.Value)))
            .OrderBy(pair => Text(pair[0]), StringComparer.Ordinal)]),
        (_, object?[] items) => new JsonArray([.. items.Select(i => Node(type.Element, i))]),
        _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };

    private static JsonNode Number(double value) => double.IsFinite(value)
        ? JsonNode.Parse(value.ToString("R", CultureInfo.InvariantCulture))!
        : JsonValue.Create(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

    private static string Day(long days) => DateOnly.FromDayNumber(checked((int)(days + 719162))).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Clock(long units, int digits)
    {
        long perSecond = (long)Math.Pow(10, digits);
        var (seconds, fraction) = Math.DivRem(units, perSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}.") + fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    private static string Moment(DuckDbTimestamp t)
    {
        int digits = t.Unit == DuckDbTimestampUnit.Nanoseconds ? 9 : 6;
        long perDay = 86400 * (long)Math.Pow(10, digits);
        long days = Math.DivRem(t.Value, perDay, out long rest);
        if (rest < 0)
            (days, rest) = (days - 1, rest + perDay);
        return $"{Day(days)}T{Clock(rest, digits)}{(t.WithTimeZone ? "Z" : "")}";
    }
}
