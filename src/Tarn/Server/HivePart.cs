using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tarn.Access.Administration;
using Tarn.Catalog.Hive;
using Tarn.Configuration;
using Tarn.Server.Listening;
using Tarn.Server.Parts;

namespace Tarn.Server;

/// <summary>The Hive Metastore door of the role catalog, and the role that clients without authentication act as.</summary>
internal sealed class HivePart : IServerPart
{
    // The canned policy that allows everything in the catalog and nothing outside.
    private const string Policy = "catalog";

    private readonly ServerGround _ground;
    private readonly ServerOptions _options;

    /// <summary>Puts the part together.</summary>
    /// <param name="ground">The tables and identity.</param>
    /// <param name="options">Where the door listens and whom it takes.</param>
    /// <param name="tls">The certificate, or null for none.</param>
    /// <param name="loggers">Makes loggers.</param>
    /// <param name="time">The clock.</param>
    public HivePart(ServerGround ground, ServerOptions options, TlsCertificate? tls, ILoggerFactory loggers, TimeProvider time)
    {
        (_ground, _options) = (ground, options);
        Door = new DoorHost(
            new DoorSpec(Name, ConfigurationKeys.ListenHive, options.ListenHive)
            {
                Add = builder => builder.Services
                    .AddMetrics()
                    .AddSingleton(ground.Warehouses)
                    .AddSingleton(ground.Access.Control)
                    .AddTarnHive(new HiveOptions { WarehouseLocation = ground.Storage.WarehouseLocation, AllowsAnonymous = options.HiveAnonymous }),
                Scheme = "thrift",
                Connect = static listener => listener.UseTarnHive(),
            },
            tls, loggers, time);
    }

    /// <inheritdoc/>
    public string Name => "hive";

    /// <summary>The door.</summary>
    public DoorHost Door { get; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.HiveAnonymous)
            await _ground.Access.Administration.EnsureRoleAsync(new NewRole(HiveOptions.LocalRole, Policies: [Policy]), cancellationToken);
        await Door.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken stopping) => DoorHost.RunAsync(stopping);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken drained) => Door.StopAsync(drained);

    /// <inheritdoc/>
    public string? FindFault() => null;
}
