using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Tarn.Testing;

namespace Tarn.Tests.Server;

/// <summary>Connections that do nothing cost little, and the server goes on answering beside them.</summary>
public sealed class UpIdleConnectionsTests : IDisposable
{
    // What an idle connection may keep, and what the first requests load at all.
    private const long BytesPerConnection = 24 * 1024, BytesOnce = 64 * 1024 * 1024;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TarnProcess _tarn = new();
    private readonly List<TcpClient> _connections = [];

    public void Dispose()
    {
        _connections.ForEach(connection => connection.Dispose());
        _tarn.Dispose();
    }

    [Fact]
    public async Task Connections_ThatAreIdle_AreKeptInBoundedMemory()
    {
        int count = Soak.Rounds(300, 10_000);
        await using var server = await RunningServer.StartAsync(_tarn);
        string[] address = server.Listeners["s3"].Split(':');
        long before = Memory(server);
        for (int i = 0; i < count; i++)
        {
            var connection = new TcpClient();
            _connections.Add(connection);
            await connection.ConnectAsync(address[0], int.Parse(address[1], CultureInfo.InvariantCulture));
            Assert.StartsWith("HTTP/1.1 403 ", await AskAsync(connection), StringComparison.Ordinal);
        }

        long grown = Memory(server) - before;
        Assert.True(grown < BytesOnce + (count * BytesPerConnection), $"{count} idle connections take {grown} bytes");
        foreach (var connection in new[] { _connections[0], _connections[count / 2], _connections[^1] })
            Assert.StartsWith("HTTP/1.1 403 ", await AskAsync(connection), StringComparison.Ordinal);
    }

    private static long Memory(RunningServer server)
    {
        using var process = Process.GetProcessById(server.ProcessId);
        return process.WorkingSet64;
    }

    // The list of buckets is nobody's who proves nothing.
    private static async Task<string> AskAsync(TcpClient connection)
    {
        using var limit = new CancellationTokenSource(s_limit);
        await connection.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), limit.Token);
        byte[] buffer = new byte[4096];
        var answer = new StringBuilder();
        while (!answer.ToString().EndsWith("</Error>", StringComparison.Ordinal))
        {
            int length = await connection.GetStream().ReadAsync(buffer, limit.Token);
            Assert.True(length > 0, $"the server closed the connection after: {answer}");
            answer.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }

        return answer.ToString();
    }
}
