using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;

namespace Tarn.Catalog.Rest.Answers;

/// <summary>A view as answer (<c>LoadViewResult</c>).</summary>
internal static class ViewAnswer
{
    public static RestAnswer Of(ViewHandle view)
    {
        var content = RestAnswer.Json(json =>
        {
            json.WriteString("metadata-location", view.MetadataLocation);
            json.WritePropertyName("metadata");
            ViewMetadataJson.Write(json, view.Metadata);
            json.WriteStartObject("config");
            json.WriteEndObject();
        });
        return content with { Reload = ReloadOf(view.Identifier) };
    }

    // Holds the name alone: an answer may be kept for long, and with it would be all that it holds on to.
    private static Func<RestCall, CancellationToken, ValueTask<RestAnswer>> ReloadOf(TableIdentifier name) => async (repeated, cancellationToken) =>
        Of(await repeated.Catalog.LoadViewAsync(name, cancellationToken) ?? throw RestException.NoSuchView(name));
}
