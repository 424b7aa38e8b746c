using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Tarn.Core.Errors;
using Tarn.Storage.Buckets.Events;

namespace Tarn.S3.Notifications;

/// <summary>Sends the messages of a spool to a webhook, one after another in their order, until each is taken; waits longer after each failure.</summary>
/// <param name="webhook">Where to.</param>
/// <param name="spool">What to send.</param>
/// <param name="secret">Signs each message in <c>X-Tarn-Signature: sha256=…</c> (HMAC over the body); null for no signature.</param>
/// <param name="client">Sends.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of failures.</param>
internal sealed partial class WebhookSender(Webhook webhook, EventSpool spool, string? secret, HttpClient client, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1), s_longestPause = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _added = new(0);

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
            if (spool.PeekOldest() is not { } message)
                return true;
            if (!await TrySendAsync(message, cancellationToken))
                return false;
            spool.RemoveOldest();
            return true;
        }
        catch (TarnException error)
        {
            LogUnreadable(webhook.Name, error.Message, spool.Count);
            return false;
        }
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
            LogRefused(webhook.Name, (int)response.StatusCode, spool.Count);
            return false;
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogUnreachable(webhook.Name, error.Message, spool.Count);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Webhook} answered {Status}; {Waiting} events wait for it")]
    private partial void LogRefused(string webhook, int status, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The events that wait for the webhook {Webhook} cannot be read or removed ({Reason}); {Waiting} of them wait")]
    private partial void LogUnreadable(string webhook, string reason, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Webhook} cannot be reached ({Reason}); {Waiting} events wait for it")]
    private partial void LogUnreachable(string webhook, string reason, int waiting);
}
