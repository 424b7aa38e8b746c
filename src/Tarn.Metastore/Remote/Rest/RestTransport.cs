using System.Net.Http.Headers;
using Tarn.Core.Errors;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>
/// Sends requests, and again those that may be: reads and requests with an idempotency key after a lost answer, 502, 503 and 504; everything after 429 and
/// when there was no connection, because then nothing was done; and after a 409 that asks to wait, when an earlier attempt under the key may still be at work.
/// </summary>
/// <param name="http">The client; redirects are not to be followed by it.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads waits.</param>
internal sealed class RestTransport(HttpClient http, TimeProvider time, Random random)
{
    /// <summary>Sends a request until an answer stands.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="message">Makes the message of an attempt.</param>
    /// <param name="cancellationToken">Cancels; what was sent may be done nevertheless.</param>
    /// <exception cref="TarnException">Unavailable when nothing was done; <see cref="CommitStateUnknownException"/> when that is unknown.</exception>
    public async ValueTask<RestReply> SendAsync(RestRequest request, Func<HttpRequestMessage> message, CancellationToken cancellationToken)
    {
        var unknown = request.Unknown;
        for (int attempt = request.Attempts + 1; ; attempt++)
        {
            TimeSpan? asked;
            try
            {
                var reply = await SendOnceAsync(request, message, cancellationToken).ConfigureAwait(false);
                bool isPassing = IsPassing(reply, unknown is not null);
                if (isPassing && reply.Status != 429 && !request.IsRead)
                    unknown ??= (CommitStateUnknownException)RestErrorMapping.Lost(request, RestErrorMapping.MessageOf(reply), null);
                if (!isPassing || attempt == RestLimits.Attempts)
                    return reply with { Request = request with { Attempts = attempt, Unknown = unknown } };
                asked = reply.RetryAfter;
            }
            catch (TarnException error) when (attempt < RestLimits.Attempts && (error.Kind == ErrorKind.Unavailable || request.IsRepeatable))
            {
                unknown ??= error as CommitStateUnknownException;
                asked = null;
            }
            catch (Exception error) when (unknown is not null && error is OperationCanceledException or TarnException { Kind: ErrorKind.Unavailable })
            {
                throw RestErrorMapping.StillUnknown(error, unknown);
            }

            try
            {
                await Task.Delay(Wait(attempt, asked), time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException cancelled) when (unknown is not null)
            {
                throw RestErrorMapping.StillUnknown(cancelled, unknown);
            }
        }
    }

    /// <summary>The wait after an attempt: what the server asks for, else random between half and all of a step that doubles.</summary>
    internal TimeSpan Wait(int attempt, TimeSpan? asked)
    {
        if (asked is { } wanted)
            return wanted < RestLimits.LongestRetryAfter ? wanted : RestLimits.LongestRetryAfter;
        double step = Math.Min(RestLimits.LongestWait.TotalMilliseconds, RestLimits.FirstWait.TotalMilliseconds * Math.Pow(2, attempt - 1));
        return TimeSpan.FromMilliseconds(step * (0.5 + (random.NextDouble() / 2)));
    }

    private static bool IsPassing(RestReply reply, bool isUnknown) => reply.Status == 429
        || (reply.Request.IsRepeatable && (reply.Status is 502 or 503 or 504 || (!reply.Request.IsRead && IsAtWork(reply, isUnknown))));

    // A server that still works on an attempt under the same key, which also a proxy may have sent, answers 409 and when to ask again.
    private static bool IsAtWork(RestReply reply, bool isUnknown) =>
        reply.Status == 409 && reply.RetryAfter is not null && (isUnknown || !RestErrorMapping.IsNamedConflict(reply.Error));

    private async ValueTask<RestReply> SendOnceAsync(RestRequest request, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var message = make();
        string server = message.RequestUri!.GetLeftPart(UriPartial.Authority);
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(RestLimits.AnswerBytes, cancellationToken).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return new RestReply(request, (int)response.StatusCode, body) { EntityTag = response.Headers.ETag?.ToString(), RetryAfter = Delay(response.Headers.RetryAfter) };
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError)
        {
            throw new TarnException(ErrorKind.Unavailable, $"The catalog at {server} cannot be reached to {request.Purpose}: {error.Message.TrimEnd('.')}. Nothing was changed; check the address and that the server runs.", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw RestErrorMapping.Lost(request, $"The answer of the catalog at {server} to '{request.Purpose}' was lost: {error.Message.TrimEnd('.')}.", error);
        }
        catch (OperationCanceledException error) when (!request.IsRead && request.IsCommit)
        {
            throw RestErrorMapping.Lost(request, $"The wait for the catalog at {server} to {request.Purpose} was cancelled.", error);
        }
    }

    private TimeSpan? Delay(RetryConditionHeaderValue? asked) =>
        asked?.Delta ?? (asked?.Date - time.GetUtcNow() is { } until ? (until > TimeSpan.Zero ? until : TimeSpan.Zero) : null);
}
