using System.Globalization;
using System.Text.Json;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>
/// Whether a value of a table says the same as the value in a file: numbers by value, times by instant, a missing key as null, a value of a
/// column with mixed types as its text.
/// </summary>
internal static class JsonAgreement
{
    public static string? Difference(JsonElement expected, JsonElement actual, string path = "") => (expected.ValueKind, actual.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => Members(expected, actual, path),
        (JsonValueKind.Array, JsonValueKind.Array) => Items(expected, actual, path),
        (JsonValueKind.Object or JsonValueKind.Array, JsonValueKind.String) => Reparsed(expected, actual, path),
        _ => Same(expected, actual) ? null : $"{path} is {Shown(actual)} instead of {Shown(expected)}",
    };

    private static string? Members(JsonElement expected, JsonElement actual, string path)
    {
        foreach (var member in expected.EnumerateObject())
        {
            var found = actual.EnumerateObject().FirstOrDefault(m => m.Name == member.Name);
            if (found.Value.ValueKind == JsonValueKind.Undefined ? member.Value.ValueKind != JsonValueKind.Null : false)
                return $"{path}.{member.Name} is missing";
            if (found.Value.ValueKind != JsonValueKind.Undefined && Difference(member.Value, found.Value, $"{path}.{member.Name}") is { } difference)
                return difference;
        }

        var extra = actual.EnumerateObject().FirstOrDefault(m => m.Value.ValueKind != JsonValueKind.Null && !expected.TryGetProperty(m.Name, out _));
        return extra.Value.ValueKind == JsonValueKind.Undefined ? null : $"{path}.{extra.Name} is extra";
    }

    private static string? Items(JsonElement expected, JsonElement actual, string path)
    {
        if (expected.GetArrayLength() != actual.GetArrayLength())
            return $"{path} has {actual.GetArrayLength()} items instead of {expected.GetArrayLength()}";
        return expected.EnumerateArray().Zip(actual.EnumerateArray()).Select((p, i) => Difference(p.First, p.Second, $"{path}[{i}]")).FirstOrDefault(d => d is not null);
    }

    private static string? Reparsed(JsonElement expected, JsonElement actual, string path)
    {
        using var parsed = JsonDocument.Parse(actual.GetString()!);
        return Difference(expected, parsed.RootElement, path);
    }

    private static bool Same(JsonElement expected, JsonElement actual)
    {
        string? left = Text(expected), right = Text(actual);
        if (left == right)
            return true;
        if (left is null || right is null)
            return false;
        if (actual.ValueKind == JsonValueKind.Number || expected.ValueKind == JsonValueKind.Number)
            return Number(left, out double a) && Number(right, out double b) && a.Equals(b);
        if (actual.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
        return Instant(left, out var first) && Instant(right, out var second) && first == second;
    }

    private static string? Text(JsonElement value) => value.ValueKind is JsonValueKind.Null ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

    private static bool Number(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static bool Instant(string text, out DateTimeOffset value) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);

    private static string Shown(JsonElement value) => value.GetRawText() is { Length: > 100 } text ? text[..100] : value.GetRawText();
}
