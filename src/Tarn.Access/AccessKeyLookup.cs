namespace Tarn.Access;

/// <summary>What became of looking for an access key.</summary>
public enum AccessKeyStatus
{
    /// <summary>The key may be used.</summary>
    Found,

    /// <summary>There is no such key, or its owner is gone (S3: InvalidAccessKeyId).</summary>
    NotFound,

    /// <summary>The key or its owner is disabled (S3: InvalidAccessKeyId, as AWS answers for inactive keys).</summary>
    Disabled,

    /// <summary>The key, or the session that it belongs to, is over (S3: ExpiredToken for a session, InvalidAccessKeyId for a key).</summary>
    Expired,

    /// <summary>The session token is missing, damaged, of another key, or revoked (S3: InvalidToken).</summary>
    InvalidToken,
}

/// <summary>The outcome of <see cref="IAccessControl.FindAccessKeyAsync"/>.</summary>
/// <param name="Status">Whether the key may be used, or why not.</param>
/// <param name="Credential">The key; null unless <see cref="AccessKeyStatus.Found"/>.</param>
public readonly record struct AccessKeyLookup(AccessKeyStatus Status, AccessCredential? Credential)
{
    /// <summary>A key that may not be used.</summary>
    public static AccessKeyLookup Refused(AccessKeyStatus status) => new(status, null);
}

/// <summary>An access key with its secret in clear. Never log it, and hold it no longer than the request but by weak reference: it lives as long as it is right.</summary>
/// <param name="AccessKeyId">The public half.</param>
/// <param name="Secret">The secret half.</param>
/// <param name="Caller">Who acts with it.</param>
public sealed record AccessCredential(string AccessKeyId, string Secret, Caller Caller)
{
    /// <summary>Without the secret, so that it cannot slip into a log.</summary>
    public override string ToString() => $"{AccessKeyId} of {Caller.Arn}";
}
