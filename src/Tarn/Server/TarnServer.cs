using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Tarn.Access.Administration;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Server.Health;
using Tarn.Server.Listening;
using Tarn.Server.Logging;
using Tarn.Server.Metrics;
using Tarn.Server.Parts;
using Tarn.Server.Tracing;

namespace Tarn.Server;

/// <summary>The running server: everything that <c>tarn up</c> composes, from the lock of the data folder to the doors.</summary>
internal sealed partial class TarnServer : IAsyncDisposable
{
    // Requests of the console and of SQL are small; what is larger comes through the doors made for it.
    private const long MainBodyBytes = 16 * 1024 * 1024;

    private readonly ServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ServerLog _log;
    private readonly ILogger _logger;
    private readonly ServerGround _ground;
    private readonly MetricsCollector _metrics = new();
    private readonly ServerTelemetry _telemetry;
    private readonly IDisposable? _traces;
    private readonly List<DoorHost> _doors = [];
    private readonly List<PartSupervisor> _parts = [];
    private readonly ReadyFile? _readyFile;
    private readonly StoragePart? _storage;
    private bool _isAnnounced;

    /// <summary>Puts the parts together; nothing listens yet.</summary>
    /// <param name="options">What to run with.</param>
    /// <param name="ground">The data folder and identity; the caller closes it after the server.</param>
    /// <param name="log">The log; the caller ends it.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="TarnException">The certificate cannot be used.</exception>
    public TarnServer(ServerOptions options, ServerGround ground, ServerLog log, TimeProvider time)
    {
        (_options, _ground, _log, _time) = (options, ground, log, time);
        _logger = log.Factory.CreateLogger<TarnServer>();
        ground.Unpurged += LogUnpurged;
        if (ground.Postgres is { } postgres)
            postgres.AvailabilityChanged += LogAvailability;
        _readyFile = options.ReadyFile is { } path ? new ReadyFile(path) : null;
        var tls = FindTls(ground.Folder.Path);
        AddDoor(new DoorSpec("http", ConfigurationKeys.ListenHttp, options.ListenHttp)
        {
            Protocols = tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2,
            MaxRequestBodyBytes = MainBodyBytes,
            Map = application =>
            {
                FirstPage.Map(application);
                new HealthEndpoints(_parts).Map(application);
                new MetricsEndpoint(_metrics).Map(application);
            },
        }, tls);
        if (options.Roles.Contains(ServerOptions.StorageRole))
            _storage = AddStorage(new StoragePart(ground, options, tls, log.Factory, time));
        if (options.Roles.Contains(ServerOptions.CatalogRole))
        {
            AddCatalog(new CatalogPart(ground, options, _storage?.Door, tls, log.Factory, time));
            AddHive(new HivePart(ground, options, tls, log.Factory, time));
        }

        _telemetry = new ServerTelemetry(_parts, ground.Access.Audit, ground.Lineage, _storage);
        _traces = options.OtlpEndpoint is { } collector ? OtlpTraces.Start(collector) : null;
    }

    /// <summary>The doors, in the order in which they are shown.</summary>
    public IReadOnlyList<DoorHost> Doors => _doors;

    /// <summary>Starts all parts; returns when everything answers, except for what is only unavailable now and is started again by <see cref="RunAsync"/>.</summary>
    /// <returns>What was found or made of root: a key that nobody was shown yet counts as shown from now on.</returns>
    /// <exception cref="TarnException">The lake's bucket cannot be used, or a part cannot start and trying again would not help.</exception>
    public async Task<RootStart> StartAsync(CancellationToken cancellationToken)
    {
        _readyFile?.Remove();
        await new StorageCheck(_ground.Storage, _time).RunAsync(cancellationToken);
        var root = await _ground.EnsureRootAsync(_options.Root, cancellationToken);
        foreach (var part in _parts)
            await part.StartAsync(cancellationToken);
        if (root.Generated is { } key)
            await _ground.Access.Administration.NoteRootShownAsync(key.Id, cancellationToken);
        if (_parts.All(part => part.Started.IsCompleted))
            Announce();
        return root;
    }

    /// <summary>Runs until cancelled, then stops: requests that run may finish within the configured time.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.WhenAll([.. _parts.Select(part => part.RunAsync(stopping)), AnnounceLaterAsync(stopping)]);
        LogStopping(_options.Drain.TotalSeconds);
        _readyFile?.Remove();
        using var drained = new CancellationTokenSource(_options.Drain, _time);
        await Task.WhenAll(_parts.Select(part => part.StopAsync(drained.Token)));
        if (drained.IsCancellationRequested)
            LogCutOff();
        else
            LogStopped();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using (var now = new CancellationTokenSource())
        {
            await now.CancelAsync();
            await Task.WhenAll(_parts.Select(part => part.StopAsync(now.Token)));
        }

        _traces?.Dispose();
        _telemetry.Dispose();
        _metrics.Dispose();
    }

    // The file says that everything answers, so it waits for parts that could not start at first.
    private async Task AnnounceLaterAsync(CancellationToken stopping)
    {
        if (_isAnnounced)
            return;
        try
        {
            await Task.WhenAll(_parts.Select(part => part.Started)).WaitAsync(stopping);
            Announce();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (TarnException error)
        {
            // The server answers all the same; only who waits for the file does not hear of it.
            LogNotAnnounced(error.Message);
        }
    }

    private void Announce()
    {
        _isAnnounced = true;
        _readyFile?.Write(_doors.Select(door => KeyValuePair.Create(door.Door.Name, door.Bound!)));
        LogStarted(_options.DataFolder, string.Join(", ", _doors.Select(door => $"{door.Door.Name}={door.Bound}")));
    }

    private TlsCertificate? FindTls(string dataFolder)
    {
        var logger = _log.Factory.CreateLogger<TlsCertificate>();
        if (_options is { TlsCertificate: { } certificate, TlsKey: { } key })
            return new TlsCertificate(certificate, key, _time, logger);
        if (!_options.TlsGenerate)
            return null;
        var generated = GeneratedCertificate.Ensure(DataFolderLock.ServerFolder(dataFolder), [_options.ListenHttp.Address, _options.ListenS3.Address, _options.ListenCatalog.Address, _options.ListenHive.Address], _time);
        return new TlsCertificate(generated.CertificatePath, generated.KeyPath, _time, logger);
    }

    private void AddDoor(DoorSpec spec, TlsCertificate? tls)
    {
        var host = new DoorHost(spec, tls, _log.Factory, _time);
        _doors.Add(host);
        Add(new DoorPart(host));
    }

    private StoragePart AddStorage(StoragePart storage)
    {
        _doors.Add(storage.Door);
        Add(storage);
        return storage;
    }

    private void AddCatalog(CatalogPart catalog)
    {
        _doors.Add(catalog.Door);
        Add(catalog);
    }

    private void AddHive(HivePart hive)
    {
        _doors.Add(hive.Door);
        Add(hive);
    }

    private void Add(IServerPart part) =>
        _parts.Add(new PartSupervisor(part, new BackOff(Random.Shared), _time, _log.Factory.CreateLogger<PartSupervisor>()));

    private void LogAvailability(string? reason)
    {
        if (reason is null)
            LogReached();
        else
            LogOutOfReach(reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The metastore cannot be reached, and what needs it is refused as unavailable until it can: {Reason}")]
    private partial void LogOutOfReach(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The metastore can be reached again")]
    private partial void LogReached();

    [LoggerMessage(Level = LogLevel.Error, Message = "A purged table is dropped and its files are still there: {Reason}")]
    private partial void LogUnpurged(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving {DataFolder} on {Listeners}")]
    private partial void LogStarted(string dataFolder, string listeners);

    [LoggerMessage(Level = LogLevel.Error, Message = "Everything answers, and nobody is told: {Reason}")]
    private partial void LogNotAnnounced(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: running requests have {DrainSeconds:0} s")]
    private partial void LogStopping(double drainSeconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopped")]
    private partial void LogStopped();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped; requests that still ran were cut off")]
    private partial void LogCutOff();
}
