using System.Net;
using Tarn.Access;
using Tarn.Metastore.Requests;

namespace Tarn.Metastore.Authorization;

/// <summary>In whose name a catalog is used.</summary>
/// <param name="Caller">Who; null for anonymous.</param>
/// <param name="Source">Where the request came from; null when unknown or local.</param>
/// <param name="RequestId">The id that the protocol gives the request, for the audit trail.</param>
public sealed record CatalogSession(Caller? Caller, IPAddress? Source = null, string RequestId = "")
{
    /// <summary>The request, when it may come again; one change of the catalog.</summary>
    public IdempotentRequest? Request { get; init; }

    /// <summary>Whether what is decided goes to the audit trail; not for what nobody has asked for.</summary>
    public bool IsAudited { get; init; } = true;

    /// <summary>The program that asks, as it names itself; empty when it does not. For lineage, never for decisions.</summary>
    public string Client { get; init; } = "";

    /// <summary>Name in the history of commits.</summary>
    public string Principal => Caller switch
    {
        null => "anonymous",
        { SessionName: { } session } role => $"{role.Name}/{session}",
        var user => user.Name,
    };
}
