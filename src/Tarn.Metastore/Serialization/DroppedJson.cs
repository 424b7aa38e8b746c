using System.Collections.Immutable;
using System.Text.Json;

namespace Tarn.Metastore.Serialization;

/// <summary>What was dropped and is kept, in checkpoints.</summary>
internal static class DroppedJson
{
    private const string Field = "dropped";

    /// <summary>Writes <c>"dropped":[{…}]</c>; nothing when nothing is kept.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableSortedDictionary<DroppedKey, DroppedEntry> dropped)
    {
        if (dropped.IsEmpty)
            return;
        json.WriteStartArray(Field);
        foreach (var (key, entry) in dropped)
        {
            json.WriteStartObject();
            StoreChangeJson.WriteKey(json, key);
            CommitJson.WriteAddress(json, entry.At);
            CommitJson.WriteNames(json, "name", CommitJson.Parts(entry.Name));
            json.WriteBoolean("view", entry.IsView);
            if (entry.Uuid is { } uuid)
                json.WriteString("uuid", uuid);
            json.WriteString("metadata", entry.MetadataLocation);
            CommitJson.WriteTime(json, "time", entry.Time);
            json.WriteString("principal", entry.Principal);
            StoreChangeJson.WriteRetention(json, entry.Retention);
            json.WriteBoolean("expiring", entry.IsExpiring);
            if (!entry.Annotations.IsEmpty)
                ForeignJson.WriteAnnotations(json, entry.Annotations);
            if (entry.FormerFolders.Count > 0)
                FormerFoldersJson.Write(json, entry.FormerFolders);
            if (entry.Common.Count > 0)
                CommitJson.WriteNames(json, "common", entry.Common);
            if (entry.IsKept)
                json.WriteBoolean("kept", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static ImmutableSortedDictionary<DroppedKey, DroppedEntry> Read(JsonElement state) =>
        state.TryGetProperty(Field, out var dropped)
            ? dropped.EnumerateArray().ToImmutableSortedDictionary(StoreChangeJson.ReadKey, ReadEntry)
            : LogState.Empty.Dropped;

    private static DroppedEntry ReadEntry(JsonElement json) => new(
        CommitJson.ReadAddress(json),
        CommitJson.ReadIdentifier(json, "name"),
        json.GetProperty("view").GetBoolean(),
        json.TryGetProperty("uuid", out var uuid) ? uuid.GetGuid() : null,
        CommitJson.Text(json, "metadata"),
        CommitJson.ReadTime(json, "time"),
        CommitJson.Text(json, "principal"),
        StoreChangeJson.ReadRetention(json) ?? throw new FormatException("'until' is missing."),
        json.GetProperty("expiring").GetBoolean())
    {
        Annotations = ForeignJson.ReadAnnotations(json) ?? ImmutableSortedDictionary<string, string>.Empty,
        FormerFolders = FormerFoldersJson.Read(json) ?? [],
        Common = json.TryGetProperty("common", out var common) ? [.. common.EnumerateArray().Select(c => c.GetString()!)] : [],
        IsKept = json.TryGetProperty("kept", out var kept) && kept.GetBoolean(),
    };
}
