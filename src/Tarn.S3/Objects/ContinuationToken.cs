using System.Buffers.Text;
using System.Text;
using Tarn.S3.Errors;

namespace Tarn.S3.Objects;

/// <summary>Where a listing goes on: the last entry of the page before, in base64url behind a version, so that other tokens are told apart.</summary>
internal static class ContinuationToken
{
    private const byte Version = 1;

    /// <summary>The token that goes on behind an entry.</summary>
    public static string Of(string entry) => Base64Url.EncodeToString([Version, .. Encoding.UTF8.GetBytes(entry)]);

    /// <summary>The entry behind which to go on; null for the empty token.</summary>
    /// <exception cref="S3Exception">InvalidArgument for a text that is no token.</exception>
    public static string? Read(string token)
    {
        if (token.Length == 0)
            return null;
        byte[] bytes = new byte[token.Length];
        // Decoding throws where the text is not Base64url at all.
        return Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out int length) && length > 1 && bytes[0] == Version && System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(1, length - 1))
            ? Encoding.UTF8.GetString(bytes, 1, length - 1)
            : throw new S3Exception(S3Error.InvalidArgument, "The continuation token provided is incorrect").With("ArgumentName", "continuation-token");
    }
}
