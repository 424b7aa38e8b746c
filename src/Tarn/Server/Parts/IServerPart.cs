namespace Tarn.Server.Parts;

/// <summary>
/// A part of the running server: a role, a door, a background duty. The supervisor starts it, runs it, and after a failure stops and starts it
/// again while the other parts go on.
/// </summary>
internal interface IServerPart
{
    /// <summary>Short name in lower case, as health and logs show it.</summary>
    string Name { get; }

    /// <summary>Starts; returns when the part does its work. After a failed start <see cref="StopAsync"/> is called.</summary>
    /// <exception cref="Core.Errors.TarnException">It cannot start; <c>Unavailable</c> when trying again may help.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Works until cancelled. Any other end is a failure.</summary>
    Task RunAsync(CancellationToken stopping);

    /// <summary>Lets go of everything, so that it can start again. Running requests may finish until the token is cancelled, then they are cut off.</summary>
    Task StopAsync(CancellationToken drained);

    /// <summary>Why the part does not do its work although it runs, or null when it does. Cheap, and never waits.</summary>
    string? FindFault();
}
