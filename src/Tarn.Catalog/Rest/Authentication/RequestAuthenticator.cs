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
    private const string Bearer = "Bearer ";

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
        if (ClientCredential.TryReadBasic(authorization) is { } credential)
            return await AuthenticateAsync(credential, request, requestId, cancellationToken);
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            throw new RestException(RestError.NotAuthorized, "The header Authorization holds neither a Bearer token nor an access key and secret as Basic.");
        string token = authorization[Bearer.Length..].Trim();
        return token is "" or NoToken ? null : (await FindAsync(token, request, requestId, cancellationToken)).Caller;
    }

    /// <summary>Verifies an access key and its secret.</summary>
    /// <exception cref="RestException">They are wrong, or too many were wrong before.</exception>
    public async ValueTask<Caller> AuthenticateAsync(ClientCredential shown, RestRequest request, string requestId, CancellationToken cancellationToken)
    {
        if (access.GetRefusal(request.Source, shown.Id) is { Ticks: > 0 } wait)
            throw new RestException(RestError.TooManyRequests, "Too many requests with a wrong secret; wait before you try again.") { RetryAfter = wait };
        var (caller, reason) = await FindAsync(shown, cancellationToken);
        if (caller is null && shown.Decoded is { } decoded)
            caller = (await FindAsync(decoded, cancellationToken)).Caller;
        access.RecordAuthentication(new(shown.Id, caller is not null, request.Source, caller is null ? reason : "", requestId));
        return caller ?? throw new RestException(RestError.NotAuthorized, "The access key does not exist, is disabled or has expired, or its secret or session token is wrong.");
    }

    private async ValueTask<(Caller? Caller, string Reason)> FindAsync(ClientCredential shown, CancellationToken cancellationToken)
    {
        var found = await access.FindAccessKeyAsync(shown.Id, shown.SessionToken, cancellationToken);
        if (found.Credential is not { } credential)
            return (null, found.Status.ToString());
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(credential.Secret), Encoding.UTF8.GetBytes(shown.Secret)) ? (credential.Caller, "") : (null, "WrongSecret");
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
}
