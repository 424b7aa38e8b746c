namespace Tarn.Metastore.Remote.Rest;

/// <summary>Which REST catalog, and how to prove who is asking. A class and not a record: its text never holds a secret.</summary>
public sealed class RestCatalogOptions
{
    /// <summary>Address without <c>/v1</c>, e.g. <c>http://127.0.0.1:8181/</c>.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Name in SQL.</summary>
    public string Name { get; init; } = "iceberg";

    /// <summary>The warehouse that the handshake asks for; null for the server's default.</summary>
    public string? Warehouse { get; init; }

    /// <summary>A bearer token that is sent as it is; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>OAuth2 client id and secret with a colon between them, or a secret alone; null for none. Not together with <see cref="Token"/>.</summary>
    public string? Credential { get; init; }

    /// <summary>Scope that tokens are asked for with <see cref="Credential"/>.</summary>
    public string Scope { get; init; } = "catalog";

    /// <summary>Where tokens are asked for; null for <c>v1/oauth/tokens</c> of the catalog.</summary>
    public Uri? OAuth2ServerUri { get; init; }
}
