using Tarn.Access;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Requests;
using Tarn.Catalog.Rest.Routing;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Operations;

/// <summary>One request on its way through an operation: who asks, for what, and with what.</summary>
/// <param name="services">What the operation works with.</param>
/// <param name="request">The request.</param>
/// <param name="match">Its route and the names in its path.</param>
/// <param name="requestId">Its id, for the audit trail.</param>
internal sealed class RestCall(RestServices services, RestRequest request, RouteMatch match, string requestId)
{
    private ICatalog? _catalog;
    private ReadOnlyMemory<byte>? _body;

    /// <summary>What the operation works with.</summary>
    public RestServices Services => services;

    /// <summary>The request.</summary>
    public RestRequest Request => request;

    /// <summary>Its route and the names in its path.</summary>
    public RouteMatch Match => match;

    /// <summary>Id of the request.</summary>
    public string RequestId => requestId;

    /// <summary>Who asks; null for anonymous.</summary>
    public Caller? Caller { get; set; }

    /// <summary>The request with its <c>Idempotency-Key</c>; null without one.</summary>
    public IdempotentRequest? Repeatable { get; set; }

    /// <summary>Name of the warehouse: the prefix of the path, or the default one.</summary>
    public string Warehouse => match.Prefix ?? services.Warehouses.DefaultWarehouse;

    /// <summary>The catalog in the name of who asks. Set before an operation with a warehouse runs.</summary>
    public ICatalog Catalog
    {
        get => _catalog ?? throw new InvalidOperationException($"{match.Route.Name} has no warehouse.");
        set => _catalog = value;
    }

    /// <summary>In whose name the catalog is used.</summary>
    public CatalogSession Session => new(Caller, request.Source, requestId) { Request = Repeatable, Client = request.Client };

    /// <summary>The namespace in the path.</summary>
    /// <exception cref="RestException">It is not encoded right.</exception>
    public Namespace Namespace => PathCoding.NamespaceOf(match["namespace"]);

    /// <summary>The table in the path.</summary>
    /// <exception cref="RestException">It is not encoded right.</exception>
    public TableIdentifier Table => new(Namespace, PathCoding.Decode(match["table"]));

    /// <summary>The view in the path.</summary>
    /// <exception cref="RestException">It is not encoded right.</exception>
    public TableIdentifier View => new(Namespace, PathCoding.Decode(match["view"]));

    /// <summary>The whole body.</summary>
    /// <exception cref="RestException">It is too long.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancellationToken) => ReadBodyAsync(RestLimits.BodySizeBytes, cancellationToken);

    /// <summary>The whole body, of an operation that takes only short ones.</summary>
    /// <param name="maxSizeBytes">Most bytes; <see cref="RestLimits.BodySizeBytes"/> at most.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RestException">It is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(int maxSizeBytes, CancellationToken cancellationToken)
    {
        if (_body is { } known)
            return known;
        var body = new MemoryStream((int)Math.Clamp(request.Http.Request.ContentLength ?? 0, 0, maxSizeBytes));
        byte[] buffer = new byte[16 * 1024];
        while (await request.Http.Request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            body.Write(buffer, 0, length);
            if (body.Length > maxSizeBytes)
                throw new RestException(RestError.PayloadTooLarge, $"The request body is longer than {maxSizeBytes} bytes.");
        }

        return (_body = body.GetBuffer().AsMemory(0, (int)body.Length)).Value;
    }

    /// <summary>The <c>name</c> in the body, in the namespace of the path.</summary>
    /// <exception cref="RestException">The body is malformed.</exception>
    public async ValueTask<TableIdentifier> ReadNameAsync(CancellationToken cancellationToken) => new(Namespace, (await ReadJsonAsync(cancellationToken)).Text("name"));

    /// <summary>The name that <c>destination</c> in the body gives, which may be left out with the whole body.</summary>
    /// <param name="otherwise">The name without it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RestException">The body is malformed.</exception>
    public async ValueTask<TableIdentifier> ReadDestinationAsync(TableIdentifier otherwise, CancellationToken cancellationToken) =>
        (await ReadBodyAsync(cancellationToken)).IsEmpty ? otherwise : (await ReadJsonAsync(cancellationToken)).Optional("destination")?.AsIdentifier() ?? otherwise;

    /// <summary>The body as a JSON object.</summary>
    /// <exception cref="RestException">It is too long or none.</exception>
    public async ValueTask<RestBody> ReadJsonAsync(CancellationToken cancellationToken) => RestBody.Parse(await ReadBodyAsync(cancellationToken));
}
