using Tarn.Access.Identities;
using Tarn.Access.Store;
using Tarn.Core.Errors;

namespace Tarn.Access.Sessions;

/// <summary>The outcome of looking at a bearer token.</summary>
/// <param name="Status">Whether it may be used, or why not; never <see cref="AccessKeyStatus.NotFound"/>.</param>
/// <param name="Caller">Who acts with it; null unless <see cref="AccessKeyStatus.Found"/>.</param>
/// <param name="Expires">Until when it is good, UTC.</param>
/// <param name="SessionToken">The session token of the temporary key that it stands for; null for a lasting key.</param>
public readonly record struct AccessTokenLookup(AccessKeyStatus Status, Caller? Caller, DateTimeOffset Expires, string? SessionToken = null);

/// <summary>A bearer token as issued.</summary>
/// <param name="Text">What its holder sends; as secret as the key.</param>
/// <param name="Expires">Until when it is good, UTC.</param>
public sealed record BearerToken(string Text, DateTimeOffset Expires)
{
    /// <summary>Without the text, so that it cannot slip into a log.</summary>
    public override string ToString() => $"bearer token until {Expires:u}";
}

/// <summary>
/// Issues and checks bearer tokens of access keys, for protocols whose clients show a secret once and a token afterwards. A token ends with its time, with
/// its key, and when the sessions of its user are revoked; that of a temporary key with its session at the latest. The session token of a temporary key is no
/// bearer token: it stands in presigned URLs, so whoever shows it has not shown the secret.
/// </summary>
public sealed class AccessTokenService
{
    private readonly AccessStates _states;
    private readonly AccessKeyFinder _keys;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;

    internal AccessTokenService(AccessStates states, AccessKeyFinder keys, TimeProvider time, IRandomSource random) =>
        (_states, _keys, _time, _random) = (states, keys, time, random);

    /// <summary>Issues a token to a caller that has just proved to hold its key.</summary>
    /// <param name="caller">Acts with a key.</param>
    /// <param name="lifetime">How long it is good; a session that ends before ends it.</param>
    /// <param name="sessionToken">The session token of a temporary key; null for a lasting one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">PermissionDenied for a caller without a key, or with one that a service has given for one purpose.</exception>
    public async ValueTask<BearerToken> IssueAsync(Caller caller, TimeSpan lifetime, string? sessionToken = null, CancellationToken cancellationToken = default)
    {
        if (caller.AccessKeyId.Length == 0 || (caller.SessionIssued is not null && sessionToken is null))
            throw new TarnException(ErrorKind.PermissionDenied, $"{caller.Arn} has shown no access key, or a temporary one without its session token, and gets no access token.");
        if (caller.Grant is not null)
            throw new TarnException(ErrorKind.PermissionDenied, $"{caller.Arn} acts with a key that a service has given for one purpose, and gets no access token for others.");
        var state = await _states.ReadAsync(cancellationToken).ConfigureAwait(false);
        var issued = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var expires = caller.SessionExpires is { } end && end < issued + lifetime ? end : issued + lifetime;
        var token = new AccessToken(caller.AccessKeyId, issued, expires, sessionToken);
        return new BearerToken(token.Seal(SessionKey(state), _random), token.Expires);
    }

    /// <summary>Who acts with a token.</summary>
    /// <param name="text">As sent.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TarnException">DataCorrupted when the stored key cannot be opened; Unavailable when the store cannot be read.</exception>
    public async ValueTask<AccessTokenLookup> FindAsync(string text, CancellationToken cancellationToken = default)
    {
        var state = await _states.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.Account is not { } account)
            return new AccessTokenLookup(AccessKeyStatus.InvalidToken, null, default);
        byte[] sessionKey = _keys.SessionKeyOf(account);
        return AccessToken.TryOpen(sessionKey, text) is { } token ? Find(state, token) : new AccessTokenLookup(AccessKeyStatus.InvalidToken, null, default);
    }

    private AccessTokenLookup Find(AccessState state, AccessToken token)
    {
        if (token.Expires <= _time.GetUtcNow())
            return new AccessTokenLookup(AccessKeyStatus.Expired, null, token.Expires);
        var found = _keys.Find(state, token.AccessKeyId, token.SessionToken);
        bool isRevoked = state.FindKey(token.AccessKeyId) is { } key && state.FindUser(key.User)?.SessionsValidFrom is { } from && token.Issued < from;
        return found.Credential is { } credential && !isRevoked
            ? new AccessTokenLookup(AccessKeyStatus.Found, credential.Caller, token.Expires, token.SessionToken)
            : new AccessTokenLookup(found.Status == AccessKeyStatus.Disabled ? AccessKeyStatus.Disabled : AccessKeyStatus.InvalidToken, null, token.Expires);
    }

    private byte[] SessionKey(AccessState state) =>
        _keys.SessionKeyOf(state.Account ?? throw TarnException.Corrupted("The installation has no account yet; start the server once."));
}
