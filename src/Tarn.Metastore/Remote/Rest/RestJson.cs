using System.Runtime.InteropServices;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>The JSON of requests and answers beside what <see cref="Tarn.Iceberg.Serialization.Json"/> has.</summary>
internal static class RestJson
{
    /// <summary>A body: one object.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> fields) => PlainJson.ToUtf8(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    }, maxDepth: RestLimits.JsonDepth);

    /// <summary>A namespace: an array of its levels.</summary>
    public static void WriteNamespace(this Utf8JsonWriter writer, string name, Namespace value) => writer.WriteTexts(name, value.Levels);

    /// <summary>A table or view (<c>TableIdentifier</c>).</summary>
    public static void WriteIdentifier(this Utf8JsonWriter writer, string name, TableIdentifier value)
    {
        writer.WriteStartObject(name);
        writer.WriteNamespace("namespace", value.Namespace);
        writer.WriteString("name", value.Name);
        writer.WriteEndObject();
    }

    public static void WriteTexts(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    public static void WriteMap(this Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, string>> values)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    /// <summary>The fields of a commit (<c>CommitTableRequest</c>).</summary>
    public static void WriteCommit(Utf8JsonWriter writer, TableCommit commit)
    {
        writer.WriteIdentifier("identifier", commit.Table);
        writer.WriteStartArray("requirements");
        foreach (var requirement in commit.Requirements)
            TableRequirementJson.Write(writer, requirement);
        writer.WriteEndArray();
        writer.WriteStartArray("updates");
        foreach (var update in commit.Updates)
            TableUpdateJson.Write(writer, update);
        writer.WriteEndArray();
    }

    public static Namespace ReadNamespace(JsonElement levels) => new([.. levels.EnumerateArray().Select(level => level.GetString() ?? throw new JsonException("a level is null"))]);

    public static TableIdentifier ReadIdentifier(JsonElement json) =>
        new(ReadNamespace(json.GetProperty("namespace")), json.GetProperty("name").GetString() ?? throw new JsonException("a name is null"));

    /// <summary>A loaded table (<c>LoadTableResult</c>, <c>CommitTableResponse</c>), with the text of its metadata as the server sent it.</summary>
    public static TableHandle ReadTable(JsonElement json, TableIdentifier table)
    {
        string location = LocationOf(json, $"Table '{table}'");
        var metadata = json.GetProperty("metadata");
        return new TableHandle(table, location, TableMetadataJson.Read(metadata, location)) { Content = JsonMarshal.GetRawUtf8Value(metadata).ToArray() };
    }

    /// <summary>A loaded view (<c>LoadViewResult</c>).</summary>
    public static ViewHandle ReadView(JsonElement json, TableIdentifier view)
    {
        string location = LocationOf(json, $"View '{view}'");
        return new ViewHandle(view, location, ViewMetadataJson.Read(json.GetProperty("metadata"), location));
    }

    private static string LocationOf(JsonElement json, string what) =>
        json.TryGetProperty("metadata-location", out var location) && location.ValueKind == JsonValueKind.String && location.GetString() is { Length: > 0 } text
            ? text
            : throw TarnException.Corrupted($"{what} came from the catalog without the location of its metadata file.");
}
