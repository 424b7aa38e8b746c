using Tarn.Testing.Net;

namespace Tarn.Tests.Server.Committing;

/// <summary>A server of tables that is killed without warning and started again, behind a proxy that can lose answers.</summary>
internal sealed class KilledCatalog(TarnProcess tarn, params string[] words) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<CuttingProxy> _up = New();
    private RunningServer? _server;
    private CuttingProxy? _proxy;

    /// <summary>The way to the server; while it is down, the way to the next one.</summary>
    public Task<CuttingProxy> Up
    {
        get
        {
            lock (_gate)
                return _up.Task;
        }
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync()
    {
        _server = await RunningServer.StartAsync(tarn, words);
        _ = _server.EndAsync();
        _proxy = new CuttingProxy(int.Parse(_server.Listeners["catalog"].Split(':')[1], System.Globalization.CultureInfo.InvariantCulture))
        {
            At = CuttingProxy.Cut.BeforeAnswer,
            Statement = "POST /v1/lake/namespaces/n/tables/"u8.ToArray(),
        };
        lock (_gate)
            _up.SetResult(_proxy);
    }

    /// <summary>Kills it as a power cut would and starts it again.</summary>
    public async Task KillAsync()
    {
        lock (_gate)
            _up = New();
        await EndAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        tarn.Dispose();
    }

    private async Task EndAsync()
    {
        var (server, proxy) = (_server, _proxy);
        (_server, _proxy) = (null, null);
        if (server is not null)
            await server.DisposeAsync();
        if (proxy is not null)
            await proxy.DisposeAsync();
    }

    private static TaskCompletionSource<CuttingProxy> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
