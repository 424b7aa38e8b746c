using System.Text.Json;

namespace Tarn.Metastore.Serialization;

/// <summary>Former folders of tables in records and checkpoints. What no table has is not written, so that older logs read the same.</summary>
internal static class FormerFoldersJson
{
    private const string Field = "former-folders", StateField = "table-former-folders";

    /// <summary>Writes <c>"former-folders":["s3://lake/a"]</c>; nothing for null.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<string>? folders)
    {
        if (folders is not null)
            CommitJson.WriteNames(json, Field, folders);
    }

    public static IReadOnlyList<string>? Read(JsonElement json) => json.TryGetProperty(Field, out var folders) ? ReadNames(folders) : null;

    /// <summary>Writes those of a namespace in a checkpoint: <c>"table-former-folders":{"orders":["s3://lake/a"]}</c>.</summary>
    public static void WriteState(Utf8JsonWriter json, NamespaceEntry entry)
    {
        var moved = entry.Tables.Where(t => t.Value.FormerFolders.Count > 0).ToList();
        if (moved.Count == 0)
            return;
        json.WriteStartObject(StateField);
        foreach (var (name, table) in moved)
            CommitJson.WriteNames(json, name, table.FormerFolders);
        json.WriteEndObject();
    }

    public static NamespaceEntry ReadState(JsonElement json, NamespaceEntry entry) => json.TryGetProperty(StateField, out var tables)
        ? entry with { Tables = entry.Tables.SetItems(tables.EnumerateObject().Select(t => KeyValuePair.Create(t.Name, entry.Tables[t.Name] with { FormerFolders = ReadNames(t.Value) }))) }
        : entry;

    private static IReadOnlyList<string> ReadNames(JsonElement names) => [.. names.EnumerateArray().Select(n => n.GetString()!)];
}
