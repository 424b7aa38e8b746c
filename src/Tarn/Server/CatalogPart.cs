using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tarn.Catalog;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Core.Tasks;
using Tarn.Iceberg.Scanning;
using Tarn.Server.Listening;
using Tarn.Server.Parts;
using Tarn.Server.Schedule;

namespace Tarn.Server;

/// <summary>The role catalog: the doors to the tables.</summary>
internal sealed class CatalogPart : IServerPart
{
    // Dropped tables are kept for days; an hour more is nothing.
    private static readonly TimeSpan s_expireEvery = TimeSpan.FromHours(1);

    private readonly ServerGround _ground;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ServerOptions _options;
    private readonly DoorHost? _s3;

    /// <summary>Puts the part together.</summary>
    /// <param name="ground">The tables and identity.</param>
    /// <param name="options">Where the door listens and what it says of itself.</param>
    /// <param name="s3">The S3 door of this server, which starts before if it can; null when it has none.</param>
    /// <param name="tls">The certificate, or null for plain HTTP.</param>
    /// <param name="loggers">Makes loggers.</param>
    /// <param name="time">The clock.</param>
    public CatalogPart(ServerGround ground, ServerOptions options, DoorHost? s3, TlsCertificate? tls, ILoggerFactory loggers, TimeProvider time)
    {
        (_ground, _options, _s3, _time, _logger) = (ground, options, s3, time, loggers.CreateLogger<CatalogPart>());
        var limits = new CatalogOptions();
        Door = new DoorHost(
            new DoorSpec("catalog", ConfigurationKeys.ListenCatalog, options.ListenCatalog)
            {
                Configure = kestrel => kestrel.Limits.ApplyTarnCatalog(limits),
                Add = builder => builder.Services
                    .AddMetrics()
                    .AddSingleton(ground.Warehouses)
                    .AddSingleton(ground.Access.Control)
                    .AddSingleton(ground.Access.AccessTokens)
                    .AddSingleton(ground.Access.Tokens)
                    .AddSingleton(new ScanPlanner(ground.Storage.Store, new ManifestCache(), new LocationMap(options.Map)))
                    .AddTarnCatalog(OptionsOfDoor()),
                Map = static application => application.MapTarnCatalog(),
            },
            tls, loggers, time);
    }

    /// <inheritdoc/>
    public string Name => ServerOptions.CatalogRole;

    /// <summary>The Iceberg REST door.</summary>
    public DoorHost Door { get; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Door.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        Duty[] duties = [new("expire-dropped", s_expireEvery, async cancel => await _ground.Catalogs.Default.ExpireDroppedAsync(cancel))];
        using var schedule = new DutySchedule(duties, _time, Random.Shared, _logger);
        await Loops.RunTogetherAsync([schedule.RunAsync, DoorHost.RunAsync], stopping);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken drained) => Door.StopAsync(drained);

    /// <inheritdoc/>
    public string? FindFault() => null;

    // Made when the door starts: only then a port that the S3 door has picked is known.
    private CatalogOptions OptionsOfDoor() => new()
    {
        TokenLifetime = _options.CatalogTokenLifetime,
        ClientStorage = _ground.Storage.WarehouseLocation.StartsWith("s3", StringComparison.Ordinal) ? ClientStorageOfLake() : null,
    };

    private ClientStorage ClientStorageOfLake() => _options.Remote is { } remote
        ? new ClientStorage
        {
            Endpoint = _options.CatalogStorageEndpoint ?? remote.Endpoint,
            Region = remote.Region,
            PathStyle = remote.PathStyle ?? remote.Endpoint is not null,
        }
        : new ClientStorage
        {
            Endpoint = _options.CatalogStorageEndpoint,
            Port = _options.CatalogStorageEndpoint is null ? PortOfS3() : null,
            IsTls = _s3?.IsTls ?? false,
            Region = _options.S3.Region,
        };

    // One that is picked when the S3 door starts is not known before.
    private int? PortOfS3() => _s3 is { Port: 0 }
        ? throw new TarnException(ErrorKind.Unavailable, $"The role catalog waits for the S3 listener, whose port clients are told: it could not start yet, and is to pick a free one. Give it one ({_s3.Door.Key.Path}), and the catalog does not wait.")
        : _s3?.Port;
}
