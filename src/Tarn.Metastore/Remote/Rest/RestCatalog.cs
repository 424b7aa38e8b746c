using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>
/// An external Iceberg REST catalog: Tarn is its client. Commits go out as data and the server applies them; files are read and written by the object store that
/// Tarn is configured with, so that keys which a server vends are not asked for. Safe for any number of threads.
/// </summary>
/// <remarks>
/// Beyond <see cref="ICatalog"/>: Unavailable when the server cannot be reached, Unauthenticated and PermissionDenied as it says, Unsupported for what it
/// does not offer, and <see cref="CommitStateUnknownException"/> after every change whose answer was lost or is 5XX, also when its repetition is refused.
/// </remarks>
public sealed partial class RestCatalog : ICatalog, IDisposable
{
    private readonly RestCatalogOptions _options;
    private readonly RestSession _session;

    /// <summary>A client; connects when it is used.</summary>
    /// <param name="http">Sends the requests; not disposed of. It must not follow redirects.</param>
    /// <param name="options">Which catalog.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="random">Spreads waits; null for the shared one.</param>
    public RestCatalog(HttpClient http, RestCatalogOptions options, TimeProvider? time = null, Random? random = null)
    {
        if (options.Token is not null && options.Credential is not null)
            throw new ArgumentException("A catalog has a token or a credential, not both.", nameof(options));
        _options = options;
        _session = new RestSession(http, options, time ?? TimeProvider.System, random ?? Random.Shared);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public async ValueTask<Page<Namespace>> ListNamespacesAsync(Namespace parent, PageRequest page = default, CancellationToken cancellationToken = default)
    {
        string query = parent.IsRoot ? "" : "parent=" + await EscapeAsync(parent, cancellationToken).ConfigureAwait(false) + "&";
        string purpose = parent.IsRoot ? "list namespaces" : $"list namespaces of '{parent}'";
        var found = await ListAsync("namespaces?" + query, purpose, "namespaces", RestJson.ReadNamespace, cancellationToken).ConfigureAwait(false);
        // Some servers answer with everything below, some with the parent too.
        return Paging.Of(Ordered(found.Where(n => n.Levels.Count == parent.Levels.Count + 1), n => n.Levels[^1]), page, n => n.Levels[^1]);
    }

    /// <inheritdoc/>
    public async ValueTask CreateNamespaceAsync(Namespace @namespace, ImmutableSortedDictionary<string, string> properties, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(@namespace);
        if (!@namespace.Parent.IsRoot && await LoadNamespaceAsync(@namespace.Parent, cancellationToken).ConfigureAwait(false) is null)
            throw new MissingNamespaceException(@namespace.Parent, $"Namespace '{@namespace.Parent}' does not exist, so '{@namespace}' cannot be created in it.");
        byte[] body = RestJson.Object(json =>
        {
            json.WriteNamespace("namespace", @namespace);
            json.WriteMap("properties", properties);
        });
        (await SendAsync(new RestRequest(HttpMethod.Post, "namespaces", $"create namespace '{@namespace}'") { Body = body }, cancellationToken).ConfigureAwait(false)).Require();
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableSortedDictionary<string, string>?> LoadNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        if (@namespace.IsRoot)
            return null;
        var reply = await SendAsync(new RestRequest(HttpMethod.Get, await PathAsync(@namespace, cancellationToken).ConfigureAwait(false), $"load namespace '{@namespace}'"), cancellationToken).ConfigureAwait(false);
        return reply.Status == 404 ? null : reply.Require().Read(json => json.TryGetProperty("properties", out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString() ?? "", StringComparer.Ordinal)
            : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public async ValueTask UpdateNamespaceAsync(Namespace @namespace, IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals, CancellationToken cancellationToken = default)
    {
        if (removals.FirstOrDefault(updates.ContainsKey) is { } both)
            throw TarnException.Invalid($"Property '{both}' of namespace '{@namespace}' is to be set and removed at once; do one of the two.");
        if (updates.Count == 0 && removals.Count == 0)
        {
            _ = await LoadNamespaceAsync(@namespace, cancellationToken).ConfigureAwait(false) ?? throw new MissingNamespaceException(@namespace, $"Namespace '{@namespace}' does not exist.");
            return;
        }

        byte[] body = RestJson.Object(json =>
        {
            json.WriteTexts("removals", removals);
            json.WriteMap("updates", updates);
        });
        string path = await PathAsync(@namespace, cancellationToken).ConfigureAwait(false) + "/properties";
        (await SendAsync(new RestRequest(HttpMethod.Post, path, $"change properties of namespace '{@namespace}'") { Body = body }, cancellationToken).ConfigureAwait(false)).Require();
    }

    /// <inheritdoc/>
    public async ValueTask DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        CatalogNames.Require(@namespace);
        string path = await PathAsync(@namespace, cancellationToken).ConfigureAwait(false);
        (await SendAsync(new RestRequest(HttpMethod.Delete, path, $"drop namespace '{@namespace}'"), cancellationToken).ConfigureAwait(false)).Require();
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private ValueTask<RestReply> SendAsync(RestRequest request, CancellationToken cancellationToken) => _session.SendAsync(request, cancellationToken);

    private async ValueTask<string> EscapeAsync(Namespace name, CancellationToken cancellationToken) =>
        RestAddress.Escape(name, (await _session.ConfigAsync(cancellationToken).ConfigureAwait(false)).Separator);

    private async ValueTask<string> PathAsync(Namespace name, CancellationToken cancellationToken) => "namespaces/" + RestAddress.Segment(await EscapeAsync(name, cancellationToken).ConfigureAwait(false));

    /// <summary>Everything of a list: servers order as they like, and pages of Tarn are in order.</summary>
    /// <param name="path">Path with the start of its query.</param>
    /// <param name="purpose">For messages.</param>
    /// <param name="property">What the names stand in.</param>
    /// <param name="read">Reads a name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    private async ValueTask<List<T>> ListAsync<T>(string path, string purpose, string property, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        string? token = "";
        for (int page = 0; token is not null; page++)
        {
            if (page == RestLimits.Pages)
                throw new TarnException(ErrorKind.ResourceExhausted, $"The catalog did not {purpose} in {RestLimits.Pages} pages, which is the limit: {found.Count} names came. It may give the same page for ever.");
            string pagePath = $"{path}pageToken={Uri.EscapeDataString(token)}&pageSize={RestLimits.PageEntries}";
            token = (await SendAsync(new RestRequest(HttpMethod.Get, pagePath, purpose), cancellationToken).ConfigureAwait(false)).Require().Read(json =>
            {
                found.AddRange(json.GetProperty(property).EnumerateArray().Select(read));
                return json.TryGetProperty("next-page-token", out var next) && next.ValueKind == JsonValueKind.String && next.GetString() is { Length: > 0 } text ? text : null;
            });
        }

        return found;
    }

    private static IEnumerable<T> Ordered<T>(IEnumerable<T> items, Func<T, string> name) => items.DistinctBy(name, StringComparer.Ordinal).OrderBy(name, StringComparer.Ordinal);
}
