using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Serialization;

/// <summary>Annotations, and tables of other formats, in records and checkpoints. What nobody has is not written, so that older logs read the same.</summary>
internal static class ForeignJson
{
    private const string AnnotationsField = "annotations", PartitionsField = "partitions", RemovedField = "removed", TablesField = "foreign", VersionField = "version";

    public static void WriteAnnotations(Utf8JsonWriter json, ImmutableSortedDictionary<string, string>? annotations)
    {
        if (annotations is not null)
            CommitJson.WriteProperties(json, annotations, AnnotationsField);
    }

    public static ImmutableSortedDictionary<string, string>? ReadAnnotations(JsonElement json) =>
        json.TryGetProperty(AnnotationsField, out _) ? CommitJson.ReadProperties(json, AnnotationsField) : null;

    public static void Write(Utf8JsonWriter json, CatalogChange.PutForeignTable put)
    {
        CommitJson.WriteProperties(json, put.Properties);
        WritePartitions(json, put.Partitions);
        if (put.RemovedPartitions.Count > 0)
            CommitJson.WriteNames(json, RemovedField, put.RemovedPartitions);
    }

    public static CatalogChange.PutForeignTable Read(TableIdentifier table, JsonElement json) => new(
        table,
        CommitJson.ReadProperties(json),
        ReadPartitions(json),
        json.TryGetProperty(RemovedField, out var removed) ? [.. removed.EnumerateArray().Select(n => n.GetString()!)] : []);

    /// <summary>Writes what a checkpoint holds beyond the pointers: <c>"table-annotations":{"orders":{…}},"view-annotations":{…},"foreign":{…}</c>.</summary>
    public static void WriteState(Utf8JsonWriter json, NamespaceEntry entry)
    {
        WriteAnnotations(json, "table-annotations", entry.Tables.Select(t => KeyValuePair.Create(t.Key, t.Value.Annotations)));
        WriteAnnotations(json, "view-annotations", entry.Views.Select(v => KeyValuePair.Create(v.Key, v.Value.Annotations)));
        if (entry.ForeignTables.IsEmpty)
            return;
        json.WriteStartObject(TablesField);
        foreach (var (name, table) in entry.ForeignTables)
        {
            json.WriteStartObject(name);
            json.WriteNumber(VersionField, table.Version);
            CommitJson.WriteProperties(json, table.Properties);
            WritePartitions(json, table.Partitions);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static NamespaceEntry ReadState(JsonElement json, NamespaceEntry entry)
    {
        var (tables, views, foreign) = (entry.Tables, entry.Views, entry.ForeignTables);
        if (json.TryGetProperty("table-annotations", out var ofTables))
            tables = tables.SetItems(ofTables.EnumerateObject().Select(a => KeyValuePair.Create(a.Name, entry.Tables[a.Name] with { Annotations = CommitJson.ReadProperties(ofTables, a.Name) })));
        if (json.TryGetProperty("view-annotations", out var ofViews))
            views = views.SetItems(ofViews.EnumerateObject().Select(a => KeyValuePair.Create(a.Name, entry.Views[a.Name] with { Annotations = CommitJson.ReadProperties(ofViews, a.Name) })));
        if (json.TryGetProperty(TablesField, out var others))
            foreign = foreign.AddRange(others.EnumerateObject().Select(t => KeyValuePair.Create(t.Name, ReadTable(t.Value))));
        return entry with { Tables = tables, Views = views, ForeignTables = foreign };
    }

    private static ForeignEntry ReadTable(JsonElement json) => new(json.GetProperty(VersionField).GetInt64(), CommitJson.ReadProperties(json), ReadPartitions(json));

    private static void WriteAnnotations(Utf8JsonWriter json, string field, IEnumerable<KeyValuePair<string, ImmutableSortedDictionary<string, string>>> named)
    {
        var annotated = named.Where(n => !n.Value.IsEmpty).ToList();
        if (annotated.Count == 0)
            return;
        json.WriteStartObject(field);
        foreach (var (name, annotations) in annotated)
            CommitJson.WriteProperties(json, annotations, name);
        json.WriteEndObject();
    }

    private static void WritePartitions(Utf8JsonWriter json, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> partitions)
    {
        if (partitions.IsEmpty)
            return;
        json.WriteStartObject(PartitionsField);
        foreach (var (name, properties) in partitions)
            CommitJson.WriteProperties(json, properties, name);
        json.WriteEndObject();
    }

    private static ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> ReadPartitions(JsonElement json) =>
        json.TryGetProperty(PartitionsField, out var partitions)
            ? partitions.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => CommitJson.ReadProperties(partitions, p.Name), StringComparer.Ordinal)
            : ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);
}
