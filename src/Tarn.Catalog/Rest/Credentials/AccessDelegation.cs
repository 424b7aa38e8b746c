using Tarn.Catalog.Rest.Requests;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>Ways to reach files that a client knows (REST specification, "data-access").</summary>
[Flags]
internal enum AccessDelegation
{
    /// <summary>None: the client has keys of its own.</summary>
    None = 0,

    /// <summary><c>vended-credentials</c>: the catalog hands out temporary keys.</summary>
    VendedCredentials = 1,

    /// <summary><c>remote-signing</c>: the catalog signs each request.</summary>
    RemoteSigning = 2,
}

/// <summary>Reads the header.</summary>
internal static class AccessDelegations
{
    private const string Header = "X-Iceberg-Access-Delegation";

    /// <summary>What the client knows; words that nobody here knows count for nothing.</summary>
    public static AccessDelegation Read(RestRequest request) => (request.Header(Header) ?? "").Split(',', StringSplitOptions.TrimEntries)
        .Aggregate(AccessDelegation.None, static (known, word) => known | word.ToLowerInvariant() switch
        {
            "vended-credentials" => AccessDelegation.VendedCredentials,
            "remote-signing" => AccessDelegation.RemoteSigning,
            _ => AccessDelegation.None,
        });
}
