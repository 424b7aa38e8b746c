using Tarn.Catalog.Rest.Answers;

namespace Tarn.Catalog.Rest.Operations;

/// <summary>One operation of the REST catalog, named as the specification names it. Stateless: one object answers all requests.</summary>
internal interface IRestOperation
{
    /// <summary>Answers the request. Who may do what is decided in the catalog that the call holds.</summary>
    /// <exception cref="Core.Errors.TarnException">Anything that is answered with an error.</exception>
    ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken);
}
