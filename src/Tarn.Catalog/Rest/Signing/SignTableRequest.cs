using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Signing;

/// <summary><c>POST namespaces/{namespace}/tables/{table}/sign</c>: signs one request to the storage, for clients that must not hold keys.</summary>
internal sealed class SignTableRequest : IRestOperation
{
    /// <inheritdoc/>
    public async ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken)
    {
        var request = SignRequest.Read(await call.ReadJsonAsync(cancellationToken));
        var (name, metadata, _) = await StagedTable.FindAsync(call, request.Properties, cancellationToken);
        if (call.Services.Options.ClientStorage?.Port is null)
            throw new RestException(RestError.UnsupportedOperation, "Requests are signed for Tarn's own storage alone, and this server has none: give the client keys of the storage that it has.");
        var (found, limits) = await call.Services.DataAccess.FindGrantAsync(call, name, metadata, cancellationToken);
        var grant = found
            ?? throw new RestException(RestError.Forbidden, $"Requests to files of {name} are not signed: {limits?.Of(DataRights.Read) ?? "that needs catalog:ReadData on it, files in Tarn's own storage below an allowed location, and no other table in their folders."}");
        var credential = await call.Services.DataAccess.IssueAsync(call.Caller!, Require(call, request, grant, limits?.Of(DataRights.Write)), cancellationToken);
        var added = RequestSignature.Sign(request, credential, call.Services.Time.GetUtcNow());
        return RestAnswer.Json(json =>
        {
            json.WriteString("uri", request.Target.Uri);
            json.WriteStartObject("headers");
            foreach (var (header, value) in added)
            {
                json.WriteStartArray(header);
                json.WriteStringValue(value);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }) with
        {
            Headers = [new("Cache-Control", RequestSignature.IsReusable(request) ? "private" : "no-cache")],
        };
    }

    // Somebody who asks for what the table is no reason for is worth a line in the trail.
    private static TableGrant Require(RestCall call, SignRequest request, TableGrant grant, string? limit)
    {
        try
        {
            return SignedAccess.Require(request, grant, limit);
        }
        catch (RestException refusal) when (refusal.Error == RestError.Forbidden && call.Catalog is IDataAccess access)
        {
            access.RecordRefusal(call.Table, request.Method is "GET" or "HEAD" ? DataRights.Read : DataRights.Write, refusal.Message);
            throw;
        }
    }
}
