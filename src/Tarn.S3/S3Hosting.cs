using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Tarn.Access;
using Tarn.S3.Authentication;
using Tarn.S3.Authorization;
using Tarn.S3.Hosting;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Routing;
using Tarn.Storage.Buckets;

namespace Tarn.S3;

/// <summary>
/// The entrance to the S3 door. It needs an <see cref="IBucketStore"/>, an <see cref="IAccessControl"/> and a <see cref="TimeProvider"/>, and an
/// <see cref="IGrantReview"/> where services grant keys for it.
/// </summary>
public static class S3Hosting
{
    // Names and values of a request's headers; user metadata and a policy of a presigned URL fit many times over.
    private const int HeaderSizeBytes = 64 * 1024;
    private const int RequestLineBytes = 32 * 1024;

    /// <summary>Adds the door's services.</summary>
    /// <exception cref="Core.Errors.TarnException">The options are wrong.</exception>
    public static IServiceCollection AddTarnS3(this IServiceCollection services, S3Options options)
    {
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton<BucketPolicies>();
        services.AddSingleton<S3Services>();
        services.AddSingleton(p => new S3Telemetry(p.GetRequiredService<IMeterFactory>()));
        services.AddSingleton(p => new RequestAuthenticator(p.GetRequiredService<IAccessControl>(), p.GetRequiredService<TimeProvider>(), options.ClockSkew));
        services.AddSingleton(p => new RequestIdSource(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)))));
        services.AddSingleton(p => new Router(OperationTable.All, p.GetRequiredService<S3Services>()));
        services.AddSingleton<S3Endpoint>();
        services.AddSingleton<IMemoryPoolFactory<byte>, ReceiveBlocks>();
        return services;
    }

    /// <summary>Makes the door the end of a pipeline: it answers every request that arrives here. Give it a listener, or a branch by port, of its own.</summary>
    public static IApplicationBuilder MapTarnS3(this IApplicationBuilder app)
    {
        var endpoint = app.ApplicationServices.GetRequiredService<S3Endpoint>();
        app.Run(endpoint.InvokeAsync);
        return app;
    }

    /// <summary>
    /// Sets what the door needs of the server it listens on: idle connections are kept for <see cref="S3Options.KeepAlive"/>, heads are bounded, and lengths
    /// are digits. Bodies are bounded request by request.
    /// </summary>
    public static void ApplyTarnS3(this KestrelServerOptions kestrel, S3Options options)
    {
        kestrel.Limits.KeepAliveTimeout = options.KeepAlive;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderSizeBytes;
        kestrel.Limits.MaxRequestLineSize = RequestLineBytes;
        kestrel.Limits.MaxRequestBodySize = S3Limits.FramedBodySizeBytes;
        kestrel.RequestHeaderEncodingSelector = name => name == HeaderNames.ContentLength ? LengthEncoding.Digits : null;
    }
}
