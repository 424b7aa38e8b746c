using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Text;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>The answer to a request.</summary>
/// <param name="Request">The request.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The whole body.</param>
internal sealed record RestReply(RestRequest Request, int Status, ReadOnlyMemory<byte> Body)
{
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = RestLimits.JsonDepth };

    /// <summary>The entity tag, or null.</summary>
    public string? EntityTag { get; init; }

    /// <summary>How long the server asks to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The error model, empty when the answer has none.</summary>
    public RestError Error => RestError.Read(Body);

    /// <summary>This answer when it is a success.</summary>
    /// <exception cref="TarnException">As <see cref="RestErrorMapping"/> says.</exception>
    public RestReply Require() => IsSuccess ? this : throw RestErrorMapping.Of(this);

    /// <summary>
    /// This answer, unless it is a refusal of a request that was sent before with an outcome that is unknown: who asks, the names and the requirements may be looked at before
    /// the request's key, and after an earlier attempt that was applied all of them can fail.
    /// </summary>
    /// <exception cref="CommitStateUnknownException">The refusal says nothing of the attempt before.</exception>
    public RestReply Settled() => IsSuccess || Request.Unknown is not { } unknown ? this : throw RestErrorMapping.StillUnknown(this, unknown);

    private bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Reads the body.</summary>
    /// <exception cref="TarnException">DataCorrupted when it is not what the specification says; <see cref="CommitStateUnknownException"/> when something was changed nevertheless.</exception>
    public T Read<T>(Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(Body, s_json);
            return read(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException || (error is TarnException && !Request.IsRead))
        {
            string message = $"The catalog did {Request.Purpose}, but its answer cannot be read: {JsonDefect.Explain(Body.Span, error, RestLimits.JsonDepth)}.";
            throw Request.IsRead ? TarnException.Corrupted(message, error) : new CommitStateUnknownException(message + " Look at the catalog before you repeat it.", error);
        }
    }
}
