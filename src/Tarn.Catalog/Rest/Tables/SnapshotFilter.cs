using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tarn.Catalog.Rest.Requests;
using Tarn.Core.Text;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;

namespace Tarn.Catalog.Rest.Tables;

/// <summary>
/// Takes snapshots out of metadata that stays what it was otherwise, fields included that nobody here knows. What is left is kept as long as the metadata
/// itself is in memory, whose weight there allows for it: clients load twice for a query.
/// </summary>
internal sealed class SnapshotFilter
{
    private const string Snapshots = "snapshots";

    private static readonly JsonDocumentOptions s_reading = new() { MaxDepth = RestLimits.JsonDepth };
    private static readonly JsonWriterOptions s_writing = PlainJson.Options with { MaxDepth = RestLimits.JsonDepth, SkipValidation = true };

    private readonly ConditionalWeakTable<TableMetadata, Filtered> _kept = [];

    /// <summary>The metadata as UTF-8 JSON with the snapshots that are asked for.</summary>
    /// <param name="table">The table.</param>
    /// <param name="mode">Which snapshots.</param>
    public ReadOnlyMemory<byte> Apply(TableHandle table, SnapshotMode mode)
    {
        var content = table.Content.IsEmpty ? TableMetadataJson.Write(table.Metadata) : table.Content;
        return mode == SnapshotMode.All ? content : _kept.GetValue(table.Metadata, metadata => new Filtered(Filter(content, metadata))).Content;
    }

    private static ReadOnlyMemory<byte> Filter(ReadOnlyMemory<byte> content, TableMetadata metadata)
    {
        var wanted = metadata.Refs.Values.Select(r => r.SnapshotId).ToHashSet();
        if (metadata.Snapshots.All(s => wanted.Contains(s.SnapshotId)))
            return content;
        using var document = JsonDocument.Parse(content, s_reading);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_writing))
        {
            json.WriteStartObject();
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (!field.NameEquals(Snapshots))
                    field.WriteTo(json);
                else
                    Write(json, field.Value, wanted);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, JsonElement snapshots, HashSet<long> wanted)
    {
        json.WriteStartArray(Snapshots);
        foreach (var snapshot in snapshots.EnumerateArray().Where(s => wanted.Contains(s.GetProperty("snapshot-id").GetInt64())))
            snapshot.WriteTo(json);
        json.WriteEndArray();
    }

    private sealed record Filtered(ReadOnlyMemory<byte> Content);
}
