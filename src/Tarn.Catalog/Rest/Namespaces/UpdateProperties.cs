using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary><c>POST namespaces/{namespace}/properties</c>: sets and removes properties in one step.</summary>
internal sealed class UpdateProperties : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var name = call.Namespace;
        var body = await call.ReadJsonAsync(cancellationToken);
        var (updates, removals) = Read(body);
        if (removals.Find(updates.ContainsKey) is { } both)
            throw new RestException(RestError.Unprocessable, $"The property '{both}' is in updates and in removals; it can be in one of them.");
        var before = await call.Catalog.LoadNamespaceAsync(name, cancellationToken) ?? throw RestException.NoSuchNamespace(name);
        try
        {
            await call.Catalog.UpdateNamespaceAsync(name, updates, removals, cancellationToken);
        }
        catch (MissingNamespaceException)
        {
            throw RestException.NoSuchNamespace(name);
        }

        return Of(updates, removals, before.ContainsKey);
    }

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken)
    {
        var (updates, removals) = Read(await call.ReadJsonAsync(cancellationToken));
        return Of(updates, removals, applied.Result.Contains);
    }

    private static (ImmutableSortedDictionary<string, string> Updates, List<string> Removals) Read(RestBody body) =>
        (body.Optional("updates")?.AsStringMap() ?? NamespaceProperties.None,
         (body.Optional("removals")?.AsList() ?? []).Select(r => r.AsText()).Distinct(StringComparer.Ordinal).ToList());

    private static RestAnswer Of(ImmutableSortedDictionary<string, string> updates, List<string> removals, Func<string, bool> wasThere) => RestAnswer.Json(json =>
    {
        Write(json, "updated", updates.Keys);
        Write(json, "removed", removals.Where(wasThere));
        Write(json, "missing", removals.Where(r => !wasThere(r)));
    });

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> keys)
    {
        json.WriteStartArray(name);
        foreach (string key in keys)
            json.WriteStringValue(key);
        json.WriteEndArray();
    }
}
