using System.Globalization;
using System.Text.Json;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Serialization.Manifests;

/// <summary>The canonical text of values in the expected files.</summary>
internal static class ExpectedValue
{
    internal static string Text(IcebergType type, object? value) => (type.Id, value) switch
    {
        (_, null) => "null",
        (TypeId.Date, int days) => IsoText.Date(days),
        (TypeId.Time, long micros) => IsoText.Time(micros, 6),
        (TypeId.Timestamp, long micros) => IsoText.Timestamp(micros, 6, false),
        (TypeId.TimestampTz, long micros) => IsoText.Timestamp(micros, 6, false) + "Z",
        (TypeId.TimestampNs, long nanos) => IsoText.Timestamp(nanos, 9, false),
        (TypeId.TimestampTzNs, long nanos) => IsoText.Timestamp(nanos, 9, false) + "Z",
        (_, byte[] bytes) => Convert.ToHexStringLower(bytes),
        (_, float number) => Text(number),
        (_, double number) => Text(number),
        (_, bool flag) => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    internal static string Text(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ when json.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') >= 0 => Text(json.GetDouble()),
        _ => json.GetRawText(),
    };

    private static string Text(double number) =>
        number == 0 && double.IsNegative(number) ? "-0.0" : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity")
            : number == Math.Truncate(number) && Math.Abs(number) < 1e15 ? number.ToString("F1", CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);
}
