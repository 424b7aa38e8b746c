using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Views;

/// <summary><c>POST namespaces/{namespace}/register-view</c>: makes a view of a metadata file that is there.</summary>
internal sealed class RegisterView : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var request = await RegisterRequest.ReadAsync(call, cancellationToken);
        return ViewAnswer.Of(await request.ApplyAsync(
            call, r => call.Catalog.RegisterViewAsync(r.Name, r.MetadataLocation, cancellationToken: cancellationToken), NameTaken.ByViewAsync, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken) => MadeView.ReplayAsync(call, applied, cancellationToken);
}
