using Tarn.Server.Parts;

namespace Tarn.Server.Listening;

/// <summary>A part that is nothing but a door.</summary>
/// <param name="host">The web server of the door.</param>
internal sealed class DoorPart(DoorHost host) : IServerPart
{
    /// <inheritdoc/>
    public string Name => host.Door.Name;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => host.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken stopping) => DoorHost.RunAsync(stopping);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken drained) => host.StopAsync(drained);

    /// <inheritdoc/>
    public string? FindFault() => null;
}
