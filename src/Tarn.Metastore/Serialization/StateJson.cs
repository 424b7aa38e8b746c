using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Serialization;

/// <summary>The whole state as JSON, for checkpoints.</summary>
internal static class StateJson
{
    public static byte[] Write(CatalogState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, CommitJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("number", state.Number);
            json.WriteString("time", state.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteStartArray("namespaces");
            foreach (var (name, entry) in state.Namespaces)
                WriteNamespace(json, name, entry);
            json.WriteEndArray();
            AccessJson.Write(json, state.Access);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="TarnException">DataCorrupted for anything that is not a state.</exception>
    public static CatalogState Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            return CatalogState.Restore(
                root.GetProperty("number").GetInt64(),
                new DateTimeOffset(root.GetProperty("time").GetDateTime(), TimeSpan.Zero),
                root.GetProperty("namespaces").EnumerateArray().Select(ReadNamespace),
                AccessJson.Read(root));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw TarnException.Corrupted($"The checkpoint of the commit log is not a state: {error.Message}", error);
        }
    }

    private static void WriteNamespace(Utf8JsonWriter json, Namespace name, NamespaceEntry entry)
    {
        json.WriteStartObject();
        CommitJson.WriteNames(json, "name", name.Levels);
        CommitJson.WriteProperties(json, entry.Properties);
        WritePointers(json, "tables", entry.Tables.Select(t => (t.Key, t.Value.Uuid, t.Value.MetadataLocation)));
        WritePointers(json, "views", entry.Views.Select(v => (v.Key, (Guid?)v.Value.Uuid, v.Value.MetadataLocation)));
        ForeignJson.WriteState(json, entry);
        json.WriteEndObject();
    }

    private static void WritePointers(Utf8JsonWriter json, string field, IEnumerable<(string Name, Guid? Uuid, string Metadata)> pointers)
    {
        json.WriteStartObject(field);
        foreach (var (name, uuid, metadata) in pointers)
        {
            json.WriteStartArray(name);
            json.WriteStringValue(metadata);
            if (uuid is { } known)
                json.WriteStringValue(known);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static KeyValuePair<Namespace, NamespaceEntry> ReadNamespace(JsonElement json)
    {
        var entry = NamespaceEntry.Create(CommitJson.ReadProperties(json));
        return KeyValuePair.Create(CommitJson.ReadNamespace(json, "name"), ForeignJson.ReadState(json, entry with
        {
            Tables = entry.Tables.AddRange(json.GetProperty("tables").EnumerateObject().Select(t => KeyValuePair.Create(t.Name, ReadTable(t.Value)))),
            Views = entry.Views.AddRange(json.GetProperty("views").EnumerateObject().Select(v => KeyValuePair.Create(v.Name, ReadView(v.Value)))),
        }));
    }

    private static TableEntry ReadTable(JsonElement json) => new(json.GetArrayLength() > 1 ? json[1].GetGuid() : null, json[0].GetString()!);

    private static ViewEntry ReadView(JsonElement json) => new(json[1].GetGuid(), json[0].GetString()!);
}
