using System.Net;
using System.Net.Sockets;

namespace Tarn.Testing.Net;

/// <summary>Stands between a client and a server of this machine (without TLS) and cuts the connection around a statement: one of SQL, a call, a request.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _serverPort;
    private readonly Task _accepting;
    private int _cuts, _passed;

    /// <summary>Listens.</summary>
    /// <param name="serverPort">Where the server is.</param>
    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where a cut happens.</summary>
    public enum Cut
    {
        /// <summary>Nowhere.</summary>
        None,

        /// <summary>The statement does not reach the server.</summary>
        BeforeStatement,

        /// <summary>The server has answered the statement, and the answer does not reach the client.</summary>
        BeforeAnswer,
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where connections are cut from now on.</summary>
    public Cut At { get; set; }

    /// <summary>How many more cuts happen; then it lets everything through.</summary>
    public int CutsLeft { get => Volatile.Read(ref _cuts); set => Volatile.Write(ref _cuts, value); }

    /// <summary>How many more statements are let through before the first cut.</summary>
    public int PassesLeft { get => Volatile.Read(ref _passed); set => Volatile.Write(ref _passed, value); }

    /// <summary>Refuses every new connection after a cut.</summary>
    public bool IsGoneAfterCut { get; set; }

    /// <summary>The bytes that mark the statement; those of PostgreSQL's <c>COMMIT</c> unless others are set.</summary>
    public byte[] Statement { get; set; } = "COMMIT\0"u8.ToArray();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException || (error is InvalidOperationException && _end.IsCancellationRequested))
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            if (IsGoneAfterCut && At != Cut.None && CutsLeft <= 0)
                return;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, both.Token);
                var answers = new AnswerGate();
                await await Task.WhenAny(
                    RequestsAsync(client.GetStream(), server.GetStream(), answers, both.Token),
                    AnswersAsync(server.GetStream(), client.GetStream(), answers, both.Token));
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // An end of the connection, by either side or by the test.
            }
            finally
            {
                await both.CancelAsync();
            }
        }
    }

    private async Task RequestsAsync(NetworkStream from, NetworkStream to, AnswerGate answers, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bool isCut = At != Cut.None && buffer.AsSpan(0, read).IndexOf(Statement) >= 0 && Interlocked.Decrement(ref _passed) < 0 && Interlocked.Decrement(ref _cuts) >= 0;
            if (isCut && At == Cut.BeforeStatement)
                return;
            if (isCut)
                answers.IsClosed = true;
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static async Task AnswersAsync(NetworkStream from, NetworkStream to, AnswerGate answers, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            // The server has answered, so what was asked has happened.
            if (answers.IsClosed)
                return;
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private sealed class AnswerGate
    {
        public volatile bool IsClosed;
    }
}
