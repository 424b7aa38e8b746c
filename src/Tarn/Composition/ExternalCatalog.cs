using System.Net;
using Tarn.Catalog.Hive.Clients;
using Tarn.Core.Storage;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore.Remote.Rest;

namespace Tarn.Composition;

/// <summary>A catalog outside of Tarn, an Iceberg REST catalog or a Hive Metastore, with the connections to it.</summary>
internal sealed class ExternalCatalog : IDisposable
{
    // An answer may need a commit of several tables on a slow store; connecting is fast or does not happen.
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromMinutes(2), s_connectLimit = TimeSpan.FromSeconds(15), s_connectionLifetime = TimeSpan.FromMinutes(5);

    private readonly IDisposable[] _owned;

    private ExternalCatalog(ICatalog catalog, params IDisposable[] owned) => (Catalog, _owned) = (catalog, owned);

    /// <summary>The catalog.</summary>
    public ICatalog Catalog { get; }

    /// <summary>Opens one; connects when it is used.</summary>
    /// <param name="options">Which one.</param>
    /// <param name="store">Where its tables have their files.</param>
    public static ExternalCatalog Open(ExternalCatalogOptions options, IObjectStore store) => options.Hive is { } hive ? Open(hive, store) : Open(options.Rest!);

    /// <summary>Opens a Hive Metastore; connects when it is used.</summary>
    /// <param name="options">Which one.</param>
    /// <param name="store">Where its tables have their files.</param>
    public static ExternalCatalog Open(HiveCatalogOptions options, IObjectStore store)
    {
        var catalog = new HiveCatalog(options, store);
        return new(catalog, catalog);
    }

    /// <summary>Opens a REST catalog; connects when it is used.</summary>
    /// <param name="options">Which one.</param>
    public static ExternalCatalog Open(RestCatalogOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect would carry the request, and what it changes, to somebody else.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = s_connectLimit,
            PooledConnectionLifetime = s_connectionLifetime,
        };
        var http = new HttpClient(handler) { Timeout = s_answerLimit };
        var catalog = new RestCatalog(http, options);
        return new(catalog, catalog, http);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }
}
