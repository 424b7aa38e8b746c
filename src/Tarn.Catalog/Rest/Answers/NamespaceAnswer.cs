using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Answers;

/// <summary>A namespace as answer (<c>CreateNamespaceResponse</c>, <c>GetNamespaceResponse</c>).</summary>
internal static class NamespaceAnswer
{
    public static RestAnswer Of(Namespace name, IEnumerable<KeyValuePair<string, string>> properties) => RestAnswer.Json(json =>
    {
        json.WritePropertyName("namespace");
        ListAnswer.WriteLevels(json, name);
        json.WriteStartObject("properties");
        foreach (var (key, value) in properties)
            json.WriteString(key, value);
        json.WriteEndObject();
    });
}
