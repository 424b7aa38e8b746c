using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Requests;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Tables;

/// <summary><c>POST namespaces/{namespace}/register</c>: makes a table of a metadata file that is there; with <c>overwrite</c> also in the place of another.</summary>
internal sealed class RegisterTable : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var request = await RegisterRequest.ReadAsync(call, cancellationToken);
        var replaced = request.Body.Flag("overwrite") ? await call.Catalog.LoadTableAsync(request.Name, cancellationToken) : null;
        var made = await request.ApplyAsync(
            call, r => call.Catalog.RegisterTableAsync(r.Name, r.MetadataLocation, replaced, cancellationToken), NameTaken.ByTableAsync, cancellationToken);
        return await MadeTable.AnswerAsync(call, made, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken) => MadeTable.ReplayAsync(call, applied, cancellationToken);
}
