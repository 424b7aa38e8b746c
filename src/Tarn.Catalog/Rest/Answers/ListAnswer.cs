using System.Text.Json;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Answers;

/// <summary>Pages of namespaces and identifiers as answers.</summary>
internal static class ListAnswer
{
    /// <summary><c>ListNamespacesResponse</c>.</summary>
    public static RestAnswer Namespaces(Page<Namespace> page) => RestAnswer.Json(json =>
    {
        WriteToken(json, page.NextToken);
        json.WriteStartArray("namespaces");
        foreach (var name in page.Items)
            WriteLevels(json, name);
        json.WriteEndArray();
    });

    /// <summary><c>ListTablesResponse</c>, which views and functions have too.</summary>
    public static RestAnswer Identifiers(Page<TableIdentifier> page) => RestAnswer.Json(json =>
    {
        WriteToken(json, page.NextToken);
        json.WriteStartArray("identifiers");
        foreach (var name in page.Items)
        {
            json.WriteStartObject();
            json.WritePropertyName("namespace");
            WriteLevels(json, name.Namespace);
            json.WriteString("name", name.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The levels of a namespace as an array.</summary>
    public static void WriteLevels(Utf8JsonWriter json, Namespace name)
    {
        json.WriteStartArray();
        foreach (string level in name.Levels)
            json.WriteStringValue(level);
        json.WriteEndArray();
    }

    private static void WriteToken(Utf8JsonWriter json, string? token)
    {
        if (token is not null)
            json.WriteString("next-page-token", token);
    }
}
