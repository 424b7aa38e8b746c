using System.Text.Json;
using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Rest.Namespaces;

/// <summary><c>POST namespaces/{namespace}/properties</c>: sets and removes properties in one step.</summary>
internal sealed class UpdateProperties : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var name = call.Namespace;
        var body = await call.ReadJsonAsync(cancellationToken);
        var updates = body.Optional("updates")?.AsStringMap() ?? NamespaceProperties.None;
        var removals = (body.Optional("removals")?.AsList() ?? []).Select(r => r.AsText()).Distinct(StringComparer.Ordinal).ToList();
        if (removals.Find(updates.ContainsKey) is { } both)
            throw new RestException(RestError.Unprocessable, $"The property '{both}' is in updates and in removals; it can be in one of them.");
        NamespaceProperties.Check(call, updates);
        var before = await call.Catalog.LoadNamespaceAsync(name, cancellationToken) ?? throw RestException.NoSuchNamespace(name);
        try
        {
            await call.Catalog.UpdateNamespaceAsync(name, updates, removals, cancellationToken);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.NotFound)
        {
            throw RestException.NoSuchNamespace(name);
        }

        return RestAnswer.Json(json =>
        {
            Write(json, "updated", updates.Keys);
            Write(json, "removed", removals.Where(before.ContainsKey));
            Write(json, "missing", removals.Where(r => !before.ContainsKey(r)));
        });
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> keys)
    {
        json.WriteStartArray(name);
        foreach (string key in keys)
            json.WriteStringValue(key);
        json.WriteEndArray();
    }
}
