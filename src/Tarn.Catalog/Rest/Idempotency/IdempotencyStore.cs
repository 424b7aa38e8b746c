using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;

namespace Tarn.Catalog.Rest.Idempotency;

/// <summary>
/// Answers to requests that carry an <c>Idempotency-Key</c>, so that a repetition does nothing and gets the same (REST specification, "idempotency-key").
/// Success and refusals are kept; what may have been unknown (5XX) is not. The keys of this process are kept in memory: after a restart a repeated commit is
/// recognized by its snapshots.
/// </summary>
/// <param name="lifetime">How long an answer is kept.</param>
/// <param name="time">The clock.</param>
internal sealed class IdempotencyStore(TimeSpan lifetime, TimeProvider time)
{
    /// <summary>Most keys at once; more are refused until some have ended.</summary>
    public const int MaxKeys = 100_000;

    /// <summary>Longest body that is kept; of a longer answer only that it was a success, and it is made anew from the newest state.</summary>
    public const int MaxBodyBytes = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, DateTimeOffset Until)> _ends = new();

    /// <summary>Answers a request that may have come before.</summary>
    /// <param name="key">Key and caller: nobody gets the answers of others.</param>
    /// <param name="request">What identifies the request; a key stands for one request.</param>
    /// <param name="answer">Does the work, at most once for each key that is finished.</param>
    /// <param name="replay">Makes the answer to a repetition from the kept one.</param>
    /// <exception cref="RestException">422: the key stands for another request. 503: there are too many keys.</exception>
    public async ValueTask<RestAnswer> RunAsync(string key, string request, Func<ValueTask<RestAnswer>> answer, Func<RestAnswer, ValueTask<RestAnswer>> replay)
    {
        while (true)
        {
            var (entry, isMine) = Enter(key, request);
            if (isMine)
                return await FinishAsync(key, entry, answer);
            // Somebody is at the same request right now, or was.
            if (await entry.Done.Task is { } kept)
                return await replay(kept);
        }
    }

    private (Entry Entry, bool IsMine) Enter(string key, string request)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            while (_ends.TryPeek(out var first) && first.Until <= now)
                _entries.Remove(_ends.Dequeue().Key);
            if (_entries.TryGetValue(key, out var known))
            {
                return known.Request == request
                    ? (known, false)
                    : throw new RestException(RestError.Unprocessable, "The Idempotency-Key was used for another request; make a new key for each.");
            }

            if (_entries.Count >= MaxKeys)
                throw new RestException(RestError.ServiceUnavailable, $"More than {MaxKeys} idempotency keys are in use; wait, or send the request without one.") { RetryAfter = lifetime };
            var entry = new Entry(request);
            _entries.Add(key, entry);
            return (entry, true);
        }
    }

    private async ValueTask<RestAnswer> FinishAsync(string key, Entry entry, Func<ValueTask<RestAnswer>> answer)
    {
        RestAnswer? kept = null;
        try
        {
            var made = await answer();
            kept = made.Status < 500 ? Shortened(made) : null;
            return made;
        }
        catch (Exception failure)
        {
            var refusal = CatalogErrorMapping.Translate(failure);
            kept = IsFinal(refusal.Error.Status) ? ErrorAnswer.Of(refusal) : null;
            throw;
        }
        finally
        {
            Leave(key, entry, kept);
        }
    }

    private void Leave(string key, Entry entry, RestAnswer? kept)
    {
        lock (_gate)
        {
            if (kept is null)
                _entries.Remove(key);
            else
                _ends.Enqueue((key, time.GetUtcNow() + lifetime));
        }

        entry.Done.SetResult(kept);
    }

    // Who asks and how often changes from one try to the next; such refusals say nothing about the request.
    private static bool IsFinal(int status) => status is >= 400 and < 500 and not (401 or 403 or 419 or 429);

    private static RestAnswer Shortened(RestAnswer answer) => answer.BodySizeBytes <= MaxBodyBytes || answer.Reload is null ? answer with { Reload = null } : answer with { Body = [] };

    private sealed class Entry(string request)
    {
        public string Request => request;

        public TaskCompletionSource<RestAnswer?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
