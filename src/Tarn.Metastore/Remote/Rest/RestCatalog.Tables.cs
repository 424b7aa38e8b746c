using Tarn.Core.Caching;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Catalogs.Committing;

namespace Tarn.Metastore.Remote.Rest;

/// <content>Tables beside their commits.</content>
public sealed partial class RestCatalog
{
    // The text, and what it becomes in memory: objects and UTF-16 take some three times as much.
    private const int WeightPerByte = 4;
    private const long LeastWeightBytes = 4096;

    // A table is staged only to learn where the server would put it; the server keeps nothing of it.
    private static readonly Schema s_staged = new(0, [new NestedField(1, "staged", false, SimpleType.Int)]);

    private readonly WeighedCache<string, KnownTable> _known = new(RestLimits.CachedTablesBytes);

    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListTablesAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        @namespace.IsRoot ? new Page<TableIdentifier>([]) : await ListNamesAsync(@namespace, "tables", page, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> LoadTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        if (table.Namespace.IsRoot || table.Name.Length == 0)
            return null;
        string path = await PathAsync(table, "tables", cancellationToken).ConfigureAwait(false);
        var known = _known.Find(path);
        var reply = await SendAsync(new RestRequest(HttpMethod.Get, path, $"load table '{table}'") { IfNoneMatch = known?.EntityTag }, cancellationToken).ConfigureAwait(false);
        if (reply.Status == 304 && known is not null)
            return known.Table;
        _known.Forget(path);
        if (reply.Status == 404)
            return IsWithoutFile(reply.Error) ? throw TarnException.Corrupted(RestErrorMapping.Of(reply).Message) : null;
        var loaded = reply.Require().Read(json => RestJson.ReadTable(json, table));
        if (reply.EntityTag is { } tag)
            _known.Keep(path, new KnownTable(tag, loaded), LeastWeightBytes + ((long)loaded.Content.Length * WeightPerByte));
        return loaded;
    }

    /// <summary>The location that the server would give a table: it is asked to stage one.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<string> NewTableLocationAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(table);
        byte[] body = RestJson.Object(json =>
        {
            json.WriteString("name", table.Name);
            json.WritePropertyName("schema");
            SchemaJson.Write(json, s_staged);
            json.WriteBoolean("stage-create", true);
        });
        string path = await PathAsync(table.Namespace, cancellationToken).ConfigureAwait(false) + "/tables";
        var reply = await SendAsync(new RestRequest(HttpMethod.Post, path, $"stage table '{table}'") { Body = body, IsRead = true }, cancellationToken).ConfigureAwait(false);
        return reply.Require().Read(json => json.GetProperty("metadata").GetProperty("location").GetString() ?? throw new FormatException("the staged table has no location"));
    }

    /// <summary>
    /// Registers a metadata file as a table. In place of another state only Tarn's own catalogs can do it: the protocol overwrites without comparing, and
    /// a commit of somebody else in between would be lost.
    /// </summary>
    /// <param name="table">Its name.</param>
    /// <param name="metadataLocation">The file, which the server must be able to read.</param>
    /// <param name="replaced">Must be null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<TableHandle> RegisterTableAsync(TableIdentifier table, string metadataLocation, TableHandle? replaced = null, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(table);
        if (replaced is not null)
            throw TarnException.Unsupported($"An external REST catalog cannot put '{metadataLocation}' in the place of table '{table}': its protocol overwrites without comparing. Drop the table without purge and register it again while nobody writes.");
        await _session.RequireAsync(RestEndpoints.RegisterTable, "register tables", cancellationToken).ConfigureAwait(false);
        byte[] body = RestJson.Object(json =>
        {
            json.WriteString("name", table.Name);
            json.WriteString("metadata-location", metadataLocation);
        });
        string path = await PathAsync(table.Namespace, cancellationToken).ConfigureAwait(false) + "/register";
        var reply = await SendAsync(new RestRequest(HttpMethod.Post, path, $"register table '{table}'") { Body = body }, cancellationToken).ConfigureAwait(false);
        return reply.Require().Read(json => RestJson.ReadTable(json, table));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropTableAsync(TableIdentifier table, bool purge, CancellationToken cancellationToken = default)
    {
        if (table.Namespace.IsRoot || table.Name.Length == 0)
            return false;
        string path = await PathAsync(table, "tables", cancellationToken).ConfigureAwait(false);
        _known.Forget(path);
        string query = purge ? "?purgeRequested=true" : "?purgeRequested=false";
        return await DropAsync(new RestRequest(HttpMethod.Delete, path + query, $"drop table '{table}'"), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<TableHandle?> UnregisterTableAsync(TableIdentifier table, CancellationToken cancellationToken = default)
    {
        CatalogNames.Require(table);
        await _session.RequireAsync(RestEndpoints.UnregisterTable, $"unregister table '{table}'", cancellationToken).ConfigureAwait(false);
        string path = await PathAsync(table, "tables", cancellationToken).ConfigureAwait(false);
        _known.Forget(path);
        var reply = await SendAsync(new RestRequest(HttpMethod.Post, path + "/unregister", $"unregister table '{table}'"), cancellationToken).ConfigureAwait(false);
        return reply.Status == 404 ? null : reply.Require().Read(json => RestJson.ReadTable(json, table));
    }

    /// <inheritdoc/>
    public ValueTask RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) =>
        RenameAsync("tables/rename", $"rename table '{from}' to '{to}'", from, to, cancellationToken);

    private async ValueTask<bool> DropAsync(RestRequest request, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (reply.Status == 404)
            return false;
        reply.Require();
        return true;
    }

    private async ValueTask RenameAsync(string path, string purpose, TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken)
    {
        CatalogNames.RequireNew(to);
        byte[] body = RestJson.Object(json =>
        {
            json.WriteIdentifier("source", from);
            json.WriteIdentifier("destination", to);
        });
        (await SendAsync(new RestRequest(HttpMethod.Post, path, purpose) { Body = body }, cancellationToken).ConfigureAwait(false)).Require();
    }

    private async ValueTask<Page<TableIdentifier>> ListNamesAsync(Namespace @namespace, string kind, PageRequest page, CancellationToken cancellationToken)
    {
        string path = $"{await PathAsync(@namespace, cancellationToken).ConfigureAwait(false)}/{kind}?";
        var found = await ListAsync(path, $"list {kind} of '{@namespace}'", "identifiers", RestJson.ReadIdentifier, cancellationToken).ConfigureAwait(false);
        return Paging.Of(Ordered(found, t => t.Name), page, t => t.Name);
    }

    private async ValueTask<string> PathAsync(TableIdentifier name, string kind, CancellationToken cancellationToken) =>
        $"{await PathAsync(name.Namespace, cancellationToken).ConfigureAwait(false)}/{kind}/{RestAddress.Escape(name.Name)}";

    // The reference implementation answers 404 of another type when the table is there and its metadata file is not.
    private static bool IsWithoutFile(RestError error) => error.Type == "NotFoundException" && error.Message.Contains(".metadata.json", StringComparison.Ordinal);

    private sealed record KnownTable(string EntityTag, TableHandle Table);
}
