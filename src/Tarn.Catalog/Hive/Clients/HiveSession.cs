using System.Collections.Concurrent;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Hive.Clients;

/// <summary>Connections to a metastore. Each carries one call at a time; one that is not needed is kept for the next call. Safe for any number of threads.</summary>
/// <param name="address">Where it is, and who asks.</param>
/// <param name="time">The clock.</param>
internal sealed class HiveSession(HiveMetastoreAddress address, TimeProvider time) : IDisposable
{
    private const short Answer = 0;

    // More idle connections than commands have threads are of no use; an old one may have been closed at the other end.
    private const int MaxIdle = 8;
    private static readonly TimeSpan s_idleLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<(HiveClient Client, long Since)> _idle = new();

    /// <summary>Makes a call that changes nothing; once more when the answer is lost.</summary>
    /// <param name="request">The call.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Its results: field 0 is the answer.</returns>
    /// <exception cref="HiveFault">It was answered by an exception.</exception>
    /// <exception cref="TarnException">Unavailable, Unauthenticated, Unsupported for a call that the metastore does not know, DataCorrupted.</exception>
    public async ValueTask<ThriftStruct> AskAsync(HiveRequest request, ThriftStruct arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(request, arguments, await ConnectAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (TarnException lost) when (lost.Kind == ErrorKind.Unavailable)
        {
            return await CallAsync(request, arguments, await HiveClient.ConnectAsync(address, time, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a call that changes something, once. It is not cancelled on the way: then nobody would know what came of it.</summary>
    /// <param name="request">The call.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Cancels before it is sent.</param>
    /// <exception cref="LostAnswerException">It was sent and not answered.</exception>
    /// <exception cref="HiveFault">It was answered by an exception.</exception>
    /// <exception cref="TarnException">As of <see cref="AskAsync"/>; Unavailable only when nothing was sent.</exception>
    public async ValueTask<ThriftStruct> ChangeAsync(HiveRequest request, ThriftStruct arguments, CancellationToken cancellationToken)
    {
        var client = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await CallAsync(request, arguments, client, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TarnException lost) when (lost.Kind is ErrorKind.Unavailable or ErrorKind.DataCorrupted)
        {
            throw new LostAnswerException($"The metastore at {address} did not answer '{request.Method}'", lost);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryDequeue(out var kept))
            kept.Client.Dispose();
    }

    private async ValueTask<HiveClient> ConnectAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryDequeue(out var kept))
        {
            if (time.GetElapsedTime(kept.Since) < s_idleLimit)
                return kept.Client;
            kept.Client.Dispose();
        }

        return await HiveClient.ConnectAsync(address, time, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ThriftStruct> CallAsync(HiveRequest request, ThriftStruct arguments, HiveClient client, CancellationToken cancellationToken)
    {
        ThriftStruct answer;
        try
        {
            answer = await client.CallAsync(request.Method, arguments, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            client.Dispose();
            throw;
        }

        Keep(client);
        return Of(request, answer);
    }

    private void Keep(HiveClient client)
    {
        if (_idle.Count < MaxIdle)
            _idle.Enqueue((client, time.GetTimestamp()));
        else
            client.Dispose();
    }

    private static ThriftStruct Of(HiveRequest request, ThriftStruct answer)
    {
        if (!answer.Has(Answer) && answer.Fields is [{ Key: > 0, Value.Struct: { } fault } thrown, ..])
            throw new HiveFault(thrown.Key <= request.Throws.Count ? request.Throws[thrown.Key - 1] : HiveExceptionKind.Meta, fault.Text(1) ?? "it gives no reason");
        return answer;
    }
}
