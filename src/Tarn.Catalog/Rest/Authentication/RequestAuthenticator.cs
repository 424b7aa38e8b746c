using System.Security.Cryptography;
using System.Text;
using Tarn.Access;
using Tarn.Access.Sessions;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Requests;

namespace Tarn.Catalog.Rest.Authentication;

/// <summary>Finds out who sent a request: a bearer token, an access key and its secret by HTTP Basic, or nobody.</summary>
internal sealed class RequestAuthenticator(IAccessControl access, AccessTokenService tokens)
{
    private const string Bearer = "Bearer ", Basic = "Basic ";

    // PyIceberg without a credential sends the word of its language for nothing.
    private const string NoToken = "None";

    /// <summary>Authenticates a request.</summary>
    /// <returns>Who sent it; null for anonymous.</returns>
    /// <exception cref="RestException">The proof is malformed, out of time or wrong; or too many were wrong before.</exception>
    public async ValueTask<Caller?> AuthenticateAsync(RestRequest request, string requestId, CancellationToken cancellationToken)
    {
        string authorization = request.Header("Authorization")?.Trim() ?? "";
        if (authorization.Length == 0)
            return null;
        if (TryReadBasic(authorization) is { } credential)
            return await AuthenticateAsync(credential.Id, credential.Secret, request, requestId, cancellationToken);
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            throw new RestException(RestError.NotAuthorized, "The header Authorization holds neither a Bearer token nor an access key and secret as Basic.");
        string token = authorization[Bearer.Length..].Trim();
        return token is "" or NoToken ? null : (await FindAsync(token, request, requestId, cancellationToken)).Caller;
    }

    /// <summary>Verifies an access key and its secret.</summary>
    /// <exception cref="RestException">They are wrong, or too many were wrong before.</exception>
    public async ValueTask<Caller> AuthenticateAsync(string accessKeyId, string secret, RestRequest request, string requestId, CancellationToken cancellationToken)
    {
        if (access.GetRefusal(request.Source, accessKeyId) is { Ticks: > 0 } wait)
            throw new RestException(RestError.TooManyRequests, "Too many requests with a wrong secret; wait before you try again.") { RetryAfter = wait };
        var found = await access.FindAccessKeyAsync(accessKeyId, null, cancellationToken);
        bool isRight = found.Credential is { } credential && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(credential.Secret), Encoding.UTF8.GetBytes(secret));
        access.RecordAuthentication(new(accessKeyId, isRight, request.Source, isRight ? "" : found.Credential is null ? found.Status.ToString() : "WrongSecret", requestId));
        return isRight ? found.Credential!.Caller : throw new RestException(RestError.NotAuthorized, "The access key does not exist, is disabled or has expired, or its secret is wrong.");
    }

    /// <summary>Looks at a bearer token.</summary>
    /// <exception cref="RestException">It is expired, revoked or none of this installation.</exception>
    public async ValueTask<AccessTokenLookup> FindAsync(string token, RestRequest request, string requestId, CancellationToken cancellationToken)
    {
        var found = await tokens.FindAsync(token, cancellationToken);
        if (found.Caller is not null)
            return found;
        access.RecordAuthentication(new(null, false, request.Source, $"bearer token: {found.Status}", requestId));
        throw new RestException(RestError.NotAuthorized, found.Status switch
        {
            AccessKeyStatus.Expired => $"The access token expired at {found.Expires:u}; request a new one.",
            AccessKeyStatus.Disabled => "The access key behind the token is disabled.",
            _ => "The access token is not one of this installation, or was revoked; request a new one.",
        });
    }

    /// <summary>Id and secret of a Basic header, percent-encoded or not (RFC 6749 §2.3.1); null when it is no such header.</summary>
    public static (string Id, string Secret)? TryReadBasic(string? authorization)
    {
        if (authorization is null || !authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        byte[] bytes = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[Basic.Length..].Trim(), bytes, out int length))
            return null;
        string pair = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (pair[..colon], pair[(colon + 1)..]);
    }
}
