using System.Text.Json;
using Tarn.Core.Text;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Inspection;

/// <summary>Counts and bounds of a file by column name, as JSON: <c>{"id":{"column_size":43,"value_count":2,…,"lower_bound":1,"upper_bound":5}}</c>.</summary>
internal static class ReadableMetrics
{
    public static string ToJson(DataFile file, IReadOnlyList<(string Name, NestedField Field)> columns) => PlainJson.ToText(writer =>
    {
        writer.WriteStartObject();
        foreach (var (name, field) in columns)
        {
            writer.WriteStartObject(name);
            Count(writer, "column_size", file.ColumnSizes, field.Id);
            Count(writer, "value_count", file.ValueCounts, field.Id);
            Count(writer, "null_value_count", file.NullValueCounts, field.Id);
            Count(writer, "nan_value_count", file.NanValueCounts, field.Id);
            Bound(writer, "lower_bound", file.LowerBounds, field);
            Bound(writer, "upper_bound", file.UpperBounds, field);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static void Count(Utf8JsonWriter writer, string name, IReadOnlyDictionary<int, long>? counts, int id)
    {
        if (counts is not null && counts.TryGetValue(id, out long count))
            writer.WriteNumber(name, count);
        else
            writer.WriteNull(name);
    }

    private static void Bound(Utf8JsonWriter writer, string name, IReadOnlyDictionary<int, byte[]>? bounds, NestedField field)
    {
        writer.WritePropertyName(name);
        object? value = bounds is not null && bounds.TryGetValue(field.Id, out byte[]? bound) && BinarySingleValue.TryDeserialize(field.Type, bound, out object? read) ? read : null;
        JsonSingleValue.Write(writer, field.Type, value);
    }
}
