using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tarn.Core.Errors;

namespace Tarn.Server.Listening;

/// <summary>
/// A web server for one door. Each door has its own, so that a door can fail and start again alone. Nothing is read from the surroundings
/// (no settings files, no variables of the framework): what counts is the configuration of Tarn.
/// </summary>
/// <param name="door">The door.</param>
/// <param name="tls">The certificate, or null for plain HTTP.</param>
/// <param name="loggers">Makes its loggers.</param>
/// <param name="time">The clock.</param>
internal sealed class DoorHost(DoorSpec door, TlsCertificate? tls, ILoggerFactory loggers, TimeProvider time)
{
    private WebApplication? _application;
    private int _boundPort;

    /// <summary>Where the listener is; null before the first start. It stays the same when the door starts again.</summary>
    public IPEndPoint? Bound { get; private set; }

    /// <summary>Its port, also when it has not started yet; 0 when that is to pick a free one.</summary>
    public int Port => Bound?.Port ?? door.Address.Port;

    /// <summary>Whether it speaks TLS.</summary>
    public bool IsTls => tls is not null;

    /// <summary>The door.</summary>
    public DoorSpec Door => door;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="TarnException">The address cannot be used; the message names the setting that moves it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var application = Build();
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception error)
        {
            await application.DisposeAsync();
            if (error is IOException or SocketException)
                throw CannotListen(error);
            throw;
        }

        _application = application;
        var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(application.Urls.First());
        _boundPort = address.Port;
        Bound = new IPEndPoint(door.Address.Address, _boundPort);
    }

    /// <summary>Answers requests until cancelled.</summary>
    public static Task RunAsync(CancellationToken stopping) => Task.Delay(Timeout.InfiniteTimeSpan, stopping);

    /// <summary>Stops listening; running requests may finish until the token is cancelled.</summary>
    public async Task StopAsync(CancellationToken drained)
    {
        if (Interlocked.Exchange(ref _application, null) is not { } application)
            return;
        try
        {
            await application.StopAsync(drained);
        }
        finally
        {
            await application.DisposeAsync();
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "tarn", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(time);
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        // The supervisor holds the limit of a stop and cancels its token.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        door.Add(builder);
        var application = builder.Build();
        door.Map(application);
        return application;
    }

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        DoorLimits.Apply(options.Limits, door.MaxRequestBodyBytes);
        door.Configure(options);
        int port = _boundPort > 0 ? _boundPort : door.Address.Port;
        if (door.Address.Host == "*")
            options.ListenAnyIP(port, Listen);
        else
            options.Listen(door.Address.Address, port, Listen);

        void Listen(ListenOptions listen)
        {
            listen.Protocols = door.Protocols;
            if (tls is not null)
                listen.UseHttps(tls.Handshake(door.Protocols));
            door.Connect(listen);
        }
    }

    private TarnException CannotListen(Exception error)
    {
        string move = $"Move the listener '{door.Name}': {door.Key.Path} in tarn.yaml, {door.Key.Variable}{(door.Key.Flag is { } flag ? $" or --{flag}" : "")} (port 0 picks a free one).";
        var code = (error as SocketException ?? error.InnerException as SocketException ?? error.InnerException?.InnerException as SocketException)?.SocketErrorCode;
        string reason = error is AddressInUseException || error.InnerException is AddressInUseException || code == SocketError.AddressAlreadyInUse ? "is in use by another program"
            : code == SocketError.AddressNotAvailable ? "is no address of this machine"
            : code == SocketError.AccessDenied ? "needs rights that this user has not (ports below 1024)"
            : $"cannot be used ({error.Message})";
        return new TarnException(ErrorKind.ResourceExhausted, $"The address {door.Address} {reason}. {move}", error);
    }

    // Signals belong to the program, which stops all doors together.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
