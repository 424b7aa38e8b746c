using Tarn.Core.Errors;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>A request as data.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with query, behind <c>v1/</c> and the prefix, escaped.</param>
/// <param name="Purpose">What it does, for messages: <c>load table 'sales.orders'</c>.</param>
internal sealed record RestRequest(HttpMethod Method, string Path, string Purpose)
{
    /// <summary>The body, JSON; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The entity tag of what is known already.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>The key by which the server knows a repeated request again; null when it knows none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether its 409 means that somebody was faster, rather than that a name is taken.</summary>
    public bool IsCommit { get; init; }

    /// <summary>Changes nothing. Some questions are asked by POST.</summary>
    public bool IsRead { get; init; } = Method == HttpMethod.Get || Method == HttpMethod.Head;

    /// <summary>How often it was sent before.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it is unknown what an earlier attempt did; null when that is known.</summary>
    public CommitStateUnknownException? Unknown { get; init; }

    /// <summary>May be sent again when its outcome is not known.</summary>
    public bool IsRepeatable => IsRead || IdempotencyKey is not null;
}
