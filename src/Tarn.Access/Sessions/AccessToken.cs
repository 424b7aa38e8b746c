using System.Text.Json;
using System.Text.Json.Serialization;
using Tarn.Access.Identities;

namespace Tarn.Access.Sessions;

/// <summary>
/// Who has proved to hold an access key, sealed into a text that protocols take instead of the key (OAuth2 bearer tokens): nothing is stored, and every
/// process that has the session key can check it.
/// </summary>
/// <param name="AccessKeyId">The key; without it the token ends too.</param>
/// <param name="Issued">When, UTC.</param>
/// <param name="Expires">Until when, UTC.</param>
/// <param name="SessionToken">What a temporary key is found by; null for a lasting one.</param>
internal sealed record AccessToken(string AccessKeyId, DateTimeOffset Issued, DateTimeOffset Expires, string? SessionToken = null)
{
    private static readonly SealedForm<AccessToken> s_form = new("A1", "access token", AccessTokenJson.Default.AccessToken);

    /// <summary>The text that its holder gets.</summary>
    public string Seal(ReadOnlySpan<byte> sessionKey, IRandomSource random) => s_form.Seal(this, sessionKey, random);

    /// <summary>Opens a token; null when it is none of this installation.</summary>
    public static AccessToken? TryOpen(ReadOnlySpan<byte> sessionKey, string text) => s_form.TryOpen(sessionKey, text);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(AccessToken))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
