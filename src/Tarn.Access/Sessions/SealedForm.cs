using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tarn.Access.Identities;
using Tarn.Access.Secrets;

namespace Tarn.Access.Sessions;

/// <summary>How a token is made of what it says: JSON, sealed with the session key, in base64url behind a version.</summary>
/// <param name="Version">What the text begins with.</param>
/// <param name="Purpose">What it is for; sealed for one purpose, it opens for no other.</param>
/// <param name="Json">The JSON.</param>
/// <typeparam name="T">What it says.</typeparam>
internal sealed record SealedForm<T>(string Version, string Purpose, JsonTypeInfo<T> Json)
    where T : class
{
    /// <summary>The text that its holder gets.</summary>
    public string Seal(T token, ReadOnlySpan<byte> sessionKey, IRandomSource random) =>
        Version + Base64Url.EncodeToString(SealedText.Seal(sessionKey, Purpose, JsonSerializer.SerializeToUtf8Bytes(token, Json), random));

    /// <summary>Opens a token; null when it is none of this installation.</summary>
    public T? TryOpen(ReadOnlySpan<byte> sessionKey, string text)
    {
        if (!text.StartsWith(Version, StringComparison.Ordinal) || !Base64Url.IsValid(text.AsSpan(Version.Length)))
            return null;
        byte[]? plain = SealedText.Open(sessionKey, Purpose, Base64Url.DecodeFromChars(text.AsSpan(Version.Length)));
        return plain is null ? null : JsonSerializer.Deserialize(plain, Json);
    }
}
