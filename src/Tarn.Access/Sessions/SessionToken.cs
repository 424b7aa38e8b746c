using System.Text.Json;
using System.Text.Json.Serialization;
using Tarn.Access.Identities;

namespace Tarn.Access.Sessions;

/// <summary>
/// All about a temporary credential, sealed into the token that its holder sends with every request: nothing is stored, and every process
/// that has the session key can check it.
/// </summary>
/// <param name="AccessKeyId">The temporary key; the token is good for no other.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="CanonicalId">Of the user or role that it acts as.</param>
/// <param name="SessionName">Name of a role's session; null for a user's.</param>
/// <param name="Issued">When, UTC, whole seconds.</param>
/// <param name="Expires">Until when, UTC, whole seconds.</param>
/// <param name="ParentKeyId">The lasting key that asked for it: without it the session ends too. Null when a role or password asked.</param>
/// <param name="Policy">Session policy; null when there is none.</param>
/// <param name="PolicyNames">Managed policies that narrow the session together.</param>
/// <param name="Delegate">Name of the service that grants by <paramref name="Grant"/> alone, whatever the holder's own policies say; null for all other sessions. The policies narrow the holder.</param>
/// <param name="Grant">All that such a session may do.</param>
/// <param name="Subject">What it was granted for.</param>
/// <param name="HolderIssued">When the holder's own session was issued; null when they came with a lasting key or a password.</param>
internal sealed record SessionToken(
    string AccessKeyId,
    string Secret,
    string CanonicalId,
    string? SessionName,
    DateTimeOffset Issued,
    DateTimeOffset Expires,
    string? ParentKeyId,
    string? Policy,
    IReadOnlyList<string> PolicyNames,
    string? Delegate = null,
    string? Grant = null,
    string? Subject = null,
    DateTimeOffset? HolderIssued = null)
{
    private static readonly SealedForm<SessionToken> s_form = new("T1", "session token", SessionTokenJson.Default.SessionToken);

    /// <summary>The text that its holder gets.</summary>
    public string Seal(ReadOnlySpan<byte> sessionKey, IRandomSource random) => s_form.Seal(this, sessionKey, random);

    /// <summary>Opens a token; null when it is none of this installation.</summary>
    public static SessionToken? TryOpen(ReadOnlySpan<byte> sessionKey, string text) => s_form.TryOpen(sessionKey, text);

    /// <summary>Without the secret, so that it cannot slip into a log.</summary>
    public override string ToString() => $"session of {AccessKeyId}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionToken))]
internal sealed partial class SessionTokenJson : JsonSerializerContext;
