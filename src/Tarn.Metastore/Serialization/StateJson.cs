using System.Buffers;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;

namespace Tarn.Metastore.Serialization;

/// <summary>The whole state as JSON, for checkpoints.</summary>
internal static class StateJson
{
    /// <summary>Version of the form. Another version's checkpoint is not read; the log is.</summary>
    public const int Form = 8;

    public static byte[] Write(LogState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, PlainJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("number", state.Number);
            CommitJson.WriteTime(json, "time", state.Time);
            json.WriteStartArray("warehouses");
            foreach (var (name, warehouse) in state.Warehouses)
                WarehouseJson.Write(json, name, warehouse);
            json.WriteEndArray();
            DroppedJson.Write(json, state.Dropped);
            AccessJson.Write(json, state.Access);
            RequestJson.Write(json, state.Applied);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="TarnException">DataCorrupted for anything that is not a state.</exception>
    public static LogState Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            var time = CommitJson.ReadTime(root, "time");
            return LogState.Empty with
            {
                Number = root.GetProperty("number").GetInt64(),
                Time = time,
                Warehouses = LogState.Empty.Warehouses.SetItems(root.GetProperty("warehouses").EnumerateArray().Select(WarehouseJson.Read)),
                Dropped = DroppedJson.Read(root),
                Access = AccessJson.Read(root),
                Applied = RequestJson.Read(root, time),
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw TarnException.Corrupted($"The checkpoint of the commit log is not a state: {JsonDefect.Explain(content.Span, error)}.", error);
        }
    }
}
