namespace Tarn.Metastore.Requests;

/// <summary>What tells a request of one caller from every other: the id that the caller gave it.</summary>
/// <param name="Caller">Canonical id of who sent it.</param>
/// <param name="Id">The id.</param>
public readonly record struct RequestKey(string Caller, Guid Id);

/// <summary>A request that may come again, and must not be applied again.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Digest">Digest of everything that it asks for: a key stands for one request.</param>
/// <param name="Until">Up to when it may come again: by the clock of the log once it is committed, before that by the clock of who received it.</param>
public sealed record IdempotentRequest(RequestKey Key, string Digest, DateTimeOffset Until)
{
    /// <summary>How long it may come again after its commit, whose time then decides <see cref="Until"/>; null: that is decided.</summary>
    public TimeSpan? Lifetime { get; init; }
}

/// <summary>A request that was applied.</summary>
/// <param name="Request">The request.</param>
/// <param name="Number">Number of the commit that applied it.</param>
/// <param name="Result">What its answer needs: the metadata file of the one table or view that it left, or the names of the properties that it removed.</param>
public sealed record AppliedRequest(IdempotentRequest Request, long Number, IReadOnlyList<string> Result);
