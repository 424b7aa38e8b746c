using System.Xml;
using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Catalog.Rest.Routing;

namespace Tarn.Catalog.Rest.Configuration;

/// <summary><c>GET /v1/config</c>: what clients are told before anything else.</summary>
/// <param name="services">What the operation works with.</param>
/// <param name="routes">All rows, this one included.</param>
internal sealed class GetConfig(RestServices services, Func<IReadOnlyList<Route>> routes) : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        // A client that names no warehouse may name a prefix of its own, and overrides would beat it; DuckDB sends the parameter empty.
        string? asked = call.Request.Query["warehouse"] is { Length: > 0 } named ? named : null;
        string warehouse = asked ?? services.Warehouses.DefaultWarehouse;
        if (await services.Warehouses.FindAsync(warehouse, call.Session, cancellationToken) is null)
            throw new RestException(RestError.NoSuchWarehouse, $"Warehouse does not exist: {warehouse}");
        return RestAnswer.Json(json =>
        {
            json.WriteStartObject("defaults");
            if (asked is null)
                json.WriteString("prefix", Uri.EscapeDataString(warehouse));
            json.WriteEndObject();
            json.WriteStartObject("overrides");
            if (asked is not null)
                json.WriteString("prefix", Uri.EscapeDataString(warehouse));
            json.WriteString("namespace-separator", PathCoding.AdvertisedSeparator);
            foreach (var (key, value) in services.Options.ClientStorage?.Properties(call.Request.Host) ?? [])
                json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteStartArray("endpoints");
            foreach (var route in routes().Where(r => r.HasPrefix))
                json.WriteStringValue(route.Endpoint);
            json.WriteEndArray();
            json.WriteString("idempotency-key-lifetime", XmlConvert.ToString(services.Options.IdempotencyKeyLifetime));
        });
    }
}
