using System.Text.Json;
using Tarn.Access.Store;

namespace Tarn.Metastore.Serialization;

/// <summary>Documents about identities in records and checkpoints. They are JSON themselves and stand there as they are.</summary>
internal static class AccessJson
{
    private const string Field = "access", DocumentField = "document";

    public static void WriteDocument(Utf8JsonWriter json, string? document)
    {
        if (document is null)
            return;
        json.WritePropertyName(DocumentField);
        json.WriteRawValue(document);
    }

    public static AccessRecordChange ReadChange(JsonElement json)
    {
        var name = json.GetProperty("name");
        var key = new AccessRecordKey(name[0].GetString()!, name[1].GetString()!);
        return new AccessRecordChange(key, json.TryGetProperty(DocumentField, out var document) ? document.GetRawText() : null);
    }

    /// <summary>Writes <c>"access":{"version":7,"documents":[["user","ada",{…}]]}</c>; nothing when there never was a document.</summary>
    public static void Write(Utf8JsonWriter json, AccessRecords access)
    {
        if (access.Version == 0)
            return;
        json.WriteStartObject(Field);
        json.WriteNumber("version", access.Version);
        json.WriteStartArray("documents");
        foreach (var (key, document) in access.Documents)
        {
            json.WriteStartArray();
            json.WriteStringValue(key.Kind);
            json.WriteStringValue(key.Name);
            json.WriteRawValue(document);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static AccessRecords Read(JsonElement state)
    {
        if (!state.TryGetProperty(Field, out var json))
            return AccessRecords.Empty;
        var documents = json.GetProperty("documents").EnumerateArray()
            .Select(d => KeyValuePair.Create(new AccessRecordKey(d[0].GetString()!, d[1].GetString()!), d[2].GetRawText()));
        return new AccessRecords(json.GetProperty("version").GetInt64(), AccessRecords.Empty.Documents.AddRange(documents));
    }
}
