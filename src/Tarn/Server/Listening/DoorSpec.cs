using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tarn.Configuration;

namespace Tarn.Server.Listening;

/// <summary>A door: one protocol on one listener of its own. A request that comes to its port sees nothing of the other doors.</summary>
/// <param name="Name">Name in the ready file and in <c>listen:</c>, e.g. <c>s3</c>.</param>
/// <param name="Key">The key that moves the listener.</param>
/// <param name="Address">Where it listens.</param>
internal sealed record DoorSpec(string Name, ConfigurationKey Key, ListenAddress Address)
{
    /// <summary>Adds the services of the door: its <c>AddTarnX</c>.</summary>
    public Action<WebApplicationBuilder> Add { get; init; } = static _ => { };

    /// <summary>Maps the requests of the door: its <c>MapTarnX</c>. Nothing for a door that takes connections itself.</summary>
    public Action<WebApplication> Map { get; init; } = static _ => { };

    /// <summary>Answers connections in place of HTTP, behind TLS where there is: the <c>UseTarnX</c> of a door with a protocol of its own.</summary>
    public Action<ListenOptions> Connect { get; init; } = static _ => { };

    /// <summary>Scheme of its address as clients write it, or null for that of HTTP.</summary>
    public string? Scheme { get; init; }

    /// <summary>Sets what it needs of its web server, after the limits that all doors have.</summary>
    public Action<KestrelServerOptions> Configure { get; init; } = static _ => { };

    /// <summary>Versions of HTTP that it speaks.</summary>
    public HttpProtocols Protocols { get; init; } = HttpProtocols.Http1;

    /// <summary>Largest body of a request in bytes, or null when the door itself limits it.</summary>
    public long? MaxRequestBodyBytes { get; init; }
}
