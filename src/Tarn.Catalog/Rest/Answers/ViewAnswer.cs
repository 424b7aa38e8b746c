using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;

namespace Tarn.Catalog.Rest.Answers;

/// <summary>A view as answer (<c>LoadViewResult</c>).</summary>
internal static class ViewAnswer
{
    public static RestAnswer Of(ViewHandle view) => RestAnswer.Json(json =>
    {
        json.WriteString("metadata-location", view.MetadataLocation);
        json.WritePropertyName("metadata");
        ViewMetadataJson.Write(json, view.Metadata);
        json.WriteStartObject("config");
        json.WriteEndObject();
    });
}
