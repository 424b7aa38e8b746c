using System.Security.Cryptography;
using System.Text;
using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;
using Tarn.Metastore.Requests;

namespace Tarn.Catalog.Rest.Idempotency;

/// <summary>
/// The header <c>Idempotency-Key</c> of a request that changes something. What was applied is known to the catalog, in the commit itself: after a restart and to
/// other servers too. Refusals, and answers that changed nothing, are kept by this process for a while.
/// </summary>
internal static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";
    private const int SizeChars = 36, DigestBytes = 16;

    /// <summary>The request as one that may come again; null without the header.</summary>
    /// <exception cref="RestException">400: the key is no UUID.</exception>
    public static async ValueTask<IdempotentRequest?> ReadAsync(RestCall call, CancellationToken cancellationToken)
    {
        if (!call.Match.Route.TakesIdempotencyKey || call.Request.Header(Header) is not { } key)
            return null;
        if (key.Length != SizeChars || !Guid.TryParseExact(key, "D", out var id))
            throw RestException.BadRequest($"{Header} '{key}' is not a UUID of {SizeChars} characters.");
        var body = await call.ReadBodyAsync(cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{call.Request.Method} {call.Request.Target}\n"));
        hash.AppendData(body.Span);
        string digest = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, DigestBytes));
        var lifetime = call.Services.Options.IdempotencyKeyLifetime;
        return new IdempotentRequest(new RequestKey(call.Caller!.CanonicalId, id), digest, call.Services.Time.GetUtcNow() + lifetime) { Lifetime = lifetime };
    }

    /// <summary>Runs an operation, or answers again when the request came before with the same key.</summary>
    /// <exception cref="RestException">422: the key stands for another request.</exception>
    public static ValueTask<RestAnswer> RunAsync(RestCall call, IdempotentRequest request, CancellationToken cancellationToken) =>
        call.Services.Idempotency.RunAsync(request, () => AnswerAsync(call, request, cancellationToken));

    private static async ValueTask<RestAnswer> AnswerAsync(RestCall call, IdempotentRequest request, CancellationToken cancellationToken)
    {
        if (await FindAsync(call, request, cancellationToken) is { } before)
            return await ReplayAsync(call, before, cancellationToken);
        try
        {
            return await call.Match.Route.Operation.HandleAsync(call, cancellationToken);
        }
        catch (Exception failure) when (CatalogErrorMapping.Translate(failure).Error.Status < 500)
        {
            // Another server may have applied it meanwhile: then that is what refused it here.
            if (await FindAsync(call, request, cancellationToken) is { } meanwhile)
                return await ReplayAsync(call, meanwhile, cancellationToken);
            throw;
        }
    }

    private static async ValueTask<AppliedRequest?> FindAsync(RestCall call, IdempotentRequest request, CancellationToken cancellationToken) =>
        await call.Services.Warehouses.Requests.FindAsync(request.Key, cancellationToken) is not { } applied ? null
            : applied.Request.Digest == request.Digest ? applied
            : throw IdempotencyStore.OtherRequest();

    // It was applied: a refusal now would make the client delete the files of what stands.
    private static async ValueTask<RestAnswer> ReplayAsync(RestCall call, AppliedRequest applied, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Match.Route.Operation.ReplayAsync(call, applied, cancellationToken);
        }
        catch (Exception failure) when (CatalogErrorMapping.Translate(failure).Error.Status is >= 400 and < 500)
        {
            throw new RestException(RestError.CommitStateUnknown, $"The request was applied by commit {applied.Number} of the catalog, and its answer cannot be made again: {failure.Message}", failure);
        }
    }
}
