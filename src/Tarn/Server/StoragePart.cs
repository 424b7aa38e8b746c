using Microsoft.Extensions.Logging;
using Tarn.Core.Errors;
using Tarn.Server.Parts;
using Tarn.Server.Schedule;
using Tarn.Storage.Local;

namespace Tarn.Server;

/// <summary>The role storage: watches over the data folder that the other parts work in.</summary>
/// <param name="ground">The data folder.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of duties that fail.</param>
internal sealed class StoragePart(ServerGround ground, TimeProvider time, ILogger logger) : IServerPart
{
    // Files of killed commands cost only space, so seldom is enough.
    private static readonly TimeSpan s_cleanEvery = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Name => ServerOptions.StorageRole;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (FindFault() is { } fault)
            throw new TarnException(ErrorKind.Unavailable, $"The role storage cannot start: {fault}.");
        ground.Files.RemoveDeadStaging();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var schedule = new DutySchedule([new Duty("remove-dead-staging", s_cleanEvery, RemoveDeadStagingAsync)], time, Random.Shared, logger);
        await schedule.RunAsync(stopping);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken drained) => Task.CompletedTask;

    /// <inheritdoc/>
    public string? FindFault() => File.Exists(Path.Join(ground.Folder.Path, DataFolder.MarkerName))
        ? null
        : $"the data folder '{ground.Folder.Path}' is gone (no {DataFolder.MarkerName} in it); mount or restore it";

    private Task RemoveDeadStagingAsync(CancellationToken cancellationToken)
    {
        ground.Files.RemoveDeadStaging();
        return Task.CompletedTask;
    }
}
