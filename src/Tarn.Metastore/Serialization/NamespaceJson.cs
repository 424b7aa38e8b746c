using System.Text.Json;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Serialization;

/// <summary>A namespace with what is directly inside, in checkpoints.</summary>
internal static class NamespaceJson
{
    private const string Protected = "protected", Common = "common";

    public static void Write(Utf8JsonWriter json, Namespace name, NamespaceEntry entry)
    {
        json.WriteStartObject();
        CommitJson.WriteNames(json, "name", name.Levels);
        CommitJson.WriteProperties(json, entry.Properties);
        if (entry.IsProtected)
            json.WriteBoolean(Protected, true);
        WritePointers(json, "tables", entry.Tables.Select(t => (t.Key, t.Value.Uuid, t.Value.MetadataLocation, t.Value.IsProtected)));
        WritePointers(json, "views", entry.Views.Select(v => (v.Key, (Guid?)v.Value.Uuid, v.Value.MetadataLocation, v.Value.IsProtected)));
        ForeignJson.WriteState(json, entry);
        FormerFoldersJson.WriteState(json, entry);
        WriteCommon(json, entry);
        json.WriteEndObject();
    }

    public static KeyValuePair<Namespace, NamespaceEntry> Read(JsonElement json)
    {
        var entry = NamespaceEntry.Create(CommitJson.ReadProperties(json));
        return KeyValuePair.Create(CommitJson.ReadNamespace(json, "name"), ReadCommon(json, FormerFoldersJson.ReadState(json, ForeignJson.ReadState(json, entry with
        {
            IsProtected = json.TryGetProperty(Protected, out _),
            Tables = entry.Tables.AddRange(json.GetProperty("tables").EnumerateObject().Select(t => KeyValuePair.Create(t.Name, ReadTable(t.Value)))),
            Views = entry.Views.AddRange(json.GetProperty("views").EnumerateObject().Select(v => KeyValuePair.Create(v.Name, ReadView(v.Value)))),
        }))));
    }

    // Of tables and views that were brought back on a branch: {"common":{"orders":["s3://…"]}}. They share one name space.
    private static void WriteCommon(Utf8JsonWriter json, NamespaceEntry entry)
    {
        var back = entry.Tables.Select(t => (Name: t.Key, t.Value.Common)).Concat(entry.Views.Select(v => (Name: v.Key, v.Value.Common))).Where(b => b.Common.Count > 0).ToList();
        if (back.Count == 0)
            return;
        json.WriteStartObject(Common);
        foreach (var (name, common) in back)
            CommitJson.WriteNames(json, name, common);
        json.WriteEndObject();
    }

    private static NamespaceEntry ReadCommon(JsonElement json, NamespaceEntry entry) => !json.TryGetProperty(Common, out var back) ? entry : entry with
    {
        Tables = entry.Tables.SetItems(back.EnumerateObject().Where(t => entry.Tables.ContainsKey(t.Name)).Select(t => KeyValuePair.Create(t.Name, entry.Tables[t.Name] with { Common = Names(t.Value) }))),
        Views = entry.Views.SetItems(back.EnumerateObject().Where(v => entry.Views.ContainsKey(v.Name)).Select(v => KeyValuePair.Create(v.Name, entry.Views[v.Name] with { Common = Names(v.Value) }))),
    };

    private static IReadOnlyList<string> Names(JsonElement json) => [.. json.EnumerateArray().Select(n => n.GetString()!)];

    public static void WriteName(Utf8JsonWriter json, Namespace name)
    {
        json.WriteStartArray();
        foreach (string level in name.Levels)
            json.WriteStringValue(level);
        json.WriteEndArray();
    }

    public static Namespace ReadName(JsonElement json) => new(Names(json));

    // [metadata, uuid or null, protected], as short as it can be.
    private static void WritePointers(Utf8JsonWriter json, string field, IEnumerable<(string Name, Guid? Uuid, string Metadata, bool IsProtected)> pointers)
    {
        json.WriteStartObject(field);
        foreach (var (name, uuid, metadata, isProtected) in pointers)
        {
            json.WriteStartArray(name);
            json.WriteStringValue(metadata);
            if (uuid is { } known)
                json.WriteStringValue(known);
            else if (isProtected)
                json.WriteNullValue();
            if (isProtected)
                json.WriteStringValue(Protected);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static TableEntry ReadTable(JsonElement json) => new(
        json.GetArrayLength() > 1 && json[1].ValueKind == JsonValueKind.String ? json[1].GetGuid() : null,
        json[0].GetString()!)
    {
        IsProtected = json.GetArrayLength() > 2,
    };

    private static ViewEntry ReadView(JsonElement json) => new(json[1].GetGuid(), json[0].GetString()!) { IsProtected = json.GetArrayLength() > 2 };
}
