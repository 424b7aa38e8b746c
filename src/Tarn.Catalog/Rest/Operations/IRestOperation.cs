using Tarn.Catalog.Rest.Answers;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Operations;

/// <summary>One operation of the REST catalog, named as the specification names it. Stateless: one object answers all requests.</summary>
internal interface IRestOperation
{
    /// <summary>Answers the request. Who may do what is decided in the catalog that the call holds.</summary>
    /// <exception cref="Core.Errors.TarnException">Anything that is answered with an error.</exception>
    ValueTask<RestAnswer> HandleAsync(RestCall call, CancellationToken cancellationToken);

    /// <summary>
    /// Answers a request that was applied before, under the same key, by the same caller: as the first time, from what its commit left. Here for operations whose
    /// success has no body.
    /// </summary>
    /// <param name="call">The request.</param>
    /// <param name="applied">What is known of the first one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken) => ValueTask.FromResult(RestAnswer.NoContent);
}
