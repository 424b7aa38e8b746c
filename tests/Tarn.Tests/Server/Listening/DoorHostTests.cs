using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tarn.Core.Errors;

namespace Tarn.Tests.Server.Listening;

public sealed class DoorHostTests : IDisposable
{
    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task StopAsync_RequestThatRuns_IsFinished()
    {
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var door = TestDoor.Create(async context =>
        {
            arrived.SetResult();
            await go.Task;
            await context.Response.WriteAsync("done");
        });
        await door.StartAsync(default);
        var answer = _client.GetStringAsync($"http://{door.Bound}/");
        await arrived.Task;
        var stopping = door.StopAsync(default);
        go.SetResult();
        await stopping;
        Assert.Equal("done", await answer);
    }

    [Fact]
    public async Task StopAsync_RequestThatOutlastsItsTime_IsCutOff()
    {
        var arrived = new TaskCompletionSource();
        var door = TestDoor.Create(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        await door.StartAsync(default);
        var answer = _client.GetStringAsync($"http://{door.Bound}/");
        await arrived.Task;
        using var drained = new CancellationTokenSource();
        var stopping = door.StopAsync(drained.Token);
        Assert.False(stopping.IsCompleted);
        await drained.CancelAsync();
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task StartAsync_AfterAStop_ListensOnTheSamePort()
    {
        var door = TestDoor.Create(TestDoor.Hello);
        await door.StartAsync(default);
        var first = door.Bound;
        await door.StopAsync(default);
        await door.StartAsync(default);
        Assert.Equal(first, door.Bound);
        Assert.Equal("hello", await _client.GetStringAsync($"http://{door.Bound}/"));
        await door.StopAsync(default);
    }

    [Fact]
    public async Task StartAsync_PortInUse_NamesTheSetting()
    {
        var (first, second) = (TestDoor.Create(TestDoor.Hello), TestDoor.Create(TestDoor.Hello));
        await first.StartAsync(default);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await second.StartAsync(default);
        await second.StopAsync(default);
        using var thief = new TcpListener(second.Bound!);
        thief.Start();
        var error = await Assert.ThrowsAsync<TarnException>(() => second.StartAsync(default));
        Assert.Contains("is in use by another program. Move the listener 'test': listen.http in tarn.yaml, TARN_LISTEN_HTTP or --listen-http", error.Message, StringComparison.Ordinal);
        await first.StopAsync(default);
    }

    [Theory]
    [InlineData("GET /?LONG HTTP/1.1\r\nHost: x\r\n\r\n", 20_000, 414)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nX: LONG\r\n\r\n", 40_000, 431)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nLONG", 10, 413)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\nLONG", 1, 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nLONG", 5, 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\nLONG", 1, 400)]
    [InlineData("GET / HTTP/9.9\r\nHost: x\r\n\r\nLONG", 1, 505)]
    public async Task Request_BeyondALimitOrAmbiguous_IsRefused(string head, int length, int status)
    {
        var door = TestDoor.Create(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("hello");
        });
        await door.StartAsync(default);
        Assert.StartsWith($"HTTP/1.1 {status} ", await SendAsync(door.Bound!, head.Replace("LONG", new string('x', length), StringComparison.Ordinal)), StringComparison.Ordinal);
        await door.StopAsync(default);
    }

    [Fact]
    public async Task Connections_ManyIdleOnes_DoNotKeepOthersOut()
    {
        const int idle = 300;
        var door = TestDoor.Create(TestDoor.Hello);
        await door.StartAsync(default);
        var sockets = Enumerable.Range(0, idle).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToList();
        try
        {
            await Task.WhenAll(sockets.Select(socket => socket.ConnectAsync(door.Bound!)));
            Assert.Equal("hello", await _client.GetStringAsync($"http://{door.Bound}/"));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        await door.StopAsync(default);
    }

    private static async Task<string> SendAsync(IPEndPoint to, string request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[4096];
        int read = await socket.ReceiveAsync(buffer);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
