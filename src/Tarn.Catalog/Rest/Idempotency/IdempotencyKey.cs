using System.Security.Cryptography;
using Tarn.Catalog.Rest.Answers;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Operations;

namespace Tarn.Catalog.Rest.Idempotency;

/// <summary>The header <c>Idempotency-Key</c> of a request that changes something.</summary>
internal static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";
    private const int SizeChars = 36;

    /// <summary>Runs an operation, or answers again when the request came before with the same key.</summary>
    /// <exception cref="RestException">400: the key is no UUID.</exception>
    public static async ValueTask<RestAnswer> RunAsync(RestCall call, CancellationToken cancellationToken)
    {
        var operation = call.Match.Route.Operation;
        if (call.Request.Header(Header) is not { } key)
            return await operation.HandleAsync(call, cancellationToken);
        if (key.Length != SizeChars || !Guid.TryParseExact(key, "D", out var id))
            throw RestException.BadRequest($"{Header} '{key}' is not a UUID of {SizeChars} characters.");
        var body = await call.ReadBodyAsync(cancellationToken);
        string request = $"{call.Request.Method} {call.Request.Http.Request.Path}{call.Request.Http.Request.QueryString} {Convert.ToHexStringLower(SHA256.HashData(body.Span))}";
        return await call.Services.Idempotency.RunAsync(
            $"{call.Caller?.CanonicalId} {call.Warehouse} {id:N}",
            request,
            () => operation.HandleAsync(call, cancellationToken),
            kept => kept.Reload is { } reload ? reload(call, cancellationToken) : ValueTask.FromResult(kept));
    }
}
