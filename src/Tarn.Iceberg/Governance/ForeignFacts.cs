using System.Text.Json;
using Tarn.Core.Text;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Iceberg.Governance;

/// <summary>What people are told about a table of another format: its comment, its owner and the columns that its metastore lists. It has no tags.</summary>
internal static class ForeignFacts
{
    private const string Comment = "parameters.comment", Owner = "owner", Columns = "sd.cols", PartitionKeys = "partitionKeys";

    /// <summary>Reads a description; <see cref="ObjectFacts.Unreadable"/> when a list in it is damaged.</summary>
    public static ObjectFacts Of(ForeignTable table)
    {
        var properties = table.Properties;
        try
        {
            return new ObjectFacts(
                properties.GetValueOrDefault(Comment), properties.GetValueOrDefault(Owner), [], [.. Listed(properties.GetValueOrDefault(Columns)), .. Listed(properties.GetValueOrDefault(PartitionKeys))]);
        }
        catch (JsonException error)
        {
            return ObjectFacts.Unreadable($"A list of columns in the description of the table is damaged: {error.Message}.");
        }
    }

    private static ColumnFacts[] Listed(string? json)
    {
        if (json is null)
            return [];
        using var document = Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new JsonException($"an array is expected and there is {document.RootElement.ValueKind}");
        return [.. document.RootElement.EnumerateArray().Select(column => new ColumnFacts(Text(column, "name") ?? throw new JsonException("a column has no name"), Text(column, "comment"), []))];
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw new JsonException(JsonDefect.Explain(json, error), error);
        }
    }

    private static string? Text(JsonElement column, string name) =>
        column.ValueKind == JsonValueKind.Object && column.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
