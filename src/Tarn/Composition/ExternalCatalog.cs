using System.Net;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Metastore.Remote.Rest;

namespace Tarn.Composition;

/// <summary>A REST catalog outside of Tarn, with the connections to it.</summary>
internal sealed class ExternalCatalog : IDisposable
{
    // An answer may need a commit of several tables on a slow store; connecting is fast or does not happen.
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromMinutes(2), s_connectLimit = TimeSpan.FromSeconds(15), s_connectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;

    /// <summary>Opens it; connects when it is used.</summary>
    /// <param name="options">Which one.</param>
    public ExternalCatalog(RestCatalogOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect would carry the request, and what it changes, to somebody else.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = s_connectLimit,
            PooledConnectionLifetime = s_connectionLifetime,
        };
        _http = new HttpClient(handler) { Timeout = s_answerLimit };
        Catalog = new RestCatalog(_http, options);
    }

    /// <summary>The catalog.</summary>
    public RestCatalog Catalog { get; }

    /// <summary>The catalog of a configuration, or null when it names none.</summary>
    /// <exception cref="TarnException">InvalidRequest for settings that contradict each other; errors of files with secrets.</exception>
    public static RestCatalogOptions? Of(TarnConfiguration configuration)
    {
        if (configuration.Get(ConfigurationKeys.CatalogRestUri) is not { } uri)
            return null;
        var token = configuration.Get(ConfigurationKeys.CatalogRestToken);
        var credential = configuration.Get(ConfigurationKeys.CatalogRestCredential);
        if (token is not null && credential is not null)
            throw TarnException.Invalid($"{ConfigurationKeys.CatalogRestToken.Path} and {ConfigurationKeys.CatalogRestCredential.Path} are both set; a catalog is asked with a token, or with tokens that the credential gets. Remove one.");
        return new RestCatalogOptions
        {
            Uri = uri,
            Name = Commands.TableName.Catalog,
            Warehouse = configuration.Get(ConfigurationKeys.CatalogRestWarehouse),
            Token = token?.Read(),
            Credential = credential?.Read(),
            Scope = configuration.Get(ConfigurationKeys.CatalogRestScope),
            OAuth2ServerUri = configuration.Get(ConfigurationKeys.CatalogRestOAuth2ServerUri),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Catalog.Dispose();
        _http.Dispose();
    }
}
