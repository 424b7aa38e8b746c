using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Views;

/// <summary><c>POST namespaces/{namespace}/views/{view}</c>: commits updates to a view (<c>CommitViewRequest</c>).</summary>
internal sealed class ReplaceView : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        var name = call.View;
        var requirements = (body.Optional("requirements")?.AsList() ?? []).Select(r => ViewUpdateJson.ReadRequirement(r.Json, r.Place)).ToList();
        var updates = body.Required("updates").AsList().Select(u => ViewUpdateJson.Read(u.Json, u.Place)).ToList();
        ViewRules.Check(updates);
        // The only requirement is the uuid, so a lost race is cured by applying the updates again.
        return await call.Services.Changes.RunAsync($"view '{name}' of {call.Catalog.Address}", ReadAsync, ReplaceAsync, cancellationToken);

        async ValueTask<ViewHandle> ReadAsync()
        {
            var view = await call.Catalog.LoadViewAsync(name, cancellationToken) ?? throw RestException.NoSuchView(name);
            foreach (var requirement in requirements)
                requirement.Validate(view.Metadata);
            return view;
        }

        async ValueTask<RestAnswer> ReplaceAsync(ViewHandle view)
        {
            try
            {
                return ViewAnswer.Of(await call.Catalog.CommitViewAsync(name, view, ViewMetadataBuilder.Apply(view.Metadata, updates, call.Services.Time.GetUtcNow()), cancellationToken));
            }
            catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.NotFound)
            {
                throw RestException.NoSuchView(name);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken) =>
        ViewAnswer.Of(await call.Services.Warehouses.Requests.LoadViewAsync(call.View, applied.Result[0], cancellationToken));
}
