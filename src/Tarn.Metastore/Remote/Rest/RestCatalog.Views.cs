using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;

namespace Tarn.Metastore.Remote.Rest;

/// <content>Views. A server without them has none.</content>
public sealed partial class RestCatalog
{
    /// <inheritdoc/>
    public async ValueTask<Page<TableIdentifier>> ListViewsAsync(Namespace @namespace, PageRequest page = default, CancellationToken cancellationToken = default) =>
        @namespace.IsRoot || !await _session.HasAsync(RestEndpoints.ListViews, cancellationToken).ConfigureAwait(false)
            ? new Page<TableIdentifier>([])
            : await ListNamesAsync(@namespace, "views", page, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<ViewHandle?> LoadViewAsync(TableIdentifier view, CancellationToken cancellationToken = default)
    {
        if (view.Namespace.IsRoot || view.Name.Length == 0 || !await _session.HasAsync(RestEndpoints.LoadView, cancellationToken).ConfigureAwait(false))
            return null;
        string path = await PathAsync(view, "views", cancellationToken).ConfigureAwait(false);
        var reply = await SendAsync(new RestRequest(HttpMethod.Get, path, $"load view '{view}'"), cancellationToken).ConfigureAwait(false);
        return reply.Status == 404 ? null : reply.Require().Read(json => RestJson.ReadView(json, view));
    }

    /// <summary>
    /// Stores a view. The protocol can require a view's identity but not its version: of two who replace it between look and commit, the later wins.
    /// </summary>
    /// <param name="view">Its name.</param>
    /// <param name="baseView">The state that is replaced; null creates the view, with an identity that the server gives.</param>
    /// <param name="metadata">The new state, of which the current version, its schema and the properties are stored.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<ViewHandle> CommitViewAsync(TableIdentifier view, ViewHandle? baseView, ViewMetadata metadata, CancellationToken cancellationToken = default)
    {
        if (baseView is null)
        {
            CatalogNames.RequireNew(view);
            return await CreateViewAsync(view, metadata, cancellationToken).ConfigureAwait(false);
        }

        if (baseView.Metadata.ViewUuid != metadata.ViewUuid)
            throw TarnException.Invalid($"View '{view}' has the uuid {baseView.Metadata.ViewUuid}, and its new state has {metadata.ViewUuid}: a view keeps its uuid.");
        var present = await LoadViewAsync(view, cancellationToken).ConfigureAwait(false) ?? throw TarnException.NotFound($"View '{view}' does not exist.");
        if (present.MetadataLocation != baseView.MetadataLocation)
            throw new CommitConflictException($"View '{view}' was changed by somebody else: its metadata is '{present.MetadataLocation}' and no longer '{baseView.MetadataLocation}'. Load it again.");
        return await ReplaceViewAsync(present, metadata, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ViewHandle> RegisterViewAsync(
        TableIdentifier view, string metadataLocation, ViewHandle? replaced = null, Func<ViewMetadata, ImmutableSortedDictionary<string, string>?>? annotate = null, CancellationToken cancellationToken = default)
    {
        CatalogNames.RequireNew(view);
        if (replaced is not null || annotate is not null)
            throw TarnException.Unsupported($"An external REST catalog can register '{metadataLocation}' as view '{view}' only under a free name and without annotations: its protocol has no more.");
        await _session.RequireAsync(RestEndpoints.RegisterView, "register metadata files of views", cancellationToken).ConfigureAwait(false);
        byte[] body = RestJson.Object(json =>
        {
            json.WriteString("name", view.Name);
            json.WriteString("metadata-location", metadataLocation);
        });
        string path = await PathAsync(view.Namespace, cancellationToken).ConfigureAwait(false) + "/register-view";
        var reply = await SendAsync(new RestRequest(HttpMethod.Post, path, $"register view '{view}'") { Body = body }, cancellationToken).ConfigureAwait(false);
        return reply.Require().Read(json => RestJson.ReadView(json, view));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropViewAsync(TableIdentifier view, CancellationToken cancellationToken = default)
    {
        if (view.Namespace.IsRoot || view.Name.Length == 0 || !await _session.HasAsync(RestEndpoints.DropView, cancellationToken).ConfigureAwait(false))
            return false;
        string path = await PathAsync(view, "views", cancellationToken).ConfigureAwait(false);
        return await DropAsync(new RestRequest(HttpMethod.Delete, path, $"drop view '{view}'"), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask RenameViewAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) =>
        RenameAsync("views/rename", $"rename view '{from}' to '{to}'", from, to, cancellationToken);

    private async ValueTask<ViewHandle> CreateViewAsync(TableIdentifier view, ViewMetadata metadata, CancellationToken cancellationToken)
    {
        await _session.RequireAsync(RestEndpoints.CreateView, "create views", cancellationToken).ConfigureAwait(false);
        var (version, schema) = CurrentOf(metadata);
        byte[] body = RestJson.Object(json =>
        {
            json.WriteString("name", view.Name);
            json.WriteString("location", metadata.Location);
            json.WritePropertyName("schema");
            SchemaJson.Write(json, schema);
            json.WritePropertyName("view-version");
            ViewMetadataJson.WriteVersion(json, version);
            json.WriteMap("properties", metadata.Properties);
        });
        string path = await PathAsync(view.Namespace, cancellationToken).ConfigureAwait(false) + "/views";
        var reply = await SendAsync(new RestRequest(HttpMethod.Post, path, $"create view '{view}'") { Body = body }, cancellationToken).ConfigureAwait(false);
        return reply.Require().Read(json => RestJson.ReadView(json, view));
    }

    private async ValueTask<ViewHandle> ReplaceViewAsync(ViewHandle present, ViewMetadata metadata, CancellationToken cancellationToken)
    {
        byte[] body = RestJson.Object(json =>
        {
            json.WriteIdentifier("identifier", present.Identifier);
            json.WriteStartArray("requirements");
            ViewUpdateJson.WriteRequirement(json, new AssertViewUuid(metadata.ViewUuid));
            json.WriteEndArray();
            json.WriteStartArray("updates");
            foreach (var update in UpdatesOf(present.Metadata, metadata))
                ViewUpdateJson.Write(json, update);
            json.WriteEndArray();
        });
        string path = await PathAsync(present.Identifier, "views", cancellationToken).ConfigureAwait(false);
        var reply = await SendAsync(new RestRequest(HttpMethod.Post, path, $"replace view '{present.Identifier}'") { Body = body, IsCommit = true }, cancellationToken).ConfigureAwait(false);
        return reply.Require().Read(json => RestJson.ReadView(json, present.Identifier));
    }

    private static IEnumerable<ViewUpdate> UpdatesOf(ViewMetadata before, ViewMetadata after)
    {
        if (before.Location != after.Location)
            yield return new ViewUpdate.SetLocation(after.Location);
        if (before.Properties.Keys.Where(key => !after.Properties.ContainsKey(key)).ToList() is { Count: > 0 } removed)
            yield return new ViewUpdate.RemoveProperties(removed);
        if (after.Properties.Except(before.Properties).ToDictionary() is { Count: > 0 } set)
            yield return new ViewUpdate.SetProperties(set);
        var (version, schema) = CurrentOf(after);
        // A schema that the view has is not added to it, and then some servers know no last added one.
        var same = before.Schemas.Find(s => s.SameSchema(schema));
        if (same is null)
            yield return new ViewUpdate.AddSchema(schema);
        yield return new ViewUpdate.AddViewVersion(version with { SchemaId = same?.SchemaId ?? ViewUpdate.LastAdded });
        yield return new ViewUpdate.SetCurrentViewVersion(ViewUpdate.LastAdded);
    }

    private static (ViewVersion Version, Schema Schema) CurrentOf(ViewMetadata metadata)
    {
        var version = metadata.CurrentVersion;
        return (version, metadata.Schemas.Find(s => s.SchemaId == version.SchemaId)
            ?? throw TarnException.Invalid($"The view's version {version.VersionId} has schema id {version.SchemaId}, and the view has no such schema."));
    }
}
