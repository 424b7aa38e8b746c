using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Tarn.Catalog.Hive.Hosting;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Hive.Clients;

/// <summary>One connection to a Hive Metastore; calls go one after the other.</summary>
internal sealed class HiveClient : IAsyncDisposable, IDisposable
{
    // A metastore that does not answer for so long has lost the call.
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(15), s_answerLimit = TimeSpan.FromMinutes(2);

    // Tables with many columns and statistics; the limit that metastores themselves have.
    private static readonly ThriftLimits s_limits = new() { MaxMessageBytes = 100 * 1024 * 1024 };

    private readonly HiveMetastoreAddress _address;
    private readonly TimeProvider _time;
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private HiveTransport? _transport;
    private int _sequence;

    private HiveClient(HiveMetastoreAddress address, TimeProvider time) => (_address, _time) = (address, time);

    /// <summary>Connects, and proves who asks when the address says how.</summary>
    /// <exception cref="TarnException">Unavailable or Unauthenticated.</exception>
    public static async ValueTask<HiveClient> ConnectAsync(HiveMetastoreAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var client = new HiveClient(address, time);
        try
        {
            await client.LimitedAsync("cannot be reached", s_connectLimit, client.OpenAsync, cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a call.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Cancels; the connection cannot be used afterwards.</param>
    /// <returns>The struct of results: field 0 is the answer, others are declared exceptions.</returns>
    /// <exception cref="TarnException">Unavailable when the answer is lost, Unsupported for an unknown call, DataCorrupted for another answer than the protocol's.</exception>
    public async ValueTask<ThriftStruct> CallAsync(string method, ThriftStruct arguments, CancellationToken cancellationToken)
    {
        var call = new ThriftMessage(ThriftMessageKind.Call, method, ++_sequence, IsStrict: true, arguments);
        ThriftMessage? answer = null;
        await LimitedAsync($"did not answer {method}", s_answerLimit, async cancel =>
        {
            await _transport!.WriteAsync(call, cancel).ConfigureAwait(false);
            answer = await _transport.ReadAsync(cancel).ConfigureAwait(false) ?? throw new IOException("it closed the connection");
        }, cancellationToken).ConfigureAwait(false);
        return answer! switch
        {
            { Kind: ThriftMessageKind.Exception } error => throw TarnException.Unsupported($"The metastore at {_address} does not answer '{method}': {error.Body.Text(1)}"),
            { Kind: ThriftMessageKind.Reply } reply when reply.Name == method && reply.SequenceId == call.SequenceId => reply.Body,
            var other => throw TarnException.Corrupted($"The metastore at {_address} answered '{method}' with a message of another call, '{other.Name}'."),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _tcp.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _tcp.ConnectAsync(_address.Host, _address.Port, cancellationToken).ConfigureAwait(false);
        _transport = new HiveTransport(new Connection(_tcp.GetStream()), s_limits);
        if (_address.UserName is null)
            return;
        // Mechanism, response, verdict: PLAIN has no challenge (RFC 4616).
        await _transport.WriteNegotiationAsync(SaslStatus.Start, Encoding.UTF8.GetBytes(PlainCredential.Mechanism), cancellationToken).ConfigureAwait(false);
        await _transport.WriteNegotiationAsync(SaslStatus.Ok, Encoding.UTF8.GetBytes($"\0{_address.UserName}\0{_address.Password}"), cancellationToken).ConfigureAwait(false);
        var verdict = await _transport.ReadNegotiationAsync(cancellationToken).ConfigureAwait(false) ?? throw new IOException("it closed the connection");
        if (verdict.Status != SaslStatus.Complete)
            throw new TarnException(ErrorKind.Unauthenticated, $"The metastore at {_address} does not let '{_address.UserName}' in: {Encoding.UTF8.GetString(verdict.Payload)}");
        _transport.IsFramed = true;
    }

    private async ValueTask LimitedAsync(string what, TimeSpan limit, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await work(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TarnException(ErrorKind.Unavailable, $"The metastore at {_address} {what} in {limit.TotalSeconds:F0} s, which is the limit. Try again later.", error);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new TarnException(ErrorKind.Unavailable, $"The metastore at {_address} {what}: {error.Message.TrimEnd('.')}. Check the address and that it runs.", error);
        }
        catch (ThriftFormatException error)
        {
            throw TarnException.Corrupted($"What the server at {_address} answers is not the protocol of a metastore: {error.Message} One that wants SASL needs a user name and password.", error);
        }
    }

    private sealed class Connection(NetworkStream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream);

        public PipeWriter Output { get; } = PipeWriter.Create(stream);
    }
}
