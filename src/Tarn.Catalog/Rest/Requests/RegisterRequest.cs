using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Requests;

/// <summary>Metadata that is there and is to get a name (<c>RegisterTableRequest</c>, <c>RegisterViewRequest</c>).</summary>
/// <param name="Name">The name.</param>
/// <param name="MetadataLocation">Where the metadata file lies.</param>
/// <param name="Body">The whole, for what only one kind has.</param>
internal sealed record RegisterRequest(TableIdentifier Name, string MetadataLocation, RestBody Body)
{
    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="RestException">It is wrong.</exception>
    public static async ValueTask<RegisterRequest> ReadAsync(RestCall call, CancellationToken cancellationToken)
    {
        var body = await call.ReadJsonAsync(cancellationToken);
        return new RegisterRequest(new TableIdentifier(call.Namespace, body.Text("name")), body.Text("metadata-location"), body);
    }

    /// <summary>Registers, and says of a failure whether the namespace, the file or the name is to blame.</summary>
    /// <param name="call">The request.</param>
    /// <param name="register">Registers.</param>
    /// <param name="nameTaken">The refusal of a name that is taken.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <typeparam name="T">What was registered.</typeparam>
    public async ValueTask<T> ApplyAsync<T>(
        RestCall call, Func<RegisterRequest, ValueTask<T>> register, Func<RestCall, TableIdentifier, Exception, CancellationToken, ValueTask<RestException>> nameTaken, CancellationToken cancellationToken)
    {
        try
        {
            return await register(this);
        }
        catch (TarnException error) when (error is not RestException && error.Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted)
        {
            throw await NameMissing.NamespaceAsync(call, Name.Namespace, cancellationToken)
                ?? new RestException(RestError.BadRequest, $"'{MetadataLocation}' cannot be registered: {Reason(error)}", error);
        }
        catch (TarnException error) when (error is not RestException && error.Kind == ErrorKind.AlreadyExists)
        {
            throw await nameTaken(call, Name, error, cancellationToken);
        }
    }

    // Where the server looked for the file is for its log alone.
    private static string Reason(TarnException error) => error.Kind == ErrorKind.NotFound ? "there is no such file. Check the location." : error.Message;
}
