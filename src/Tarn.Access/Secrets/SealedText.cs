using System.Security.Cryptography;
using System.Text;

namespace Tarn.Access.Secrets;

/// <summary>
/// Encryption of small texts: AES-256-GCM with a random nonce of 12 bytes and a tag of 16 (NIST SP 800-38D). What a text is for is
/// authenticated with it, so that none can stand in the place of another. Bytes: nonce, cipher text, tag.
/// </summary>
internal static class SealedText
{
    private const int NonceBytes = 12, TagBytes = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, string purpose, ReadOnlySpan<byte> plain, Identities.IRandomSource random)
    {
        var sealedBytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        random.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(purpose));
        return sealedBytes;
    }

    /// <returns>The plain bytes; null when the key, the purpose or the bytes are not the ones sealed.</returns>
    public static byte[]? Open(ReadOnlySpan<byte> key, string purpose, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
            return null;
        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(sealedBytes[..NonceBytes], sealedBytes[NonceBytes..^TagBytes], sealedBytes[^TagBytes..], plain, Encoding.UTF8.GetBytes(purpose));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
