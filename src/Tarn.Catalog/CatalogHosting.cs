using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Tarn.Access;
using Tarn.Access.Sessions;
using Tarn.Catalog.Rest.Authentication;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Rest.Hosting;
using Tarn.Catalog.Rest.Idempotency;
using Tarn.Catalog.Rest.Operations;
using Tarn.Catalog.Rest.Planning;
using Tarn.Catalog.Rest.Requests;
using Tarn.Catalog.Rest.Routing;
using Tarn.Catalog.Rest.Tables;
using Tarn.Core.Tasks;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog;

/// <summary>
/// The entrance to the Iceberg REST door. It needs <see cref="IWarehouses"/>, an <see cref="IAccessControl"/>, an <see cref="AccessTokenService"/>, a <see cref="SecurityTokenService"/>, a <see cref="Iceberg.Scanning.ScanPlanner"/> and a
/// <see cref="TimeProvider"/>.
/// </summary>
public static class CatalogHosting
{
    // Tokens stand in headers, names in the request line.
    private const int HeaderSizeBytes = 64 * 1024;
    private const int RequestLineBytes = 32 * 1024;

    // Of every connection, of which there may be many, whose client reads slowly or not at all: what does not fit is sent in turns with the client.
    private const int AnswerBytes = 64 * 1024;

    /// <summary>Adds the door's services.</summary>
    /// <exception cref="Core.Errors.TarnException">The options are wrong.</exception>
    public static IServiceCollection AddTarnCatalog(this IServiceCollection services, CatalogOptions options)
    {
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton<CatalogTelemetry>();
        services.AddSingleton<RequestAuthenticator>();
        services.AddSingleton(p => new IdempotencyStore(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new IssuedCredentials(p.GetRequiredService<SecurityTokenService>(), p.GetRequiredService<IAccessControl>(), options.CredentialLifetime, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DataAccess>();
        services.AddSingleton<PlanStore>();
        services.AddSingleton<SnapshotFilter>();
        services.AddSingleton(p => new ContendedChanges(p.GetRequiredService<TimeProvider>(), Random.Shared));
        services.AddSingleton<RestServices>();
        services.AddSingleton(p => new Router(RouteTable.All(p.GetRequiredService<RestServices>())));
        services.AddSingleton<RestEndpoint>();
        return services;
    }

    /// <summary>Adds what a storage asks about keys that this door has given: an <see cref="IGrantReview"/>. It needs <see cref="IWarehouses"/>, <see cref="IAccessControl"/> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddTarnCatalogGrants(this IServiceCollection services) =>
        services.AddSingleton<IGrantReview>(p => new GrantReview(p.GetRequiredService<IWarehouses>(), p.GetRequiredService<IAccessControl>(), p.GetRequiredService<TimeProvider>()));

    /// <summary>Makes the door the end of a pipeline: it answers every request that arrives here. Give it a listener of its own.</summary>
    public static IApplicationBuilder MapTarnCatalog(this IApplicationBuilder app)
    {
        var endpoint = app.ApplicationServices.GetRequiredService<RestEndpoint>();
        app.Run(endpoint.InvokeAsync);
        return app;
    }

    /// <summary>Sets what the door needs of the server it listens on: idle connections are kept for <see cref="CatalogOptions.KeepAlive"/>, heads, bodies and waiting answers are bounded.</summary>
    public static void ApplyTarnCatalog(this KestrelServerLimits limits, CatalogOptions options)
    {
        limits.KeepAliveTimeout = options.KeepAlive;
        limits.MaxRequestHeadersTotalSize = HeaderSizeBytes;
        limits.MaxRequestLineSize = RequestLineBytes;
        limits.MaxRequestBodySize = RestLimits.BodySizeBytes;
        limits.MaxResponseBufferSize = AnswerBytes;
    }
}
