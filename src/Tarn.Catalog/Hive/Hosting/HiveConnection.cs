using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Tarn.Catalog.Hive.Thrift;

namespace Tarn.Catalog.Hive.Hosting;

/// <summary>One connection: negotiation if the client begins one, then calls, one after the other.</summary>
/// <param name="dispatcher">Answers calls.</param>
/// <param name="sessions">Says who is there.</param>
/// <param name="options">How long an idle connection is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what is no call.</param>
internal sealed partial class HiveConnection(HiveDispatcher dispatcher, HiveSessions sessions, HiveOptions options, TimeProvider time, ILogger<HiveConnection> logger) : ConnectionHandler
{
    /// <summary>Time for a negotiation to begin and end.</summary>
    private static readonly TimeSpan s_negotiation = TimeSpan.FromSeconds(30);

    private static readonly ThriftLimits s_limits = new();

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        var source = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        try
        {
            var transport = new HiveTransport(connection.Transport, s_limits);
            if (await BeginAsync(transport, source, connection.ConnectionId, connection.ConnectionClosed, stopping).ConfigureAwait(false) is { } session)
                await ServeAsync(transport, session, connection.ConnectionClosed, stopping).ConfigureAwait(false);
        }
        catch (ThriftFormatException error)
        {
            // Where the next message would begin nobody knows any more.
            LogFormat(source, error.Message);
        }
        catch (Exception error) when (error is OperationCanceledException or ConnectionAbortedException or ConnectionResetException or IOException)
        {
            LogGone(source, error.Message);
        }
    }

    private async ValueTask<HiveSession?> BeginAsync(HiveTransport transport, IPAddress? source, string connectionId, CancellationToken gone, CancellationToken stopping)
    {
        using var idle = Limited(options.KeepAlive, gone, stopping);
        if (await transport.IsNegotiatingAsync(idle.Token).ConfigureAwait(false) is not { } isNegotiating)
            return null;
        if (!isNegotiating)
            return await sessions.BeginAsync(source, connectionId, gone).ConfigureAwait(false);
        using var soon = Limited(s_negotiation, gone, stopping);
        return await NegotiateAsync(transport, source, connectionId, soon.Token).ConfigureAwait(false);
    }

    private async ValueTask<HiveSession?> NegotiateAsync(HiveTransport transport, IPAddress? source, string connectionId, CancellationToken cancellationToken)
    {
        // 1. The client names the mechanism, 2. and gives its response without waiting for a challenge, of which PLAIN has none.
        if (await transport.ReadNegotiationAsync(cancellationToken).ConfigureAwait(false) is not { } start)
            return null;
        string mechanism = Encoding.UTF8.GetString(start.Payload);
        if (start.Status != SaslStatus.Start || mechanism != PlainCredential.Mechanism)
        {
            string reason = $"The mechanism '{mechanism}' is not offered; use {PlainCredential.Mechanism} with an access key and its secret.";
            await transport.WriteNegotiationAsync(SaslStatus.Error, Encoding.UTF8.GetBytes(reason), cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (await transport.ReadNegotiationAsync(cancellationToken).ConfigureAwait(false) is not { } response)
            return null;

        // 3. The server says whether it is right.
        var (session, refusal) = response.Status == SaslStatus.Ok && PlainCredential.TryRead(response.Payload) is { } credential
            ? await sessions.AuthenticateAsync(credential, source, connectionId, cancellationToken).ConfigureAwait(false)
            : (null, "The response is not of the form NUL, access key, NUL, secret.");
        if (session is null)
        {
            await transport.WriteNegotiationAsync(SaslStatus.Bad, Encoding.UTF8.GetBytes(refusal), cancellationToken).ConfigureAwait(false);
            return null;
        }

        await transport.WriteNegotiationAsync(SaslStatus.Complete, ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false);
        transport.IsFramed = true;
        return session;
    }

    private async ValueTask ServeAsync(HiveTransport transport, HiveSession session, CancellationToken gone, CancellationToken stopping)
    {
        while (true)
        {
            ThriftMessage? request;
            using (var idle = Limited(options.KeepAlive, gone, stopping))
                request = await transport.ReadAsync(idle.Token).ConfigureAwait(false);
            if (request is null)
                return;
            // A call whose client is gone is given up: it would be done again by the client's next try.
            var answer = await dispatcher.AnswerAsync(request, session, gone).ConfigureAwait(false);
            if (answer.Message is not { } message)
                continue;
            if (!await IsSentAsync(transport, message, gone).ConfigureAwait(false))
            {
                answer.Undo?.Invoke();
                return;
            }
        }
    }

    private static async ValueTask<bool> IsSentAsync(HiveTransport transport, ThriftMessage message, CancellationToken gone)
    {
        try
        {
            return await transport.WriteAsync(message, gone).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ConnectionAbortedException or ConnectionResetException or IOException)
        {
            return false;
        }
    }

    private LimitedTime Limited(TimeSpan limit, CancellationToken gone, CancellationToken stopping) => new(limit, time, gone, stopping);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection from {Source} to the metastore was closed: {Reason}")]
    private partial void LogFormat(IPAddress? source, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection from {Source} to the metastore is gone: {Reason}")]
    private partial void LogGone(IPAddress? source, string reason);

    /// <summary>Cancels after a time, or when the connection or the server ends.</summary>
    private readonly struct LimitedTime : IDisposable
    {
        private readonly CancellationTokenSource _after, _any;

        public LimitedTime(TimeSpan limit, TimeProvider time, CancellationToken gone, CancellationToken stopping)
        {
            _after = new CancellationTokenSource(limit, time);
            _any = CancellationTokenSource.CreateLinkedTokenSource(_after.Token, gone, stopping);
        }

        public CancellationToken Token => _any.Token;

        public void Dispose()
        {
            _any.Dispose();
            _after.Dispose();
        }
    }
}
