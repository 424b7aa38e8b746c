using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tarn.Catalog;
using Tarn.Configuration;
using Tarn.Core.Errors;
using Tarn.Core.Tasks;
using Tarn.S3;
using Tarn.S3.Notifications;
using Tarn.Server.Listening;
using Tarn.Server.Parts;
using Tarn.Server.Schedule;
using Tarn.Storage.Buckets;
using Tarn.Storage.Buckets.Maintenance;
using Tarn.Storage.Local;

namespace Tarn.Server;

/// <summary>The role storage: the buckets of the data folder, the S3 door to them, and what has to be done in the background.</summary>
internal sealed partial class StoragePart : IServerPart
{
    // Files of killed commands cost only space, so seldom is enough.
    private static readonly TimeSpan s_cleanEvery = TimeSpan.FromHours(1);

    // Files that other programs changed unseen are found by their keys at once, and by listings after this.
    private static readonly TimeSpan s_reconcileEvery = TimeSpan.FromHours(6);

    // Rules count in days; S3 itself applies them once a day.
    private static readonly TimeSpan s_lifecycleEvery = TimeSpan.FromHours(1);

    // Runs in each day where days are short, so that what has expired is gone well within the next one.
    private const int LifecycleRunsPerDay = 4;

    // Disks lose bits over months.
    private static readonly TimeSpan s_scrubEvery = TimeSpan.FromDays(14);
    private static readonly TimeSpan s_orphansEvery = TimeSpan.FromDays(1);

    private readonly ServerGround _ground;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly S3Options _s3;
    private readonly TimeSpan? _lifecycleDay;
    private readonly BucketStoreOptions _store;
    private BucketStore? _buckets;
    private long _replaced;

    /// <summary>Puts the part together.</summary>
    /// <param name="ground">The data folder and identity.</param>
    /// <param name="options">Where the door listens and what it says of itself.</param>
    /// <param name="tls">The certificate, or null for plain HTTP.</param>
    /// <param name="loggers">Makes loggers.</param>
    /// <param name="time">The clock.</param>
    public StoragePart(ServerGround ground, ServerOptions options, TlsCertificate? tls, ILoggerFactory loggers, TimeProvider time)
    {
        (_ground, _time, _logger, _lifecycleDay) = (ground, time, loggers.CreateLogger<StoragePart>(), options.LifecycleDay);
        _store = new BucketStoreOptions { QuotaBytes = options.Quotas, Replaced = NoteReplaced };
        var s3 = _s3 = options.S3;
        Door = new DoorHost(
            new DoorSpec("s3", ConfigurationKeys.ListenS3, options.ListenS3)
            {
                Configure = kestrel => kestrel.ApplyTarnS3(s3),
                Add = builder => builder.Services
                    .AddMetrics()
                    .AddSingleton<IBucketStore>(_buckets!)
                    .AddSingleton(ground.Access.Control)
                    .AddSingleton(ground.Access.Tokens)
                    .AddSingleton(ground.Warehouses)
                    .AddTarnCatalogGrants()
                    .AddTarnS3(s3),
                Map = static application => application.MapTarnS3(),
            },
            tls, loggers, time);
    }

    /// <summary>How many uploaded objects another program has replaced by their files since the start.</summary>
    public long ReplacedObjects => Interlocked.Read(ref _replaced);

    /// <inheritdoc/>
    public string Name => ServerOptions.StorageRole;

    /// <summary>The S3 door.</summary>
    public DoorHost Door { get; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (FindFault() is { } fault)
            throw new TarnException(ErrorKind.Unavailable, $"The role storage cannot start: {fault}.");
        _ground.Storage.Local.RemoveDeadStaging();
        _buckets = await BucketStore.OpenAsync(_ground.Folder.Path, _store, time: _time, cancellationToken: cancellationToken);
        if (_buckets.SetAsideFiles is > 0 and var files)
            LogSetAside(files);
        await Door.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        var buckets = _buckets!;
        Duty[] duties =
        [
            new("remove-dead-staging", s_cleanEvery, RemoveDeadStagingAsync),
            new("reconcile-buckets", s_reconcileEvery, cancel => ReconcileAsync(buckets, cancel)),
            new("apply-lifecycle", LifecycleEvery(), cancel => new LifecycleSweep(buckets, _time, _lifecycleDay).RunAsync(cancel)),
            new("scrub-objects", s_scrubEvery, cancel => new Scrubber(buckets, _time).RunAsync(LogDamaged, cancel)),
            new("remove-orphans", s_orphansEvery, buckets.RemoveOrphansAsync),
        ];
        using var schedule = new DutySchedule(duties, _time, Random.Shared, _logger);
        using var client = new HttpClient();
        var delivery = new EventDelivery(buckets, buckets.Events, _s3, Path.Join(_ground.Folder.Path, EventDelivery.FolderName), client, _time, _logger);
        await Loops.RunTogetherAsync([schedule.RunAsync, delivery.RunAsync], stopping);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken drained)
    {
        await Door.StopAsync(drained);
        if (Interlocked.Exchange(ref _buckets, null) is not { } buckets)
            return;
        await using (buckets)
            await buckets.CheckpointAsync();
    }

    /// <inheritdoc/>
    public string? FindFault() => File.Exists(Path.Join(_ground.Folder.Path, DataFolder.MarkerName))
        ? null
        : $"the data folder '{_ground.Folder.Path}' is gone (no {DataFolder.MarkerName} in it); mount or restore it";

    private TimeSpan LifecycleEvery() => _lifecycleDay / LifecycleRunsPerDay is { } often && often < s_lifecycleEvery ? often : s_lifecycleEvery;

    private static async Task ReconcileAsync(BucketStore buckets, CancellationToken cancellationToken)
    {
        foreach (var bucket in await buckets.ListBucketsAsync(cancellationToken))
            await buckets.ReconcileAsync(bucket.Name, cancellationToken);
    }

    private void NoteReplaced(string bucket, ObjectRecord version)
    {
        Interlocked.Increment(ref _replaced);
        LogReplaced(bucket, version.Key, version.VersionId);
    }

    private void LogDamaged(string bucket, ObjectRecord version, string reason) => LogDamaged(bucket, version.Key, version.VersionId, reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The object {Key} (version {VersionId}) of the bucket {Bucket} is damaged and out of service: {Reason}")]
    private partial void LogDamaged(string bucket, string key, string versionId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of the uploaded object {Key} (version {VersionId}) of the bucket {Bucket} was replaced by another program: the new bytes are an object without the old one's ETag, checksums, metadata and tags. Put the object again if nobody meant to")]
    private partial void LogReplaced(string bucket, string key, string versionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The object index was missing and is made from the files; {Files} files of earlier versions and of objects without a plain file were set aside in .objects/lost")]
    private partial void LogSetAside(long files);

    private Task RemoveDeadStagingAsync(CancellationToken cancellationToken)
    {
        _ground.Storage.Local.RemoveDeadStaging();
        return Task.CompletedTask;
    }
}
