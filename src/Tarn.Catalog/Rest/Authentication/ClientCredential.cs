using System.Text;
using Tarn.Catalog.Rest.Errors;
using Tarn.Catalog.Rest.Requests;

namespace Tarn.Catalog.Rest.Authentication;

/// <summary>What a client shows: an access key and its secret.</summary>
/// <param name="Id">The access key.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="SessionToken">The session token of a temporary key; null for a lasting one.</param>
internal sealed record ClientCredential(string Id, string Secret, string? SessionToken = null)
{
    private const string Basic = "Basic ";

    /// <summary>
    /// The same for a client that encodes both as forms are (RFC 6749 §2.3.1, which clients of Iceberg do not do); null when nothing in them could be encoded.
    /// </summary>
    public ClientCredential? Decoded { get; private init; }

    /// <summary>Id and secret of a Basic header; null when it is no such header.</summary>
    /// <param name="authorization">The header.</param>
    /// <param name="sessionToken">The session token that came beside it, if any.</param>
    public static ClientCredential? TryReadBasic(string? authorization, string? sessionToken = null)
    {
        if (authorization is null || !authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        byte[] bytes = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[Basic.Length..].Trim(), bytes, out int length))
            return null;
        string pair = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return null;
        var (id, secret) = (pair[..colon], pair[(colon + 1)..]);
        return new(id, secret, sessionToken) { Decoded = Decode(id, secret, sessionToken) };
    }

    private static ClientCredential? Decode(string id, string secret, string? sessionToken)
    {
        try
        {
            var decoded = new ClientCredential(PathCoding.Decode(id), PathCoding.Decode(secret), sessionToken);
            return decoded.Id == id && decoded.Secret == secret ? null : decoded;
        }
        catch (RestException)
        {
            return null; // a percent sign in a secret that is not encoded
        }
    }
}
