using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Tarn.Core.Errors;
using Tarn.Storage.Buckets.Events;

namespace Tarn.S3.Notifications;

/// <summary>Sends the messages of a spool to a webhook, one after another in their order, until each is taken or given up; waits longer after each failure.</summary>
/// <param name="webhook">Where to.</param>
/// <param name="spool">What to send.</param>
/// <param name="secret">Signs each message in <c>X-Tarn-Signature: sha256=…</c> (HMAC over the body); null for no signature.</param>
/// <param name="client">Sends.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of failures.</param>
internal sealed partial class WebhookSender(Webhook webhook, EventSpool spool, string? secret, HttpClient client, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1), s_longestPause = TimeSpan.FromMinutes(5);

    // With the pauses between them: about an hour for a disk that does not answer, and a day for a webhook that refuses this very event.
    private const int MaxFailedReads = 20, MaxRefusals = 300;
    private readonly SemaphoreSlim _added = new(0);
    private int _failedReadCount, _refusalCount;
    private long _lostCount;

    /// <summary>Keeps a message to be sent.</summary>
    /// <exception cref="TarnException">The disk cannot be written.</exception>
    public void Add(ReadOnlySpan<byte> message)
    {
        spool.Add(message);
        _added.Release();
    }

    /// <summary>Sends until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = s_firstPause;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CountLost();
            if (spool.Count == 0)
            {
                await _added.WaitAsync(cancellationToken);
                continue;
            }

            if (await TrySendOldestAsync(cancellationToken))
            {
                pause = s_firstPause;
                continue;
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, s_longestPause.Ticks));
        }
    }

    private async Task<bool> TrySendOldestAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Peek() is not { } message)
                return _failedReadCount == 0;
            if (await TrySendAsync(message, cancellationToken))
                spool.RemoveOldest();
            else if (_refusalCount >= MaxRefusals)
                spool.GiveUpOldest();
            else
                return false;
            (_failedReadCount, _refusalCount) = (0, 0);
            return true;
        }
        catch (TarnException error)
        {
            LogUnremoved(webhook.Name, error.Message);
            (_failedReadCount, _refusalCount) = (0, 0);
            return true;
        }
    }

    // Null when none waits, or the oldest cannot be read: for ever when its file is gone or damaged, else perhaps for a while.
    private byte[]? Peek()
    {
        try
        {
            byte[]? message = spool.PeekOldest();
            _failedReadCount = 0;
            return message;
        }
        catch (TarnException error)
        {
            LogUnreadable(webhook.Name, error.Message, spool.Count);
            bool isLost = error.InnerException is FileNotFoundException || error.Kind == ErrorKind.DataCorrupted || ++_failedReadCount >= MaxFailedReads;
            if (!isLost)
                return null;
            (_failedReadCount, _refusalCount) = (0, 0);
            spool.GiveUpOldest();
            return null;
        }
    }

    // What is given up is another's turn, also when the spool did so because too many waited.
    private void CountLost()
    {
        long count = spool.DroppedCount;
        if (count == _lostCount)
            return;
        (_lostCount, _failedReadCount, _refusalCount) = (count, 0, 0);
        LogLost(webhook.Name, count);
    }

    private async Task<bool> TrySendAsync(byte[] message, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Address) { Content = new ByteArrayContent(message) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            if (secret is not null)
                request.Headers.Add("X-Tarn-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message)));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
                return true;
            if (IsRefusal((int)response.StatusCode))
                _refusalCount++;
            LogRefused(webhook.Name, (int)response.StatusCode, spool.Count);
            return false;
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogUnreachable(webhook.Name, error.Message, spool.Count);
            return false;
        }
    }

    // RFC 9110, 15.5: the request is at fault, and the same one will be again; but for 408 Request Timeout and 429 Too Many Requests (RFC 6585).
    private static bool IsRefusal(int status) => status is >= 400 and < 500 and not 408 and not 429;

    [LoggerMessage(Level = LogLevel.Error, Message = "Events for the webhook {Webhook} were given up unsent: {Count} since the start")]
    private partial void LogLost(string webhook, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An event for the webhook {Webhook} is done but its file stays, so that it may be sent again after a restart ({Reason})")]
    private partial void LogUnremoved(string webhook, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Webhook} answered {Status}; {Waiting} events wait for it")]
    private partial void LogRefused(string webhook, int status, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The events that wait for the webhook {Webhook} cannot be read ({Reason}); {Waiting} of them wait")]
    private partial void LogUnreadable(string webhook, string reason, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Webhook} cannot be reached ({Reason}); {Waiting} events wait for it")]
    private partial void LogUnreachable(string webhook, string reason, int waiting);
}
