using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tarn.Catalog.Tests.Hive.Clients;

/// <summary>A proxy that cuts a connection at the first call of one name: before it is sent on, or when its answer comes.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _server;
    private readonly byte[] _call;
    private readonly bool _isAnswered;
    private Task _accepting = Task.CompletedTask;
    private int _cuts;

    private CuttingProxy(IPEndPoint server, string call, bool isAnswered) => (_server, _call, _isAnswered) = (server, Encoding.UTF8.GetBytes(call), isAnswered);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were cut.</summary>
    public int Cuts => _cuts;

    public static CuttingProxy Start(IPEndPoint server, string call, bool isAnswered)
    {
        var proxy = new CuttingProxy(server, call, isAnswered);
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await ((Task)_accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        while (!_stop.IsCancellationRequested)
            running.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        await Task.WhenAll(running);
    }

    // Calls take turns on a connection, so an answer belongs to the call before it.
    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_server, _stop.Token);
            byte[] buffer = new byte[1 << 16];
            while (await client.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var asked)
            {
                bool isCut = buffer.AsSpan(0, asked).IndexOf(_call) >= 0 && Interlocked.CompareExchange(ref _cuts, 1, 0) == 0;
                if (isCut && !_isAnswered)
                    return;
                await server.GetStream().WriteAsync(buffer.AsMemory(0, asked), _stop.Token);
                while (client.Available == 0)
                {
                    // A long call comes in several parts, and only behind the last there is an answer.
                    using var soon = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                    var answer = server.GetStream().ReadAsync(buffer, soon.Token).AsTask();
                    var more = client.Client.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, soon.Token).AsTask();
                    if (await Task.WhenAny(answer, more) == more)
                    {
                        await soon.CancelAsync();
                        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                        break;
                    }

                    int answered = await answer;
                    await soon.CancelAsync();
                    await ((Task)more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    if (isCut || answered == 0)
                        return;
                    await client.GetStream().WriteAsync(buffer.AsMemory(0, answered), _stop.Token);
                }
            }
        }
    }
}
