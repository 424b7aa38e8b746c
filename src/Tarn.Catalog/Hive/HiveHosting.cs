using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Tarn.Access;
using Tarn.Access.Identities;
using Tarn.Catalog.Hive.Calls;
using Tarn.Catalog.Hive.Hosting;
using Tarn.Catalog.Hive.Locks;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Hive;

/// <summary>
/// The entrance to the Hive Metastore door. It needs <see cref="IWarehouses"/>, an <see cref="IAccessControl"/>, a <see cref="TimeProvider"/> and meters.
/// </summary>
public static class HiveHosting
{
    /// <summary>Adds the door's services.</summary>
    /// <exception cref="Core.Errors.TarnException">The options are wrong.</exception>
    public static IServiceCollection AddTarnHive(this IServiceCollection services, HiveOptions options)
    {
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton<HiveTelemetry>();
        services.AddSingleton<HiveSessions>();
        services.AddSingleton(p => new LockTable(options.LockTimeout, p.GetRequiredService<TimeProvider>(), SystemRandom.Instance));
        services.AddSingleton(p => HiveMethods.All(options, p.GetRequiredService<LockTable>(), p.GetRequiredService<TimeProvider>(), Random.Shared));
        services.AddSingleton<HiveDispatcher>();
        services.AddSingleton<HiveConnection>();
        return services;
    }

    /// <summary>Lets the door answer the connections of a listener of its own.</summary>
    public static void UseTarnHive(this ListenOptions listener) => listener.UseConnectionHandler<HiveConnection>();
}
