using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Idempotency;

/// <summary>
/// What this process answered to requests that carry an <c>Idempotency-Key</c> (REST specification, "idempotency-key"), short answers and refusals, so that the same
/// comes again. What was applied is in the catalog; this is lost without harm. What may have been unknown (5XX) is not kept.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class IdempotencyStore(TimeProvider time)
{
    /// <summary>Most bytes of answers that are kept; beyond them the oldest are let go.</summary>
    public const long MaxBytes = 16L << 20;

    /// <summary>Longest body that is kept; a longer one is made again from the catalog.</summary>
    public const int MaxBodyBytes = 4 * 1024;

    // What a kept answer takes beside its body.
    private const int EntryBytes = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<RequestKey, Entry> _entries = [];
    private readonly Queue<(IdempotentRequest Request, int SizeBytes)> _ends = new();
    private long _sizeBytes;

    /// <summary>Bytes of the answers that are kept.</summary>
    public long SizeBytes => Interlocked.Read(ref _sizeBytes);

    /// <summary>Refuses a key that stands for another request.</summary>
    public static RestException OtherRequest() => new(RestError.Unprocessable, "The Idempotency-Key was used for another request; make a new key for each.");

    /// <summary>Answers a request that may have come before.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">Does the work, or finds that it was done.</param>
    /// <exception cref="RestException">422: the key stands for another request.</exception>
    public async ValueTask<RestAnswer> RunAsync(IdempotentRequest request, Func<ValueTask<RestAnswer>> answer)
    {
        while (true)
        {
            var (entry, isMine) = Enter(request);
            if (isMine)
                return await FinishAsync(request, entry, answer);
            // Somebody is at the same request right now, or was.
            if (await entry.Done.Task is { } kept)
                return kept;
        }
    }

    private (Entry Entry, bool IsMine) Enter(IdempotentRequest request)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            while (_ends.TryPeek(out var first) && first.Request.Until <= now)
                LetGo();
            if (_entries.TryGetValue(request.Key, out var known))
                return known.Digest == request.Digest ? (known, false) : throw OtherRequest();
            var entry = new Entry(request.Digest);
            _entries.Add(request.Key, entry);
            return (entry, true);
        }
    }

    private async ValueTask<RestAnswer> FinishAsync(IdempotentRequest request, Entry entry, Func<ValueTask<RestAnswer>> answer)
    {
        RestAnswer? kept = null;
        try
        {
            var made = await answer();
            kept = made.Status < 500 && made.BodySizeBytes <= MaxBodyBytes ? made : null;
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
            Leave(request, entry, kept);
        }
    }

    private void Leave(IdempotentRequest request, Entry entry, RestAnswer? kept)
    {
        lock (_gate)
        {
            if (kept is null)
            {
                _entries.Remove(request.Key);
            }
            else
            {
                int size = EntryBytes + (int)kept.BodySizeBytes;
                _ends.Enqueue((request, size));
                _sizeBytes += size;
                while (_sizeBytes > MaxBytes)
                    LetGo();
            }
        }

        entry.Done.SetResult(kept);
    }

    private void LetGo()
    {
        var (request, size) = _ends.Dequeue();
        _entries.Remove(request.Key);
        _sizeBytes -= size;
    }

    // Who asks and how often changes from one try to the next; such refusals say nothing about the request.
    private static bool IsFinal(int status) => status is >= 400 and < 500 and not (401 or 403 or 419 or 429);

    private sealed class Entry(string digest)
    {
        public string Digest => digest;

        public TaskCompletionSource<RestAnswer?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
