using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tarn.Access;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Tests.Hosting;

/// <summary>A door to catalogs, on a port of its own.</summary>
internal sealed class TestDoor : IAsyncDisposable
{
    /// <summary>The key of root that test servers start with.</summary>
    public const string AccessKey = "tarnroot", Secret = "tarnrootsecret";

    private readonly WebApplication _app;

    private TestDoor(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Opens it.</summary>
    /// <param name="warehouses">The catalogs behind it.</param>
    /// <param name="access">Who may come in.</param>
    /// <param name="time">The clock.</param>
    /// <param name="listen">Listens.</param>
    /// <param name="add">Adds what the door needs.</param>
    /// <param name="map">Maps its requests, for one over HTTP.</param>
    public static async Task<TestDoor> OpenAsync(
        IWarehouses warehouses, AccessServices access, TimeProvider time, Action<KestrelServerOptions> listen, Action<IServiceCollection> add, Action<IApplicationBuilder>? map = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(listen);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Critical);
        builder.Services.AddMetrics().AddSingleton(warehouses).AddSingleton(access.Control).AddSingleton(time);
        add(builder.Services);
        var app = builder.Build();
        map?.Invoke(app);
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
